"""The jobs at the right of the window: the running one with its bar, the others with their end."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from petstudio.api.language import tr
from petstudio.bridge.activity import ActivityKind, ActivityLine, spoken_time_left
from petstudio.bridge.job_log import EndedJob, JobLog
from petstudio.bridge.runner import JobRunner, JobState
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.letters_wide import LettersWide
from petstudio.ui.widgets.text import Text

_TITLE: Final = tr("Activity")
_NOTHING: Final = tr("No job has run since the start.")
_IDLE: Final = tr("No job is running.")
_LETTERS: Final = 42
_AROUND: Final = 24
_STEPS: Final = 1000
ACTIVITY_LOOKS: Final = {
    ActivityKind.NONE: ("check-circle", "text3"),
    ActivityKind.BUSY: ("play-circle-fill", "accent"),
    ActivityKind.DONE: ("check-circle-fill", "ok"),
    ActivityKind.STOPPED: ("info", "text2"),
    ActivityKind.FAILED: ("warning-fill", "err"),
}


class ActivityPanel(QFrame):
    closed = Signal()
    """It shall go away."""

    def __init__(self, theme: Theme, log: JobLog, runner: JobRunner) -> None:
        super().__init__()
        self._theme = theme
        self._log = log
        self._runner = runner
        self._now = Text(wraps=True)
        self._bar = QProgressBar()
        self._left = Text(kind="small", tone="text2")
        self._stop = Button(theme, tr("Stop"), small=True, name="activity.stop")
        self._close = Button(theme, kind="ghost", icon="x", small=True, name="activity.close")
        self._rows = QVBoxLayout()
        self.setObjectName("inspector")
        self.setAccessibleName(_TITLE)
        LettersWide(self, _LETTERS, room=_AROUND)
        self._build()
        self._stop.clicked.connect(runner.cancel)
        self._close.clicked.connect(self.closed)
        log.changed.connect(self._show_now)
        log.ended_changed.connect(self._show_ended)
        theme.changed.connect(self._show_ended)
        self._show_now()
        self._show_ended()

    def _build(self) -> None:
        self._now.setObjectName("activity.now")
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress of the running job"))
        self._close.setAccessibleName(tr("Close"))
        self._close.setToolTip(tr("Close"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(_line(Text(_TITLE, kind="section"), self._close))
        layout.addWidget(self._now)
        layout.addWidget(self._bar)
        layout.addLayout(_line(self._left, self._stop))
        layout.addWidget(self._build_scroll(), 1)

    def _build_scroll(self) -> QScrollArea:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 8, 8, 0)
        self._rows.setSpacing(12)
        column.addLayout(self._rows)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        for widget in (inner, scroll.viewport()):  # the ground is that of the panel
            widget.setAutoFillBackground(False)
        return scroll

    @Slot()
    def _show_now(self) -> None:
        line, is_busy = self._log.line, self._log.is_busy
        is_stopping = self._runner.state is JobState.STOPPING
        self._now.setText(self._log.text if is_busy else _IDLE if self._log.ended else _NOTHING)
        show_progress(self._bar, line)
        self._left.setText(spoken_time_left(line.time_left) if line.time_left else "")
        self._left.setVisible(is_busy)
        self._stop.setVisible(is_busy)
        self._stop.setEnabled(not is_stopping)
        self._stop.setText(tr("Stopping…") if is_stopping else tr("Stop"))

    @Slot()
    def _show_ended(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for job in self._log.ended:
            self._rows.addWidget(self._row(job))

    def _row(self, job: EndedJob) -> QWidget:
        name, token = ACTIVITY_LOOKS[job.line.kind]
        icon = QLabel()
        icon.setPixmap(self._theme.icon(name, token).pixmap(QSize(16, 16)))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Text(job.line.text, wraps=True))
        for notice in job.notices:
            words.addWidget(Text(notice, kind="small", tone="text2", wraps=True))
        words.addWidget(Text(job.at, kind="caption"))
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        return row


def show_progress(bar: QProgressBar, line: ActivityLine) -> None:
    """Let a bar show how far the running job is; without a job it is not there."""
    bar.setVisible(line.kind is ActivityKind.BUSY)
    bar.setRange(0, _STEPS if line.total else 0)
    if line.total:
        bar.setValue(_STEPS * line.done // line.total)


def _line(text: Text, button: Button) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(text, 1)
    row.addWidget(button)
    return row
