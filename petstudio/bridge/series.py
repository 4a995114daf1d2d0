"""Numbers that grow for as long as a run lasts, ready to be drawn."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

_FIRST_CAPACITY: Final = 1024


class Series:
    """Rows of float64 columns in one array that doubles when it is full.

    A view handed out stays valid and unchanged while rows are appended.
    """

    def __init__(self, columns: int) -> None:
        self._rows = np.empty((columns, _FIRST_CAPACITY))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, *values: float) -> None:
        capacity = self._rows.shape[1]
        if self._count == capacity:
            grown = np.empty((self._rows.shape[0], 2 * capacity))
            grown[:, :capacity] = self._rows
            self._rows = grown
        self._rows[:, self._count] = values
        self._count += 1

    def column(self, index: int) -> NDArray[np.float64]:
        """Return one column without copying it."""
        return self._rows[index, : self._count]
