"""The bar at the bottom: the running job, or how the last one ended; at its end, the engine."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar

from petstudio.api.language import tr
from petstudio.bridge.activity import spoken_time_left
from petstudio.bridge.engine_link import EngineState
from petstudio.bridge.job_log import JobLog
from petstudio.bridge.runner import JobRunner, JobState
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.activity_panel import ACTIVITY_LOOKS, show_progress
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.text import ElidedText, Text

_HEIGHT: Final = 32
_BAR_WIDTH: Final = 160
_ENGINE: Final = {
    EngineState.STARTING: tr("Engine starting"),
    EngineState.READY: tr("Engine ready"),
    EngineState.RESTARTED: tr("Engine restarted"),
    EngineState.STOPPED: tr("Engine stopped"),
}
_SAFE_MODE: Final = tr("Safe mode")
_LEAVE_SAFE: Final = tr("Restart with all plugins")
_ENGINE_HELP: Final = tr(
    "Training runs in a process of its own, the engine. "
    "It starts with the program, and again by itself with the next job if it should stop."
)


class StatusBar(QFrame):
    """Follows the runner; can stop what it shows."""

    activity_requested = Signal()
    plugins_wanted = Signal()
    """The way out of safe mode."""

    def __init__(self, theme: Theme, runner: JobRunner) -> None:
        super().__init__()
        self._theme = theme
        self._runner = runner
        self.log = JobLog(runner, self)
        self._activity = Button(
            theme, tr("Activity"), kind="ghost", small=True, name="status.activity"
        )
        self._icon = QLabel()
        self._text = ElidedText(tr("Ready"), kind="small")
        self._text.setObjectName("status.text")
        self._bar = QProgressBar()
        self._left = Text(kind="small", tone="text2")
        self._engine = Text(kind="small", tone="text3")
        self._safe = Text(_SAFE_MODE, kind="small", tone="warn")
        self._leave_safe = Button(
            theme, _LEAVE_SAFE, kind="link", small=True, name="status.leave_safe_mode"
        )
        self._stop = Button(theme, tr("Stop"), kind="ghost", small=True, name="status.stop")
        self.setObjectName("statusBar")
        self._build()
        self.log.changed.connect(self._show_line)
        self._activity.clicked.connect(self.activity_requested)
        self._stop.clicked.connect(runner.cancel)
        self._leave_safe.clicked.connect(self.plugins_wanted)
        theme.changed.connect(self._draw_icon)
        self._show_line()

    def show_text(self, text: str) -> None:
        """Say something while no job is running."""
        if self._runner.state is JobState.IDLE:
            self._text.set_full_text(text)

    @Slot(object)
    def show_engine(self, state: EngineState) -> None:
        """Say how the engine process is."""
        self._engine.setText(_ENGINE[state])
        self._engine.show()

    def show_safe_mode(self) -> None:
        """Say that no plugin of others was loaded, and offer the way back."""
        self._safe.show()
        self._leave_safe.show()

    def show_activity_tip(self, tip: str) -> None:
        self._activity.setToolTip(tip)

    def _build(self) -> None:
        self._engine.setObjectName("status.engine")
        self._engine.setToolTip(_ENGINE_HELP)
        self._engine.hide()
        self._safe.setObjectName("status.safe_mode")
        self._safe.hide()
        self._leave_safe.hide()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(_BAR_WIDTH)
        self._bar.setAccessibleName(tr("Progress of the running job"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addWidget(self._text)
        row.addWidget(self._bar)
        row.addWidget(self._left)
        row.addWidget(self._stop)
        row.addStretch(1)
        row.addWidget(self._safe)
        row.addWidget(self._leave_safe)
        row.addWidget(self._engine)
        row.addWidget(self._activity)
        self.setMinimumHeight(_HEIGHT)

    @Slot()
    def _show_line(self) -> None:
        line, state = self.log.line, self._runner.state
        if line.text:
            self._text.set_full_text(self.log.text)
        show_progress(self._bar, line)
        self._left.setVisible(self.log.is_busy and line.time_left is not None)
        if line.time_left is not None:
            self._left.setText(spoken_time_left(line.time_left))
        self._stop.setVisible(self.log.is_busy)
        self._stop.setEnabled(state is not JobState.STOPPING)
        self._stop.setText(tr("Stopping…") if state is JobState.STOPPING else tr("Stop"))
        self._draw_icon()

    @Slot()
    def _draw_icon(self) -> None:
        name, token = ACTIVITY_LOOKS[self.log.line.kind]
        self._icon.setPixmap(self._theme.icon(name, token).pixmap(QSize(16, 16)))
