"""What a learning-rate sweep suggests: fastai 2's four rules, none of which ever raises.

fastai keeps the curve in float32, where a straight line is no longer straight and two steps fall
differently; the rules find the same points only in the same precision.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from petstudio.api.events import RateRule, RateSuggestion
from petstudio.api.language import counted, tr

DEFAULT_ITERATIONS: Final = 100

_DROPPED_AT_END: Final = 5
_SLIDE_SPAN: Final = 15  # points between the two ends of the interval that slides
_SLIDE_THRESHOLD: Final = 0.005

Curve: TypeAlias = NDArray[np.float32]


def suggest(
    rates: Sequence[float], losses: Sequence[float], *, iterations: int = DEFAULT_ITERATIONS
) -> tuple[RateSuggestion, ...]:
    """Return one suggestion per rule, in the order of `RateRule`.

    Args:
        rates: of every step of the sweep, in order.
        losses: the smoothed loss of each of these steps.
        iterations: the number of steps that were planned; a sweep that diverged has fewer.
    """
    kept_rates, kept_losses = trimmed(rates, losses, iterations=iterations)
    with np.errstate(all="ignore"):  # differences of huge losses overflow; no rule minds
        x = np.asarray(kept_rates, np.float32)
        y = np.asarray(kept_losses, np.float32)
        return tuple(_apply(rule, kept_rates, x, y) for rule in _RULES)


def trimmed(
    rates: Sequence[float], losses: Sequence[float], *, iterations: int = DEFAULT_ITERATIONS
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the part of a sweep that the rules look at, as rates and losses.

    Without the first tenth of the planned steps and the last five, and only up to the first loss
    that is not a finite number (fastai: that is NaN; its sweep ends at an infinite one).
    """
    part = slice(iterations // 10, -_DROPPED_AT_END)
    with np.errstate(over="ignore"):
        finite = np.isfinite(np.asarray(losses[part], np.float32))
    length = len(finite) if finite.all() else int(np.argmin(finite))
    return tuple(rates[part][:length]), tuple(losses[part][:length])


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """`choose` gets rates and losses, at least `points` of them, and returns an index."""

    rule: RateRule
    points: int
    choose: Callable[[Curve, Curve], int]
    divisor: float = 1.0


def _apply(rule: _Rule, rates: Sequence[float], x: Curve, y: Curve) -> RateSuggestion:
    if len(y) < rule.points:
        reason = _too_short(len(y), rule.points)
        return RateSuggestion(rule=rule.rule, rate=float("nan"), reason=reason)
    return RateSuggestion(rule=rule.rule, rate=rates[rule.choose(x, y)] / rule.divisor)


def _too_short(points: int, fewest: int) -> str:
    if not points:
        return tr("The sweep leaves no points; this rule needs at least {fewest}.", fewest=fewest)
    return counted(
        points,
        "The sweep leaves {count} point; this rule needs at least {fewest}.",
        "The sweep leaves {count} points; this rule needs at least {fewest}.",
        fewest=fewest,
    )


def _valley(_rates: Curve, losses: Curve) -> int:
    """The middle of the longest fall, which is taken to be as wide as it has points (fastai)."""
    lengths = _fall_lengths(losses)
    longest = max(lengths)
    end = lengths.index(longest)
    start = end - longest if longest > 1 else 0
    third = (end - start) / 3
    # fastai's start may be -1: a curve of two falling points has its valley at the last one.
    return start + int(third) + int(third / 2)


def _fall_lengths(losses: Curve) -> list[int]:
    """Return for each point the length of the longest strictly falling subsequence that ends there.

    `ends[k]` is the end of the best subsequence of k + 1 points so far, negated so that it rises.
    """
    ends: list[float] = []
    lengths = []
    for value in (-losses).tolist():
        before = bisect_left(ends, value)
        ends[before : before + 1] = [value]
        lengths.append(before + 1)
    return lengths


def _slide(_rates: Curve, losses: Curve) -> int:
    """From the end to the left, until the slopes at both ends of an interval are alike."""
    slopes = np.gradient(losses)
    right = len(losses) - 1
    left = found = right - _SLIDE_SPAN
    while left >= 0 and abs(slopes[right] - slopes[left]) > _SLIDE_THRESHOLD:
        found = left
        left, right = left - 1, right - 1
    return found


def _minimum(_rates: Curve, losses: Curve) -> int:
    return int(np.argmin(losses))


def _steepest(rates: Curve, losses: Curve) -> int:
    # Rounded from float64, as numpy's own float32 logarithm differs from torch's in the last bit.
    logarithms = np.log(rates.astype(np.float64)).astype(np.float32)
    return int(np.argmin(np.diff(losses) / np.diff(logarithms)))


_RULES: Final = (
    _Rule(rule=RateRule.VALLEY, points=1, choose=_valley),
    _Rule(rule=RateRule.SLIDE, points=_SLIDE_SPAN + 1, choose=_slide),
    _Rule(rule=RateRule.MINIMUM, points=1, choose=_minimum, divisor=10.0),
    _Rule(rule=RateRule.STEEPEST, points=2, choose=_steepest),
)
