"""One learning rate, or two that span a range: as people write and read them.

Both travel as the tuple that a recipe's stage has: `(rate,)` or `(low, high)`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, TypeAlias

from petstudio.api.errors import InputError
from petstudio.api.language import tr
from petstudio.bridge.figures import exact_rate_text, rate_text

Rates: TypeAlias = tuple[float, ...]

_HIGHEST: Final = 100.0  # that a recipe takes
_HOW_TO_WRITE: Final = tr("Write it like 3e-3 or 0.003.")


def two_digits(rate: float) -> float:
    """Return the rate as it is shown, so that what is applied is what was read."""
    return float(rate_text(rate))


def rate_at(place: float, bounds: tuple[float, float]) -> float:
    """Return the rate at a place on the log10 axis, with two digits, within the bounds."""
    return held_within(two_digits(10.0**place), bounds)


def held_within(rate: float, bounds: tuple[float, float]) -> float:
    """Return the rate, or where it is outside the nearest one inside that has two digits."""
    low, high = bounds
    if rate < low:
        return _two_digits_by(math.ceil, low)
    return _two_digits_by(math.floor, high) if rate > high else rate


def field_text(rate: float) -> str:
    """Return the rate for a field: two digits where they are the whole rate, else all of them."""
    return rate_text(rate) if two_digits(rate) == rate else exact_rate_text(rate)


def read_rate(text: str) -> float:
    """Return the rate that somebody wrote: 3e-3, 0.003 or 1e-6.

    Raises:
        InputError: it is none.
    """
    try:
        rate = float(text)
    except ValueError:
        rate = math.nan
    if math.isnan(rate) or "_" in text:
        what = (
            tr("“{strip}” is no number.", strip=text.strip())
            if text.strip()
            else tr("There is no rate.")
        )
        raise InputError(what, cure=_HOW_TO_WRITE)
    if not 0 < rate <= _HIGHEST:
        raise InputError(
            tr("A rate is above 0 and at most {highest:g}.", highest=_HIGHEST), cure=_HOW_TO_WRITE
        )
    return rate


def decades_text(low: float, high: float) -> str:
    """Return how far two rates are apart: 2 decades."""
    decades = round(math.log10(high / low), 1)
    return tr("1 decade") if decades == 1 else tr("{decades:g} decades", decades=decades)


def _two_digits_by(rounded: Callable[[float], int], rate: float) -> float:
    exponent = math.floor(math.log10(rate)) - 1
    # What has two digits already stays, whatever the last bit of the division is.
    count = float(f"{rate / 10.0**exponent:.9f}")
    return float(f"{rounded(count)}e{exponent}")
