"""A field with its name above it."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from petstudio.ui.widgets.letters_wide import LettersWide
from petstudio.ui.widgets.text import Text, plain_tip, restyle

_ROOM: Final = 24  # border and padding of a field
_ARROW_ROOM: Final = 44


class LabelledField(QWidget):
    """Shows by its border that the value cannot be used; the sentence is its tool tip.

    So is the reason why it cannot be changed.

    `letters` is the width of the field, as many figures as shall stand in it.
    """

    def __init__(
        self, label: str, editor: QWidget, *, name: str, letters: int, tip: str = ""
    ) -> None:
        super().__init__()
        self.label = label
        self.editor = editor
        self._tip = tip
        self._problem = self._why_not = ""
        caption = Text(label, kind="small")
        caption.setBuddy(editor)
        editor.setObjectName(name)
        editor.setAccessibleName(label)
        editor.setToolTip(plain_tip(tip))
        room = _ARROW_ROOM if isinstance(editor, QComboBox) else _ROOM
        LettersWide(editor, letters, room=room)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(caption)
        layout.addWidget(editor)

    def show_problem(self, problem: str) -> None:
        """Mark the field, or take the mark away with an empty sentence."""
        state = "error" if problem else ""
        self._problem = problem
        self._show_tip()
        if (self.editor.property("state") or "") != state:
            self.editor.setProperty("state", state)
            restyle(self.editor)

    def lock(self, why_not: str) -> None:
        """Let the value be changed only where there is no reason against it."""
        self._why_not = why_not
        self.editor.setEnabled(not why_not)
        self._show_tip()

    def _show_tip(self) -> None:
        self.editor.setToolTip(plain_tip(self._why_not or self._problem or self._tip))
