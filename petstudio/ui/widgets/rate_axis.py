"""The axis of learning rates: a view in log10 units with a tick at each decade."""

from __future__ import annotations

import math
from typing import Final

import pyqtgraph as pg

_LABEL_WIDTH: Final = 44  # pixels that "1e-10" takes with room around it
_MINOR: Final = tuple(math.log10(digit) for digit in range(2, 10))
_DECADE: Final = 1.0
_WITHIN: Final = 0.1  # only tells the lines between two decades from the decades


class RateAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Lines at 2 to 9 have no text, unless no two decades are in sight."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self._names_all = False
        # It would lay out the title anew for each range, and there is none.
        self.enableAutoSIPrefix(False)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        decades = list(range(math.ceil(low), math.floor(high) + 1))
        self._names_all = len(decades) < 2
        fitting = max(1.0, size / _LABEL_WIDTH)
        stride = max(1, math.ceil(len(decades) / fitting))
        if stride > 1:
            return [(_DECADE, [float(place) for place in decades if place % stride == 0])]
        between = [
            decade + digit
            for decade in range(math.floor(low), math.floor(high) + 1)
            for digit in _MINOR
            if low <= decade + digit <= high
        ]
        return [(_DECADE, [float(place) for place in decades]), (_WITHIN, between)]

    def tickStrings(self, values: list[float], _scale: float, spacing: float) -> list[str]:
        if spacing < _DECADE and not self._names_all:
            return [""] * len(values)
        return [tick_text(value) for value in values]


def tick_text(place: float) -> str:
    """Return the rate at a tick: 1e-4, 2e-4; 1 and 10 as they are."""
    decade = math.floor(place + 1e-9)
    digit = round(10.0 ** (place - decade))
    return str(digit * 10**decade) if 0 <= decade <= 2 else f"{digit}e{decade}"
