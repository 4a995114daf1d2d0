"""The confused pairs as a list for the window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt

from petstudio.api.events import ConfusedPair
from petstudio.api.language import tr
from petstudio.bridge.confusion_codes import error_shades
from petstudio.bridge.confusion_table import Pair
from petstudio.bridge.models import Index, spoken_label

_NO_INDEX: Final = QModelIndex()


class ConfusedPairModel(QAbstractListModel):
    """Gives each pair and where its count stands on the ramp of errors."""

    PAIR: Final = Qt.ItemDataRole.UserRole.value
    SHADE: Final = PAIR + 1

    def __init__(self) -> None:
        super().__init__()
        self._pairs: tuple[ConfusedPair, ...] = ()
        self._shades: list[float] = []
        self._indices: tuple[Pair, ...] = ()
        self._rows: dict[Pair, int] = {}

    def show_pairs(self, pairs: Sequence[ConfusedPair], classes: Sequence[str]) -> None:
        index = {name: number for number, name in enumerate(classes)}
        self.beginResetModel()
        self._pairs = tuple(pairs)
        self._shades = error_shades(np.array([pair.count for pair in pairs], dtype=float)).tolist()
        self._indices = tuple((index[pair.actual], index[pair.predicted]) for pair in pairs)
        self._rows = {pair: row for row, pair in enumerate(self._indices)}
        self.endResetModel()

    def pair(self, row: int) -> Pair:
        """Return the indices of the classes of a row."""
        return self._indices[row]

    def row(self, pair: Pair) -> int | None:
        """Return where a pair stands; None if it is not in the list."""
        return self._rows.get(pair)

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._pairs)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        pair = self._pairs[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            actual, predicted = spoken_label(pair.actual), spoken_label(pair.predicted)
            return tr(
                "{actual} taken for {predicted}: {count:,}",
                actual=actual,
                predicted=predicted,
                count=pair.count,
            )
        if role == self.PAIR:
            return pair
        return self._shades[index.row()] if role == self.SHADE else None
