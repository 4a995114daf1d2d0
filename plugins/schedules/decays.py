"""Schedules that stay or fall: constant, flat-cosine, cosine with warm-up, steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from petstudio.api import NoOptions, SchedulePlan, SchedulePoint, integer, number
from petstudio.api.language import tr

from .curves import MOMENTUM, cosine


@dataclass(frozen=True, kw_only=True)
class FlatCosineOptions:
    pct_start: float = number(
        0.75,
        minimum=0.0,
        maximum=1.0,
        label=tr("Flat part"),
        help=tr("Share of the steps before it falls"),
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


@dataclass(frozen=True, kw_only=True)
class CosineOptions:
    warmup: float = number(
        0.05,
        minimum=0.0,
        maximum=0.5,
        label=tr("Warm-up"),
        help=tr("Share of the steps that go up."),
    )
    final: float = number(
        0.0,
        minimum=0.0,
        maximum=1.0,
        label=tr("Final share"),
        help=tr("The last rate as a share of the highest one."),
        advanced=True,
    )


@dataclass(frozen=True, kw_only=True)
class StepOptions:
    epochs: int = integer(
        5,
        minimum=1,
        maximum=10_000,
        label=tr("Every"),
        unit="epochs",
        help=tr("Between two falls."),
    )
    factor: float = number(
        0.1,
        minimum=1e-6,
        maximum=1.0,
        label=tr("Factor"),
        help=tr("What each fall multiplies with."),
    )


def build_constant(_options: NoOptions, _plan: SchedulePlan) -> Callable[[int], SchedulePoint]:
    point = SchedulePoint(1.0, MOMENTUM)
    return lambda _step: point


def build_flat_cosine(
    options: FlatCosineOptions, plan: SchedulePlan
) -> Callable[[int], SchedulePoint]:
    knee = options.pct_start

    def point(step: int) -> SchedulePoint:
        position = step / plan.steps
        if position < knee or knee == 1.0:
            return SchedulePoint(1.0, MOMENTUM)
        fall = (position - knee) / (1 - knee)
        return SchedulePoint(cosine(1.0, 1 / options.final_div, fall), MOMENTUM)

    return point


def build_cosine(options: CosineOptions, plan: SchedulePlan) -> Callable[[int], SchedulePoint]:
    rising = round(plan.steps * options.warmup)

    def point(step: int) -> SchedulePoint:
        if step < rising:  # from above 0, since a first step at rate 0 would be lost
            return SchedulePoint((step + 1) / (rising + 1), MOMENTUM)
        fall = (step - rising) / max(1, plan.steps - rising)
        return SchedulePoint(cosine(1.0, options.final, fall), MOMENTUM)

    return point


def build_step(options: StepOptions, plan: SchedulePlan) -> Callable[[int], SchedulePoint]:
    def point(step: int) -> SchedulePoint:
        falls = step // (plan.steps_per_epoch * options.epochs)
        return SchedulePoint(options.factor**falls, MOMENTUM)

    return point
