"""The buttons and keys that start, pause, resume and stop a run."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMenu, QWidget

from petstudio.api.language import tr
from petstudio.bridge.runner import JobState
from petstudio.ui.acts import Act
from petstudio.ui.key_map import KeyAction
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button

_STOP: Final = tr("Stop")
_STOP_AFTER: Final = tr("Stop after this epoch, to be resumed")
_STOP_AFTER_TIP: Final = tr(
    "The epoch is finished and checked; the run can be resumed from its end."
)
_STOP_TIP: Final = tr("The model as it is now is saved as the result of this run.")
_DISCARD_TIP: Final = tr("The run goes to the trash as it is, and can be put back from there.")
_LOOKS: Final = {
    JobState.IDLE: (tr("Start"), "play-fill", tr("Train with this recipe")),
    JobState.RUNNING: (tr("Pause"), "pause-fill", tr("Wait after this batch; nothing is lost")),
    JobState.PAUSED: (tr("Resume"), "play-fill", tr("Go on with the next batch")),
    JobState.STOPPING: (tr("Stopping"), "stop-fill", _STOP_TIP),
}


class RunButtons(QObject):
    """One filled button that changes its meaning with the state, and a menu to stop."""

    go_wanted = Signal()
    """Start, or resume."""
    pause_wanted = Signal()
    stop_wanted = Signal()
    stop_after_epoch_wanted = Signal()
    discard_wanted = Signal()

    def __init__(self, theme: Theme, page: QWidget) -> None:
        super().__init__(page)
        self._state = JobState.IDLE
        self._why_not = ""
        self.stop = Button(theme, _STOP, name="training.stop")
        self.primary = Button(theme, kind="primary", icon="play-fill", name="training.start")
        self._stop_now = KeyAction(Act.STOP_NOW, page, self.stop_wanted.emit)
        self._stop_after = KeyAction(
            Act.STOP_AFTER, page, self.stop_after_epoch_wanted.emit, _STOP_AFTER
        )
        self._discard = KeyAction(Act.DISCARD, page, self.discard_wanted.emit)
        self._go = KeyAction(Act.GO, page, self.go_wanted.emit)
        self._pause = KeyAction(Act.PAUSE, page, self.pause_wanted.emit)
        self._build_menu()
        self.primary.clicked.connect(self._do_primary)
        for action in (self._go, self._pause):
            action.changed.connect(self._show)
        self._theme = theme
        self._draw_danger()
        theme.changed.connect(self._draw_danger)

    def show_state(self, state: JobState, why_not: str) -> None:
        """Show what can be done; `why_not` is the reason why a run cannot start, if it cannot."""
        self._state, self._why_not = state, why_not
        self._show()

    @Slot()
    def _show(self) -> None:
        state, why_not = self._state, self._why_not
        text, icon, tip = _LOOKS[state]
        if state is not JobState.STOPPING:
            tip = (self._pause if state is JobState.RUNNING else self._go).tip(tip)
        self.primary.setText(text)
        self.primary.set_icon(icon)
        self.primary.set_ready(not why_not and state is not JobState.STOPPING, why_not or tip)
        if self.primary.isEnabled():
            self.primary.setToolTip(tip)
        can_stop = state in (JobState.RUNNING, JobState.PAUSED)
        self.stop.setVisible(state is not JobState.IDLE)
        self.stop.setEnabled(can_stop)
        self._stop_now.setEnabled(can_stop)
        self._discard.setEnabled(can_stop)
        self._stop_after.setEnabled(can_stop)

    def _build_menu(self) -> None:
        self._stop_now.setToolTip(_STOP_TIP)
        self._stop_after.setToolTip(_STOP_AFTER_TIP)
        self._discard.setToolTip(_DISCARD_TIP)
        menu = QMenu(self.stop)
        menu.setToolTipsVisible(True)
        menu.addAction(self._stop_after)
        menu.addAction(self._stop_now)
        menu.addSeparator()
        menu.addAction(self._discard)
        self.stop.setMenu(menu)
        self.stop.setProperty("menu", True)

    @Slot()
    def _draw_danger(self) -> None:
        self._discard.setIcon(self._theme.icon("trash", "err"))

    @Slot()
    def _do_primary(self) -> None:
        if self._state is JobState.RUNNING:
            self.pause_wanted.emit()
        else:
            self.go_wanted.emit()
