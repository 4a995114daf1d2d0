"""How sure a share of right pictures is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

_NORMAL_95: Final = 1.96  # standard deviations that hold 95 % of a normal distribution


@dataclass(frozen=True, kw_only=True)
class Accuracy:
    """`correct` of `images` are right."""

    correct: int
    images: int

    @property
    def share(self) -> float:
        """Between 0 and 1; 0 without pictures."""
        return self.correct / self.images if self.images else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share."""
        return wilson_interval(self.correct, self.images)


def wilson_interval(correct: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927); (0, 1) without pictures."""
    if not count:
        return 0.0, 1.0
    z = _NORMAL_95
    share = correct / count
    middle = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
