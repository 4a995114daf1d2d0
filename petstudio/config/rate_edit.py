"""A change of the rates that are still to come in a stage, as plain values."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from petstudio.api.errors import OptionError
from petstudio.api.language import tr

LARGEST_FACTOR: Final = 1e12
_POINTS: Final = "points"


@dataclass(frozen=True, kw_only=True)
class RateEdit:
    """Multiplies what the schedule of a stage says, for every layer group alike.

    Attributes:
        stage: counted from 0.
        points: epochs of the stage, growing, each with the factor that holds at its start.

    Raises:
        OptionError: points in no order, or a factor that is not above 0 or beyond all measure.
    """

    stage: int
    points: tuple[tuple[int, float], ...] = ()

    def __post_init__(self) -> None:
        _require(self.stage >= 0, "stage", tr("it must be 0 or more."))
        epochs = [epoch for epoch, _ in self.points]
        is_sorted = all(a < b for a, b in pairwise(epochs))
        _require(is_sorted, _POINTS, tr("epochs must grow from one point to the next."))
        _require(not epochs or epochs[0] >= 0, _POINTS, tr("epochs count from 0."))
        for epoch, factor in self.points:
            _require(
                1 / LARGEST_FACTOR <= factor <= LARGEST_FACTOR,
                _POINTS,
                tr(
                    "the factor {factor:g} of epoch {epoch} is not {smallest:g} to {largest:g}.",
                    factor=factor,
                    epoch=epoch,
                    smallest=1 / LARGEST_FACTOR,
                    largest=LARGEST_FACTOR,
                ),
            )

    def factor(self, epoch: float) -> float:
        """Return the factor so many epochs after the start of the stage; parts of one count.

        It is 1 before the first point, from each point to the next it changes by equal factors in
        equal times, and behind the last one it stays.
        """
        after = bisect_right(self.points, epoch, key=lambda point: point[0])
        if after == 0:
            return 1.0
        start, low = self.points[after - 1]
        if after == len(self.points):
            return low
        end, high = self.points[after]
        part = (epoch - start) / (end - start)
        return low * math.exp(part * math.log(high / low))


def _require(holds: bool, option: str, what: str) -> None:
    if not holds:
        raise OptionError(option, what)
