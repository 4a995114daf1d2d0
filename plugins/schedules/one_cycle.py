"""The one-cycle law, in the numbers of fastai 2 and in those of fastai 1 (the 2019 tutorial)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from petstudio.api import SchedulePlan, SchedulePoint, number
from petstudio.api.language import tr

from .curves import cosine


@dataclass(frozen=True, kw_only=True)
class OneCycleOptions:
    pct_start: float = number(
        0.25, minimum=0.0, maximum=1.0, label=tr("Rise"), help=tr("Share of the steps that go up.")
    )
    div: float = number(
        25.0,
        minimum=1.0,
        maximum=1e6,
        label=tr("Start divisor"),
        help=tr("The first rate is the highest one divided by this."),
        logarithmic=True,
        advanced=True,
    )
    final_div: float = number(
        1e5,
        minimum=1.0,
        maximum=1e9,
        label=tr("Final divisor"),
        help=tr("The last rate is the highest one divided by this."),
        logarithmic=True,
        advanced=True,
    )
    high_momentum: float = number(
        0.95, minimum=0.0, maximum=0.999, label=tr("High momentum"), advanced=True
    )
    low_momentum: float = number(
        0.85, minimum=0.0, maximum=0.999, label=tr("Low momentum"), advanced=True
    )


@dataclass(frozen=True, kw_only=True)
class OneCycle2019Options:
    pct_start: float = number(
        0.3, minimum=0.0, maximum=1.0, label=tr("Rise"), help=tr("Share of the steps that go up.")
    )
    div: float = number(
        25.0,
        minimum=1.0,
        maximum=1e6,
        label=tr("Divisor"),
        help=tr("Start at the highest rate divided by this; end at a 10,000th of that."),
        logarithmic=True,
        advanced=True,
    )
    high_momentum: float = number(
        0.95, minimum=0.0, maximum=0.999, label=tr("High momentum"), advanced=True
    )
    low_momentum: float = number(
        0.85, minimum=0.0, maximum=0.999, label=tr("Low momentum"), advanced=True
    )


def build_one_cycle(options: OneCycleOptions, plan: SchedulePlan) -> Callable[[int], SchedulePoint]:
    """fastai 2: the knee lies at a share of the steps, wherever that falls between two."""
    high, low, knee = options.high_momentum, options.low_momentum, options.pct_start

    def point(step: int) -> SchedulePoint:
        position = step / plan.steps
        if position < knee:
            rise = position / knee
            return SchedulePoint(cosine(1 / options.div, 1.0, rise), cosine(high, low, rise))
        fall = (position - knee) / (1 - knee) if knee < 1 else 1.0
        return SchedulePoint(cosine(1.0, 1 / options.final_div, fall), cosine(low, high, fall))

    return point


def build_one_cycle_2019(
    options: OneCycle2019Options, plan: SchedulePlan
) -> Callable[[int], SchedulePoint]:
    """fastai 1: the knee lies at a whole step, and the step of the knee belongs to the rise."""
    high, low = options.high_momentum, options.low_momentum
    rising = int(plan.steps * options.pct_start)
    last = 1 / (options.div * 1e4)

    def point(step: int) -> SchedulePoint:
        if step <= rising:
            rise = step / rising if rising else 0.0
            return SchedulePoint(cosine(1 / options.div, 1.0, rise), cosine(high, low, rise))
        fall = (step - rising) / (plan.steps - rising)
        return SchedulePoint(cosine(1.0, last, fall), cosine(low, high, fall))

    return point
