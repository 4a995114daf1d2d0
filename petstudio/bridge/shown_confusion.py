"""The confusion table as it is shown: in an order, as counts or in per cent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from petstudio.bridge.confusion_codes import Codes, codes_of
from petstudio.bridge.confusion_table import ConfusionTable, Pair


@dataclass(frozen=True, kw_only=True, eq=False)
class ShownConfusion:
    """Maps places (rows and columns on the screen) to classes, and back."""

    table: ConfusionTable
    order: NDArray[np.intp]
    as_percent: bool = False

    @property
    def size(self) -> int:
        return self.table.size

    @cached_property
    def codes(self) -> Codes:
        """The codes of the cells by place."""
        by_class = codes_of(self.table, as_percent=self.as_percent)
        return by_class[np.ix_(self.order, self.order)]

    @cached_property
    def _places(self) -> NDArray[np.intp]:
        return np.argsort(self.order)

    def pair(self, row: int, column: int) -> Pair:
        """Return the classes of a place."""
        return int(self.order[row]), int(self.order[column])

    def place(self, pair: Pair) -> tuple[int, int]:
        """Return the row and the column of two classes."""
        return int(self._places[pair[0]]), int(self._places[pair[1]])

    def places(self, pairs: Iterable[Pair]) -> NDArray[np.intp]:
        """Return rows and columns, (k, 2), of many pairs."""
        return self._places[np.array(list(pairs), dtype=np.intp).reshape(-1, 2)]

    def filled(self, rows: range, columns: range) -> frozenset[Pair]:
        """Return the classes of every cell of a block that has pictures."""
        block = self.codes[rows.start : rows.stop, columns.start : columns.stop]
        at = np.argwhere(block) + np.array((rows.start, columns.start))
        return frozenset(map(tuple, self.order[at].tolist()))

    def worst(self, rows: range, columns: range) -> tuple[int, int]:
        """Return the row and the column of the worst cell of a block."""
        block = self.codes[rows.start : rows.stop, columns.start : columns.stop]
        row, column = divmod(int(block.argmax()), len(columns))
        return rows.start + row, columns.start + column
