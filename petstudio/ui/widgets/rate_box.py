"""A field for one learning rate: 3e-3, 0.003 and 1e-6 are all understood."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit

from petstudio.bridge.rate_range import field_text, read_rate
from petstudio.ui.widgets.letters_wide import LettersWide
from petstudio.ui.widgets.text import plain_tip, restyle

_LETTERS: Final = 8  # of the longest usual rate
_ROOM: Final = 24  # border and padding


class RateBox(QLineEdit):
    """Writes what it understood in the usual way once the user leaves it."""

    typed = Signal()

    def __init__(self, spoken: str, *, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setProperty("mono", True)
        LettersWide(self, _LETTERS, room=_ROOM)
        self.textEdited.connect(self._on_edited)
        self.editingFinished.connect(self._on_left)
        self._problem = ""

    @property
    def problem(self) -> str:
        return self._problem

    def rate(self) -> float:
        """Return the rate in the field, or the one it suggests while it is empty.

        Raises:
            InputError: what stands there is none.
        """
        return read_rate(self.text() or self.placeholderText())

    def show_rate(self, rate: float) -> None:
        """Show a rate without a signal."""
        self.setText(field_text(rate))
        self.show_problem("")

    def suggest(self, rate: float) -> None:
        """Be empty, with a rate in grey."""
        self.clear()
        self.setPlaceholderText(field_text(rate))
        self.show_problem("")

    def show_problem(self, problem: str) -> None:
        """Mark the field, or take the mark away with an empty sentence."""
        self._problem = problem
        state = "error" if problem else ""
        self.setToolTip(plain_tip(problem))
        self.setAccessibleDescription(problem)
        if (self.property("state") or "") != state:
            self.setProperty("state", state)
            restyle(self)

    @Slot(str)
    def _on_edited(self, _text: str) -> None:
        self.typed.emit()

    @Slot()
    def _on_left(self) -> None:
        if self.text() and not self._problem:
            self.show_rate(self.rate())
