"""A column of a table in which few different values stand many times."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from typing import Generic, Self, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Mask: TypeAlias = NDArray[np.bool_]
Rows: TypeAlias = NDArray[np.int64]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, eq=False)
class Coded(Generic[T]):
    """Each value is held once; the rows have its place among the `values`."""

    values: tuple[T, ...]
    codes: NDArray[np.int32]

    @classmethod
    def of(cls, column: Iterable[T]) -> Self:
        places: dict[T, int] = {}
        codes = [places.setdefault(value, len(places)) for value in column]
        return cls(values=tuple(places), codes=np.array(codes, dtype=np.int32))

    def __getitem__(self, row: int) -> T:
        return self.values[int(self.codes[row])]

    def each(self, rows: slice | Rows | Mask = slice(None)) -> list[T]:
        """Return the values of all or some rows."""
        return [self.values[code] for code in self.codes[rows].tolist()]

    def among(self, values: Container[T]) -> Mask:
        """Return which rows have one of these values."""
        wanted = np.array([value in values for value in self.values], dtype=np.bool_)
        return wanted[self.codes]

    def used(self, rows: Mask) -> list[T]:
        """Return the different values of some rows."""
        return list(self.counts(rows))

    def counts(self, rows: Mask) -> dict[T, int]:
        """Return in how many of some rows each value stands, where it does."""
        counts = np.bincount(self.codes[rows], minlength=len(self.values)).tolist()
        return {value: n for value, n in zip(self.values, counts, strict=True) if n}

    def take(self, rows: Mask) -> Self:
        """Return a column of only these rows."""
        return replace(self, codes=self.codes[rows])

    def put(self, rows: Rows, other: Self) -> Self:
        """Return the column with other values in some rows; itself where nothing is other."""
        if self.each(rows) == other.each():
            return self
        column, new = self._with(other)
        codes = self.codes.copy()
        codes[rows] = new
        return replace(column, codes=codes)

    def plus(self, other: Self) -> Self:
        """Return the column with more rows at its end."""
        column, new = self._with(other)
        return replace(column, codes=np.concatenate([self.codes, new]))

    def _with(self, other: Self) -> tuple[Self, NDArray[np.int32]]:
        """Return the column knowing the values of another one, too, and the other's codes in it."""
        places = {value: place for place, value in enumerate(self.values)}
        codes = [places.setdefault(value, len(places)) for value in other.values]
        return replace(self, values=tuple(places)), np.array(codes, dtype=np.int32)[other.codes]
