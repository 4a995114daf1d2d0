"""The foot of the finder: what is safe, the button that runs or stops, the one that applies."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from petstudio.bridge.live_sweep import LiveSweep
from petstudio.ui.theme import Theme
from petstudio.ui.widgets import finder_words as words
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.icon_line import IconLine


class FinderFooter(QWidget):
    """One button both runs and stops, as a sweep either goes or does not."""

    run_wanted = Signal()
    stop_wanted = Signal()
    apply_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._is_going = False
        self._is_stopping = False
        self._why_not_run = ""
        self._safety = IconLine(theme, name="training.finder.safety")
        self.run = Button(theme, words.RUN, icon="play-fill", name="training.finder.run")
        self.apply = Button(
            theme, words.apply_words(0), kind="primary", icon="check-bold",
            name="training.finder.apply",
        )  # fmt: skip
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._safety, 1)
        row.addWidget(self.run)
        row.addWidget(self.apply)
        self.run.clicked.connect(self._run_or_stop)
        self.apply.clicked.connect(self.apply_wanted)

    def show_stage(self, index: int, name: str) -> None:
        """Tell which stage, counted from 0, the rates go to."""
        self.apply.setText(words.apply_words(index))
        self.apply.setAccessibleDescription(name)

    def show_why_not_apply(self, why_not: str) -> None:
        """Open the button, or say why it is closed."""
        self.apply.set_ready(not why_not, why_not)

    def show_why_not_run(self, why_not: str) -> None:
        """Say why no sweep can begin now; empty if one can."""
        self._why_not_run = why_not
        self._open_run()

    def show_sweep(self, sweep: LiveSweep | None) -> None:
        self._is_going = sweep is not None and sweep.is_going
        self._is_stopping = self._is_stopping and self._is_going
        if self._is_going:
            self._safety.say(words.DURING)
            self._name_run(words.STOPPING if self._is_stopping else words.STOP, "stop-fill")
        elif sweep is None:
            self._safety.say(words.BEFORE)
            self._name_run(words.RUN, "play-fill")
        else:
            self._safety.say(words.AFTER, icon="shield-check", tone="ok")
            self._name_run(words.RUN_AGAIN, "arrow-clockwise")
        self._open_run()

    def _name_run(self, text: str, icon: str) -> None:
        if self.run.text() != text:
            self.run.setText(text)
            self.run.set_icon(icon)

    def _open_run(self) -> None:
        stopping = words.STOPPING if self._is_stopping else ""
        why_not = stopping if self._is_going else self._why_not_run
        self.run.set_ready(not why_not, why_not)

    @Slot()
    def _run_or_stop(self) -> None:
        if not self._is_going:
            self.run_wanted.emit()
            return
        self._is_stopping = True
        self._name_run(words.STOPPING, "stop-fill")
        self._open_run()
        self.stop_wanted.emit()
