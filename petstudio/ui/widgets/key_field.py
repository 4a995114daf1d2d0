"""A field that shows keys and takes those that are pressed in it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

from petstudio.api.language import tr

_WAITING: Final = tr("Press the keys")
_NONE: Final = tr("none")
_MODIFIERS: Final = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
)
_NOTHING: Final = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
_LEAVING: Final = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Up, Qt.Key.Key_Down)
_STARTING: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_F2)
_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier


class KeyField(QLineEdit):
    """Waits for keys after Enter, Space or a click; Backspace gives none, Esc leaves them."""

    pressed = Signal(object)
    """The QKeySequence, which may be empty."""

    def __init__(self, spoken: str, *, name: str) -> None:
        super().__init__()
        self._text = ""
        self._is_waiting = False
        self.setReadOnly(True)
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_keys(self, text: str) -> None:
        self._text = text
        self._stop_waiting()

    def event(self, event: QEvent) -> bool:
        # Before the keys mean what they mean everywhere else.
        if event.type() == QEvent.Type.ShortcutOverride and self._is_waiting:
            event.accept()
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._press(event) or super().event(event)
        return super().event(event)

    def mousePressEvent(self, _event: QEvent) -> None:
        self._start_waiting()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._stop_waiting()

    def _press(self, event: QKeyEvent) -> bool:
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        is_bare = modifiers in (Qt.KeyboardModifier.NoModifier, _SHIFT)
        if not self._is_waiting:
            if is_bare and key in _STARTING:
                self._start_waiting()
                return True
            return False
        if is_bare and key in _LEAVING:
            return False
        if key not in _MODIFIERS:
            self._take(key, modifiers, is_bare=is_bare)
        return True

    def _take(self, key: Qt.Key, modifiers: Qt.KeyboardModifier, *, is_bare: bool) -> None:
        self._stop_waiting()
        if is_bare and key == Qt.Key.Key_Escape:
            return
        is_none = is_bare and key in _NOTHING
        own = modifiers & ~Qt.KeyboardModifier.KeypadModifier
        self.pressed.emit(QKeySequence() if is_none else QKeySequence(QKeyCombination(own, key)))

    def _start_waiting(self) -> None:
        self.setFocus()
        self._is_waiting = True
        self.setText(_WAITING)

    def _stop_waiting(self) -> None:
        self._is_waiting = False
        self.setText(self._text or _NONE)
