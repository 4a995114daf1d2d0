"""The triangular schedule of L. N. Smith, "Cyclical learning rates", 2015."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from petstudio.api import SchedulePlan, SchedulePoint, integer, number

from .curves import MOMENTUM


@dataclass(frozen=True, kw_only=True)
class CyclicalOptions:
    cycles: int = integer(4, minimum=1, maximum=1000, label="Cycles", help="In the whole stage.")
    div: float = number(
        10.0,
        minimum=1.0,
        maximum=1e6,
        label="Divisor",
        help="The lowest rate is the highest one divided by this.",
        logarithmic=True,
    )


def build_cyclical(options: CyclicalOptions, plan: SchedulePlan) -> Callable[[int], SchedulePoint]:
    lowest = 1 / options.div

    def point(step: int) -> SchedulePoint:
        phase = step * options.cycles / plan.steps % 1.0
        height = 1 - abs(2 * phase - 1)
        return SchedulePoint(lowest + (1 - lowest) * height, MOMENTUM)

    return point
