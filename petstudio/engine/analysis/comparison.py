"""Two runs on the same pictures: what became better, what worse, and whether that is chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from petstudio.api.language import tr
from petstudio.engine.predictions import Predictions

_UNLIKELY: Final = 0.05
_SMALLEST_SHOWN: Final = 0.001


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Keys of the pictures that both runs have predicted, in the order of the second run."""

    fixed: tuple[int, ...]
    broken: tuple[int, ...]
    both_wrong: tuple[int, ...]
    both_right: tuple[int, ...]

    @property
    def images(self) -> int:
        parts = (self.fixed, self.broken, self.both_wrong, self.both_right)
        return sum(len(part) for part in parts)

    @property
    def chance(self) -> float:
        """How likely two equally good runs differ at least so much (McNemar 1947, exact)."""
        return two_sided_chance(len(self.fixed), len(self.broken))

    @property
    def verdict(self) -> str:
        """One sentence for people."""
        if not self.images:
            return tr("The two runs have no pictures in common.")
        fixed, broken = len(self.fixed), len(self.broken)
        if not fixed and not broken:
            return tr("Both runs are right and wrong on the same pictures.")
        if fixed == broken:
            return tr(
                "{fixed:,} fixed and {broken:,} broken: there is no difference.",
                fixed=fixed,
                broken=broken,
            )
        if self.chance < _UNLIKELY:
            said = tr(
                "{fixed:,} fixed and {broken:,} broken: the difference is unlikely to be chance "
                "({p}).",
                fixed=fixed,
                broken=broken,
                p=self._p,
            )
        else:
            said = tr(
                "{fixed:,} fixed and {broken:,} broken: the difference may be chance ({p}).",
                fixed=fixed,
                broken=broken,
                p=self._p,
            )
        return said

    @property
    def _p(self) -> str:
        if self.chance < _SMALLEST_SHOWN:
            return f"p < {_SMALLEST_SHOWN}"
        return f"p = {self.chance:.2g}"


def compare(before: Predictions, after: Predictions) -> Comparison:
    """Compare by the keys; the two runs may have different class lists."""
    was_right = dict(zip(before.keys.tolist(), _is_right(before).tolist(), strict=True))
    parts: dict[tuple[bool, bool], list[int]] = {}
    for key, is_right in zip(after.keys.tolist(), _is_right(after).tolist(), strict=True):
        if key in was_right:
            parts.setdefault((was_right[key], is_right), []).append(key)
    return Comparison(
        fixed=tuple(parts.get((False, True), ())),
        broken=tuple(parts.get((True, False), ())),
        both_wrong=tuple(parts.get((False, False), ())),
        both_right=tuple(parts.get((True, True), ())),
    )


def two_sided_chance(one: int, other: int) -> float:
    """Return the chance that so many fair throws fall at least so unevenly."""
    throws, fewer = one + other, min(one, other)
    ways = term = 1
    for count in range(fewer):
        term = term * (throws - count) // (count + 1)
        ways += term
    return min(1.0, 2 * ways / (1 << throws))


def _is_right(predictions: Predictions) -> NDArray[np.bool_]:
    return np.asarray(predictions.predicted == predictions.targets)
