"""The bar at the bottom: the running job, or how the last one ended; at its end, the engine."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar

from petstudio.api.events import Event
from petstudio.bridge.activity import Activity, ActivityKind, spoken_time_left
from petstudio.bridge.engine_link import EngineState
from petstudio.bridge.runner import JobRunner, JobState
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.text import ElidedText, Text

_HEIGHT: Final = 32
_BAR_WIDTH: Final = 160
_BAR_STEPS: Final = 1000
_LOOK: Final = {
    ActivityKind.NONE: ("check-circle", "text3"),
    ActivityKind.BUSY: ("play-circle-fill", "accent"),
    ActivityKind.DONE: ("check-circle-fill", "ok"),
    ActivityKind.STOPPED: ("info", "text2"),
    ActivityKind.FAILED: ("warning-fill", "err"),
}
_ENGINE: Final = {
    EngineState.STARTING: "Engine starting",
    EngineState.READY: "Engine ready",
    EngineState.RESTARTED: "Engine restarted",
    EngineState.STOPPED: "Engine stopped",
}
_ENGINE_HELP: Final = (
    "Training runs in a process of its own, the engine. "
    "It starts with the program, and again by itself with the next job if it should stop."
)


class StatusBar(QFrame):
    """Follows the runner; can stop what it shows."""

    def __init__(self, theme: Theme, runner: JobRunner) -> None:
        super().__init__()
        self._theme = theme
        self._runner = runner
        self._activity = Activity()
        self._icon = QLabel()
        self._text = ElidedText("Ready", kind="small")
        self._text.setObjectName("status.text")
        self._bar = QProgressBar()
        self._left = Text(kind="small", tone="text2")
        self._engine = Text(kind="small", tone="text3")
        self._stop = Button(theme, "Stop", kind="ghost", small=True, name="status.stop")
        self.setObjectName("statusBar")
        self._build()
        runner.events_arrived.connect(self._take_events)
        runner.state_changed.connect(self._take_state)
        self._stop.clicked.connect(runner.cancel)
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

    def _build(self) -> None:
        self._engine.setObjectName("status.engine")
        self._engine.setToolTip(_ENGINE_HELP)
        self._engine.hide()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(_BAR_WIDTH)
        self._bar.setAccessibleName("Progress of the running job")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addWidget(self._text)
        row.addWidget(self._bar)
        row.addWidget(self._left)
        row.addWidget(self._stop)
        row.addStretch(1)
        row.addWidget(self._engine)
        self.setMinimumHeight(_HEIGHT)

    @Slot(object)
    def _take_events(self, events: tuple[Event, ...]) -> None:
        for event in events:
            self._activity.feed(event)
        self._show_line()

    @Slot(object)
    def _take_state(self, state: JobState) -> None:
        if state is JobState.RUNNING and self._activity.line.kind is not ActivityKind.BUSY:
            self._activity.begin(self._runner.title)
        self._stop.setEnabled(state is not JobState.STOPPING)
        self._stop.setText("Stopping…" if state is JobState.STOPPING else "Stop")
        self._show_line()

    def _show_line(self) -> None:
        line = self._activity.line
        is_busy = line.kind is ActivityKind.BUSY
        if line.text:
            paused = ", paused" if self._runner.state is JobState.PAUSED else ""
            self._text.set_full_text(f"{line.text}{paused}")
        self._bar.setVisible(is_busy)
        self._bar.setRange(0, _BAR_STEPS if line.total else 0)
        if line.total:
            self._bar.setValue(_BAR_STEPS * line.done // line.total)
        self._left.setVisible(is_busy and line.time_left is not None)
        if line.time_left is not None:
            self._left.setText(spoken_time_left(line.time_left))
        self._stop.setVisible(is_busy)
        self._draw_icon()

    @Slot()
    def _draw_icon(self) -> None:
        name, token = _LOOK[self._activity.line.kind]
        self._icon.setPixmap(self._theme.icon(name, token).pixmap(QSize(16, 16)))
