"""What several schedules share."""

from __future__ import annotations

import math
from typing import Final

MOMENTUM: Final = 0.9


def cosine(start: float, end: float, position: float) -> float:
    """Return the value at `position` in 0..1 of half a cosine wave from start to end."""
    return start + (end - start) * (1 - math.cos(math.pi * position)) / 2
