"""What is to be known before the pets photos are fetched: size, source, licence, and place."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from petstudio.api.language import tr
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.dialogs import Question
from petstudio.ui.widgets.path_question import ask_folder
from petstudio.ui.widgets.text import ElidedText, Text

_TITLE: Final = tr("Fetch the full pets photos?")
_TEXT: Final = tr(
    "37 breeds, 7,390 photos, for the whole tutorial. A fetch that is stopped goes on where it "
    "was the next time."
)
_PLACE: Final = tr("Where to keep the photos")


class PetsQuestion(Question):
    """Nothing goes over the network before the button is pressed."""

    agreed = Signal(object)
    """The folder to keep them in."""

    def __init__(
        self, theme: Theme, facts: tuple[tuple[str, str], ...], folder: Path, parent: QWidget
    ) -> None:
        """`facts` are words and what they say, such as ("Size", "792 MB")."""
        super().__init__(theme, _TITLE, _TEXT, parent)
        self._folder = folder
        self._place = ElidedText(in_the_middle=True)
        self._facts = QGridLayout()
        self._facts.setSpacing(8)
        self._facts.setColumnStretch(1, 1)
        self._column.addLayout(self._facts)
        self.setObjectName("pets.question")
        for word, fact in facts:
            self._add_fact(word, Text(fact, wraps=True))
        self._add_fact(tr("Kept in"), self._place)
        other = self.add_button(Button(theme, tr("Another folder…"), name="pets.place"))
        cancel = self.add_button(Button(theme, tr("Cancel"), name="pets.cancel"))
        fetch = self.add_button(Button(theme, tr("Fetch"), kind="primary", name="pets.fetch"))
        cancel.setDefault(True)
        self.finish()
        self._take_place(folder)
        other.clicked.connect(self._ask_for_place)
        cancel.clicked.connect(self.reject)
        fetch.clicked.connect(self._agree)

    def _add_fact(self, word: str, fact: QWidget) -> None:
        row = self._facts.rowCount()
        self._facts.addWidget(Text(word, kind="label"), row, 0)
        self._facts.addWidget(fact, row, 1)

    @Slot()
    def _ask_for_place(self) -> None:
        ask_folder(self, _PLACE, str(self._folder), self._take_place)

    def _take_place(self, folder: Path) -> None:
        self._folder = folder
        self._place.set_full_text(str(folder))

    @Slot()
    def _agree(self) -> None:
        self.accept()
        self.agreed.emit(self._folder)
