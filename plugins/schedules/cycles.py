"""Schedules that begin anew: triangles (L. N. Smith, 2015), cosines (Loshchilov, Hutter, 2016)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from petstudio.api import SchedulePlan, SchedulePoint, integer, number
from petstudio.api.language import tr

from .curves import MOMENTUM, cosine


@dataclass(frozen=True, kw_only=True)
class CyclicalOptions:
    cycles: int = integer(
        4, minimum=1, maximum=1000, label=tr("Cycles"), help=tr("In the whole stage.")
    )
    div: float = number(
        10.0,
        minimum=1.0,
        maximum=1e6,
        label=tr("Divisor"),
        help=tr("The lowest rate is the highest one divided by this."),
        logarithmic=True,
    )


@dataclass(frozen=True, kw_only=True)
class RestartOptions:
    cycles: int = integer(
        3, minimum=1, maximum=20, label=tr("Cycles"), help=tr("In the whole stage.")
    )
    growth: float = number(
        2.0,
        minimum=1.0,
        maximum=10.0,
        label=tr("Growth"),
        help=tr("How much longer the next cycle is."),
    )
    peak: float = number(
        1.0,
        minimum=0.01,
        maximum=1.0,
        label=tr("Peak"),
        help=tr("What each restart multiplies the highest rate with."),
        advanced=True,
    )


def build_cyclical(options: CyclicalOptions, plan: SchedulePlan) -> Callable[[int], SchedulePoint]:
    lowest = 1 / options.div

    def point(step: int) -> SchedulePoint:
        phase = step * options.cycles / plan.steps % 1.0
        height = 1 - abs(2 * phase - 1)
        return SchedulePoint(lowest + (1 - lowest) * height, MOMENTUM)

    return point


def build_restarts(options: RestartOptions, plan: SchedulePlan) -> Callable[[int], SchedulePoint]:
    lengths = [options.growth**cycle for cycle in range(options.cycles)]
    begins = [sum(lengths[:cycle]) / sum(lengths) for cycle in range(options.cycles)]

    def point(step: int) -> SchedulePoint:
        position = step / plan.steps
        cycle = max(c for c, begin in enumerate(begins) if begin <= position)
        fall = (position - begins[cycle]) * sum(lengths) / lengths[cycle]
        return SchedulePoint(options.peak**cycle * cosine(1.0, 0.0, min(fall, 1.0)), MOMENTUM)

    return point
