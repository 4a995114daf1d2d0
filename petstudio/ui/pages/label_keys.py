"""The keys of the Label page: they act only while the pictures have the focus."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from petstudio.bridge.class_keys import LEAD, ClassKeys


class LabelAction(Enum):
    """What a key does to the selected pictures, or where it goes."""

    ACCEPT = auto()
    REPEAT = auto()
    EXCLUDE = auto()
    RIGHT = auto()
    NONE = auto()
    CLEAR = auto()
    TAG = auto()
    NEXT_OPEN = auto()
    MODE = auto()
    BACK = auto()
    FORWARD = auto()
    FIND = auto()


_KEYS: Final[Mapping[int, LabelAction]] = {
    Qt.Key.Key_Return: LabelAction.ACCEPT,
    Qt.Key.Key_Enter: LabelAction.ACCEPT,
    Qt.Key.Key_R: LabelAction.REPEAT,
    Qt.Key.Key_X: LabelAction.EXCLUDE,
    Qt.Key.Key_K: LabelAction.RIGHT,
    Qt.Key.Key_N: LabelAction.NONE,
    Qt.Key.Key_Delete: LabelAction.CLEAR,
    Qt.Key.Key_T: LabelAction.TAG,
    Qt.Key.Key_U: LabelAction.NEXT_OPEN,
    Qt.Key.Key_G: LabelAction.MODE,
    Qt.Key.Key_A: LabelAction.BACK,
    Qt.Key.Key_D: LabelAction.FORWARD,
    Qt.Key.Key_Slash: LabelAction.FIND,
}
_PLAIN: Final = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class LabelKeys(QObject):
    """Watches the widgets that show pictures; `codes` are those of the classes of today."""

    pressed = Signal(object)
    """A LabelAction."""
    class_typed = Signal(str)
    """The class whose code was typed."""
    typing = Signal(str)
    """The beginning of a code, empty when it is over."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.codes = ClassKeys()
        self._typed = ""

    def watch(self, *widgets: QWidget) -> None:
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            is_plain = event.modifiers() in _PLAIN
            return (is_plain and self._do(event)) or super().eventFilter(watched, event)
        if event.type() == QEvent.Type.FocusOut:
            self._type("")
        return super().eventFilter(watched, event)

    def _do(self, event: QKeyEvent) -> bool:
        text = event.text().lower()
        if self._typed and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Backspace):
            self._type("")
            return True
        if text and (self._typed or text == LEAD or text in self.codes.by_code):
            self._take(self._typed + text)
            return True
        action = _KEYS.get(event.key())
        if action is not None:
            self.pressed.emit(action)
        return action is not None

    def _take(self, typed: str) -> None:
        name = self.codes.by_code.get(typed)
        self._type(typed if name is None and self.codes.follows(typed) else "")
        if name is not None:
            self.class_typed.emit(name)

    def _type(self, typed: str) -> None:
        if typed != self._typed:
            self._typed = typed
            self.typing.emit(typed)
