"""Which cells of the confusion grid are selected, and which one the keys move from."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto

import numpy as np
from PySide6.QtCore import QObject, Signal

from petstudio.bridge.confusion_table import Pair
from petstudio.bridge.models import spoken_label
from petstudio.bridge.shown_confusion import ShownConfusion


class Take(Enum):
    """What becomes of what was selected before."""

    ONLY = auto()
    ADD = auto()
    REMOVE = auto()


class CellSelection(QObject):
    """Speaks of classes, not of places, so that it outlives every change of the order."""

    changed = Signal()
    """Other cells are selected, or another one is the current one."""
    chosen = Signal(object)
    """The pairs that the user selected, a frozenset."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown: ShownConfusion | None = None
        self.pairs: frozenset[Pair] = frozenset()
        self.current: Pair | None = None

    def show_confusion(self, shown: ShownConfusion) -> None:
        """Take another order or other counts; other classes end the selection."""
        before = self._shown.table.classes if self._shown else ()
        self._shown = shown
        if before != shown.table.classes:
            self.select(())

    def select(self, pairs: Iterable[Pair]) -> None:
        """Select these without `chosen`; the first of them is the current one."""
        ordered = tuple(pairs)
        self.pairs = frozenset(ordered)
        if self.current not in self.pairs:
            self.current = ordered[0] if ordered else None
        self.changed.emit()

    def take(self, pairs: frozenset[Pair], how: Take, current: Pair) -> None:
        """Select what the user chose, add it, or remove it."""
        self.current = current
        match how:
            case Take.ONLY:
                self.pairs = pairs
            case Take.ADD:
                self.pairs |= pairs
            case Take.REMOVE:
                self.pairs -= pairs
        self.changed.emit()
        self.chosen.emit(self.pairs)

    def clear(self) -> None:
        """Select nothing, as the user wants it; the current cell stays where it is."""
        self.pairs = frozenset()
        self.changed.emit()
        self.chosen.emit(self.pairs)

    def begin(self) -> None:
        """See to it that the keys have a cell to move from: at first the largest error."""
        if self.current is None and self._shown is not None and self._shown.size:
            errors = self._shown.table.errors_by_size
            self.current = _as_pair(errors[0]) if len(errors) else self._shown.pair(0, 0)
            self.changed.emit()

    def move(self, rows: int, columns: int, how: Take = Take.ONLY) -> None:
        """Go so many places on, at most to the edge, and take the cell there."""
        if self._shown is None or not self._shown.size:
            return
        last = self._shown.size - 1
        row, column = self._shown.place(self.current) if self.current else (0, 0)
        if self.current is not None:
            row, column = min(max(0, row + rows), last), min(max(0, column + columns), last)
        pair = self._shown.pair(row, column)
        self.take(frozenset((pair,)), how, pair)

    def step_error(self, step: int) -> None:
        """Take the error that is larger by so many places; from a hit on it is the largest."""
        errors = self._shown.table.errors_by_size if self._shown else np.empty((0, 2))
        if not len(errors):
            return
        at = np.flatnonzero((errors == (self.current or (-1, -1))).all(axis=1))
        place = max(0, min(int(at[0]) - step, len(errors) - 1)) if len(at) else 0
        pair = _as_pair(errors[place])
        self.take(frozenset((pair,)), Take.ONLY, pair)

    def find(self, text: str, *, from_next: bool = False) -> bool:
        """Go to the hits of a class with this text in its name; False if there is none.

        Exact names come first, then beginnings. With `from_next`, look on from the current class.
        """
        found = self._matches(text)
        if not found:
            return False
        here = self.current[0] if self.current else None
        place = (found.index(here) + 1) % len(found) if from_next and here in found else 0
        pair = found[place], found[place]
        self.take(frozenset((pair,)), Take.ONLY, pair)
        return True

    def _matches(self, text: str) -> list[int]:
        wanted = spoken_label(text).casefold()
        classes = self._shown.table.classes if self._shown and wanted else ()
        names = [spoken_label(name).casefold() for name in classes]
        found = [number for number, name in enumerate(names) if wanted in name]
        return sorted(
            found,
            key=lambda number: (names[number] != wanted, not names[number].startswith(wanted)),
        )


def _as_pair(row: np.ndarray) -> Pair:
    return int(row[0]), int(row[1])
