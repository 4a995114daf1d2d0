"""Axes of a plot: what range they show, where a value lies on them, and their ticks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Values = NDArray[np.float64]

_MARGIN: Final = 0.04  # of the range, so that a curve does not touch the frame
_LARGEST: Final = 1e300  # beyond it differences overflow
_STEPS: Final = (1, 2, 5, 10)


@dataclass(frozen=True, kw_only=True)
class Axis:
    """`limits` are the lowest and highest value shown; None shows everything.

    A logarithmic axis (to base 10) has no place for values of 0 and below.
    """

    label: str = ""
    limits: tuple[float, float] | None = None
    logarithmic: bool = False

    def __post_init__(self) -> None:
        if self.limits is None:
            return
        low, high = self.limits
        if not low < high or not math.isfinite(high - low) or (self.logarithmic and low <= 0):
            raise ValueError(f"{self.limits} are no limits of an axis")


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A place on the axis in 0..1; without text it is a small tick between two others."""

    place: float
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Maps values to places; `low` and `high` are exponents where the axis is logarithmic."""

    low: float
    high: float
    logarithmic: bool

    def places(self, values: ArrayLike) -> Values:
        """Return where values lie, 0..1 inside the limits; NaN where they have no place."""
        return (_positions(values, logarithmic=self.logarithmic) - self.low) / (
            self.high - self.low
        )

    def ticks(self, most: int) -> tuple[Tick, ...]:
        """Return ticks at round numbers, about as many with text as `most`."""
        if not self.logarithmic:
            return self._ticks_at(_round_numbers(self.low, self.high, most))
        decades = range(math.ceil(self.low - 1e-9), math.floor(self.high + 1e-9) + 1)
        if len(decades) >= 2:
            return self._decade_ticks(decades, math.ceil(len(decades) / max(1, most)))
        return self._ticks_at(_round_numbers(10**self.low, 10**self.high, most))

    def _decade_ticks(self, decades: Sequence[int], stride: int) -> tuple[Tick, ...]:
        named = [
            Tick(place=self._share(decade), text=f"1e{decade}")
            for decade in decades
            if decade % stride == 0
        ]
        first, last = decades[0] - 1, decades[-1] + 1
        digits = range(2, 10) if stride == 1 else ()
        between = [
            self._share(decade + math.log10(digit))
            for decade in range(first, last)
            for digit in digits
        ]
        return (*named, *(Tick(place=place) for place in between if 0 <= place <= 1))

    def _ticks_at(self, numbers: tuple[Sequence[float], float]) -> tuple[Tick, ...]:
        values, step = numbers
        places = self.places(values)
        return tuple(
            Tick(place=float(place), text=_text(value, step))
            for value, place in zip(values, places, strict=True)
            if -1e-9 <= place <= 1 + 1e-9
        )

    def _share(self, position: float) -> float:
        return (position - self.low) / (self.high - self.low)


def scale_of(axis: Axis, values: Iterable[ArrayLike]) -> Scale:
    """Return the scale that shows the axis's limits or, without limits, all the values."""
    if axis.limits is not None:
        low, high = _positions(axis.limits, logarithmic=axis.logarithmic)
        return Scale(low=float(low), high=float(high), logarithmic=axis.logarithmic)
    parts = [_positions(part, logarithmic=axis.logarithmic).ravel() for part in values]
    known = np.concatenate([np.zeros(0), *parts])
    known = known[np.isfinite(known)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    room = (high - low) * _MARGIN
    if high - low <= 1e-9 * abs(high):  # all alike: in the middle, whatever the unit is
        room = 0.5 if axis.logarithmic else abs(high) / 2 or 1.0
    return Scale(low=low - room, high=high + room, logarithmic=axis.logarithmic)


def _positions(values: ArrayLike, *, logarithmic: bool) -> Values:
    array = np.asarray(values, np.float64)
    array = np.where(np.isfinite(array), np.clip(array, -_LARGEST, _LARGEST), np.nan)
    if not logarithmic:
        return array
    return np.log10(np.where(array > 0, array, np.nan))


def _round_numbers(low: float, high: float, most: int) -> tuple[list[float], float]:
    """Return the multiples of 1, 2 or 5 times a power of ten in a range, and their distance."""
    wanted = (high - low) / max(1, most)
    power = 10.0 ** math.floor(math.log10(wanted))
    step = next(power * factor for factor in _STEPS if power * factor >= wanted * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)], step


def _text(value: float, step: float) -> str:
    """Write a tick with as many digits as tell it from the next one."""
    place = math.floor(math.log10(step) + 1e-9)
    if abs(value) < step / 2:
        return "0"
    if place >= -4 and abs(value) < 1e6:
        return f"{value:.{max(0, -place)}f}"
    size = math.floor(math.log10(abs(value)) + 1e-9)
    digits, exponent = f"{value:.{max(0, size - place)}e}".split("e")
    return f"{digits}e{int(exponent)}"
