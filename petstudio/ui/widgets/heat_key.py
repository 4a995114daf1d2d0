"""H held over pictures: where the model looked."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

_KEY: Final = Qt.Key.Key_H
_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier
_MODIFIERS: Final = (Qt.KeyboardModifier.NoModifier, _SHIFT)


class HeatKey(QObject):
    """Letting go ends it, and so does the loss of the focus; a button can hold it as well."""

    held = Signal(bool)
    """Whether the true class is asked for (Shift), not what the model took the picture for."""
    released = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_held = False

    def watch(self, *widgets: QWidget) -> None:
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.release()
        if not isinstance(event, QKeyEvent) or event.key() != _KEY:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.KeyRelease and not event.isAutoRepeat():
            self.release()
        if event.type() != QEvent.Type.KeyPress or event.modifiers() not in _MODIFIERS:
            return False
        if not event.isAutoRepeat():
            self._hold(is_actual=event.modifiers() == _SHIFT)
        return True

    @Slot()
    def hold(self) -> None:
        self._hold(is_actual=False)

    @Slot()
    def release(self) -> None:
        if self.is_held:
            self.is_held = False
            self.released.emit()

    def _hold(self, *, is_actual: bool) -> None:
        self.is_held = True
        self.held.emit(is_actual)
