"""Learning-rate schedules: one-cycle, its 2019 law, cosine, steps, flat-cosine, restarts."""

from __future__ import annotations

from typing import Any

from petstudio.api import NoOptions, Scheduler, hookimpl
from petstudio.api.language import tr

from .cycles import CyclicalOptions, RestartOptions, build_cyclical, build_restarts
from .decays import (
    CosineOptions,
    FlatCosineOptions,
    StepOptions,
    build_constant,
    build_cosine,
    build_flat_cosine,
    build_step,
)
from .one_cycle import (
    OneCycle2019Options,
    OneCycleOptions,
    build_one_cycle,
    build_one_cycle_2019,
)

PETSTUDIO_API = (1, 0)


@hookimpl
def petstudio_schedulers() -> list[Scheduler[Any]]:
    return [*_one_cycle(), *_decays(), *_cycles()]


def _one_cycle() -> list[Scheduler[Any]]:
    """Return the schedules of one rise and one fall."""
    return [
        Scheduler(
            key="one-cycle",
            label=tr("One cycle"),
            summary=tr(
                "Up to the highest rate, then down to almost nothing; momentum the other way."
            ),
            options=OneCycleOptions,
            build=build_one_cycle,
        ),
        Scheduler(
            key="one-cycle-2019",
            label=tr("One cycle, as in the 2019 tutorial"),
            summary=tr("The same shape, as fastai 1 drew it: highest after 30 % of the steps."),
            options=OneCycle2019Options,
            build=build_one_cycle_2019,
        ),
    ]


def _decays() -> list[Scheduler[Any]]:
    """Return those that fall, or stay."""
    return [
        Scheduler(
            key="constant",
            label=tr("Constant"),
            summary=tr("The same rate in every step."),
            options=NoOptions,
            build=build_constant,
        ),
        Scheduler(
            key="flat-cosine",
            label=tr("Flat, then cosine"),
            summary=tr("The highest rate for most of the time, then down along a cosine."),
            options=FlatCosineOptions,
            build=build_flat_cosine,
        ),
        Scheduler(
            key="cosine-warmup",
            label=tr("Cosine with warm-up"),
            summary=tr("A short straight rise, then down along a cosine."),
            options=CosineOptions,
            build=build_cosine,
        ),
        Scheduler(
            key="step",
            label=tr("Steps"),
            summary=tr("The rate falls by a factor every few epochs."),
            options=StepOptions,
            build=build_step,
        ),
    ]


def _cycles() -> list[Scheduler[Any]]:
    """Return those that rise several times."""
    return [
        Scheduler(
            key="cyclical",
            label=tr("Cyclical"),
            summary=tr("Up and down in straight lines, several times."),
            options=CyclicalOptions,
            build=build_cyclical,
        ),
        Scheduler(
            key="cosine-restarts",
            label=tr("Cosine with restarts"),
            summary=tr(
                "Down along a cosine, then from the highest rate anew, each time more slowly."
            ),
            options=RestartOptions,
            build=build_restarts,
        ),
    ]
