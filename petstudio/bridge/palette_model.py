"""What the command palette offers, narrowed down to what was typed, the best first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

_MOST: Final = 200
_START_OF_WORD: Final = 8
_NEXT_TO_EACH_OTHER: Final = 9
_NO_INDEX: Final = QModelIndex()


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One line of the palette; `kind` is a word for what it is, `do` is called when it is taken."""

    text: str
    kind: str
    do: Callable[[], object]
    keys: str = ""
    icon: str = ""


class PaletteModel(QAbstractListModel):
    OFFER: Final = Qt.ItemDataRole.UserRole

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[Offer, ...] = ()
        self._shown: tuple[Offer, ...] = ()

    def offer(self, offers: Iterable[Offer]) -> None:
        self._all = tuple(offers)
        self.narrow("")

    def narrow(self, typed: str) -> None:
        """Keep what holds the typed letters in their order."""
        self.beginResetModel()
        self._shown = ranked(self._all, typed)[:_MOST]
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = 0
    ) -> Any:  # as Qt has it
        if not index.isValid():
            return None
        offer = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return offer.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (offer.text, offer.kind, offer.keys)))
        return offer if role == self.OFFER else None


def ranked(offers: Iterable[Offer], typed: str) -> tuple[Offer, ...]:
    """Return what matches, the best first; equally good ones keep their order."""
    letters = "".join(typed.casefold().split())
    scores = [(offer, score(offer.text.casefold(), letters)) for offer in offers]
    found = [(offer, points) for offer, points in scores if points is not None]
    return tuple(offer for offer, _ in sorted(found, key=lambda pair: -pair[1]))


def score(text: str, letters: str) -> int | None:
    """Tell how well letters stand for a text that has them in their order; None if it has not.

    Letters at the start of words, and those next to each other, count more; so do short texts.
    """
    if not letters:
        return 0
    starts = [at for at, letter in enumerate(text) if letter == letters[0]]
    tries = (_score_from(text, letters, at, _leap) for at in starts)
    found = [points for points in tries if points is not None]
    if not found and starts:  # a leap may pass what only a step finds, never the other way
        stepped = _score_from(text, letters, starts[0], str.find)
        return None if stepped is None else stepped - len(text) // 8
    return max(found) - len(text) // 8 if found else None


def _score_from(
    text: str, letters: str, start: int, find: Callable[[str, str, int], int]
) -> int | None:
    points, last, at = 0, -2, start
    for letter in letters:
        at = find(text, letter, max(last + 1, start))
        if at < 0:
            return None
        points += _NEXT_TO_EACH_OTHER if at == last + 1 else 0
        points += _START_OF_WORD if _begins_word(text, at) else 0
        last = at
    return points


def _leap(text: str, letter: str, start: int) -> int:
    """Return where the letter is: right here, at the start of a later word, or anywhere later."""
    at = text.find(letter, start)
    word = text.find(f" {letter}", start)
    return word + 1 if at != start and word >= 0 else at


def _begins_word(text: str, at: int) -> bool:
    return at == 0 or not text[at - 1].isalnum()
