"""The field that jumps to a class of the confusion grid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from petstudio.api.language import tr
from petstudio.ui.widgets.letters_wide import LettersWide
from petstudio.ui.widgets.text import restyle

_HINT: Final = tr("Find a class")
_LETTERS: Final = 26
_ROOM: Final = 12


class ClassFinder(QLineEdit):
    """Goes to the first match while typing; Enter goes on to the next, Esc closes."""

    def __init__(self, find: Callable[[str, bool], bool], parent: QWidget) -> None:
        """`find` takes the text, and if it shall look on from where it is; it tells of success."""
        super().__init__(parent)
        self._owner = parent
        self._find = find
        self.setObjectName("evaluate.confusion.find")
        self.setAccessibleName(_HINT)
        self.setPlaceholderText(_HINT)
        LettersWide(self, _LETTERS, room=_ROOM)
        self.textEdited.connect(self._on_edited)
        self.hide()

    def open(self) -> None:
        self.show()
        self.raise_()
        self.selectAll()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.hide()
            self._owner.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._look(is_next=True)
        else:
            super().keyPressEvent(event)

    def _look(self, *, is_next: bool) -> None:
        is_found = not self.text() or self._find(self.text(), is_next)
        self.setProperty("state", "" if is_found else "error")
        restyle(self)

    @Slot()
    def _on_edited(self) -> None:
        self._look(is_next=False)
