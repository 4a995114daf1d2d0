"""Each cell of a confusion grid as a number that a lookup table turns into a colour.

0 is an empty cell; then come the hits, from the best recall to the worst; then the errors, from the
smallest to the largest. So the worst of several cells is the largest of their codes.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from petstudio.bridge.confusion_table import ConfusionTable, Shares

Codes: TypeAlias = NDArray[np.uint16]

SHADES: Final = 1024  # of each ramp; fine enough to be the formulas' colours
_FAINTEST_ERROR: Final = 0.18
_FAINTEST_HIT: Final = 0.25
_HIT_SPAN: Final = 0.55
_ERROR_POWER: Final = 0.6  # below 1, so that single errors are seen beside many


def error_shades(sizes: Shares) -> Shares:
    """Return where errors of these sizes, each above 0, stand on the ramp; the largest is at 1."""
    largest = sizes.max(initial=0)
    return np.asarray(_FAINTEST_ERROR + (1 - _FAINTEST_ERROR) * (sizes / largest) ** _ERROR_POWER)


def hit_shades(recalls: Shares) -> Shares:
    """Return where the hits of classes with these recalls stand on the ramp."""
    return _FAINTEST_HIT + _HIT_SPAN * recalls


def codes_of(table: ConfusionTable, *, as_percent: bool) -> Codes:
    """Return the codes of all cells; in per cent, an error is as large as its share of the row."""
    codes = np.zeros(table.counts.shape, dtype=np.uint16)
    rows, columns = np.nonzero(table.errors)
    if len(rows):
        bases = table.totals[rows] if as_percent else np.ones(len(rows))
        sizes = table.errors[rows, columns] / bases
        codes[rows, columns] = SHADES + 1 + _levels(error_shades(sizes))
    seen = np.flatnonzero(table.hits)
    codes[seen, seen] = SHADES - _levels(hit_shades(table.recalls[seen]))
    return codes


def pooled(codes: Codes, side: int) -> Codes:
    """Return `side` x `side` codes, each the worst of the cells that fall on it."""
    starts = np.arange(side) * len(codes) // side
    rows = np.maximum.reduceat(codes, starts, axis=0)
    return np.asarray(np.maximum.reduceat(rows, starts, axis=1), dtype=np.uint16)


def _levels(shades: Shares) -> NDArray[np.uint16]:
    return np.rint(shades * (SHADES - 1)).astype(np.uint16)
