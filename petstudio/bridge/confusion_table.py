"""How often each class was taken for each other one, and what follows from that."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Counts: TypeAlias = NDArray[np.int64]
Shares: TypeAlias = NDArray[np.float64]
Pair: TypeAlias = tuple[int, int]
"""The indices of an actual and of a predicted class."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ConfusionTable:
    """Rows of `counts` are actual classes, columns are predicted ones."""

    counts: Counts
    classes: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.counts.shape != (self.size, self.size):
            raise ValueError(f"{self.counts.shape} counts for {self.size} classes")

    @property
    def size(self) -> int:
        return len(self.classes)

    @cached_property
    def totals(self) -> Counts:
        """How many pictures each class really has."""
        return np.asarray(self.counts.sum(axis=1))

    @cached_property
    def hits(self) -> Counts:
        return self.counts.diagonal()

    @cached_property
    def errors(self) -> Counts:
        """The counts without those that are right."""
        wrong = self.counts.copy()
        np.fill_diagonal(wrong, 0)
        return wrong

    @cached_property
    def recalls(self) -> Shares:
        return _shares(self.hits, self.totals)

    @cached_property
    def precisions(self) -> Shares:
        return _shares(self.hits, self.counts.sum(axis=0))

    @cached_property
    def f1(self) -> Shares:
        """The harmonic mean of precision and recall."""
        return _shares(2 * self.hits, self.totals + self.counts.sum(axis=0))

    @cached_property
    def errors_by_size(self) -> NDArray[np.intp]:
        """All wrong cells as (k, 2) pairs, largest first; ties by actual, then predicted class."""
        rows, columns = np.nonzero(self.errors)
        order = np.argsort(-self.errors[rows, columns], kind="stable")
        return np.stack((rows[order], columns[order]), axis=1)

    def share(self, pair: Pair) -> float:
        """Which part of the pictures of the actual class is in this cell."""
        total = int(self.totals[pair[0]])
        return int(self.counts[pair]) / total if total else 0.0


def _shares(parts: Counts, wholes: Counts) -> Shares:
    """Divide; nothing of nothing is 0, as scikit-learn has it."""
    return np.asarray(parts / np.maximum(wholes, 1), dtype=np.float64)
