"""Learning-rate schedules: one-cycle, its 2019 law, cosine, steps, flat-cosine, restarts."""

from __future__ import annotations

from typing import Any

from petstudio.api import NoOptions, Scheduler, hookimpl

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
    return [
        Scheduler(
            key="one-cycle",
            label="One cycle",
            summary="Up to the highest rate, then down to almost nothing; momentum the other way.",
            options=OneCycleOptions,
            build=build_one_cycle,
        ),
        Scheduler(
            key="one-cycle-2019",
            label="One cycle, as in the 2019 tutorial",
            summary="The same shape, as fastai 1 drew it: highest after 30 % of the steps.",
            options=OneCycle2019Options,
            build=build_one_cycle_2019,
        ),
        Scheduler(
            key="constant",
            label="Constant",
            summary="The same rate in every step.",
            options=NoOptions,
            build=build_constant,
        ),
        Scheduler(
            key="flat-cosine",
            label="Flat, then cosine",
            summary="The highest rate for most of the time, then down along a cosine.",
            options=FlatCosineOptions,
            build=build_flat_cosine,
        ),
        Scheduler(
            key="cosine-warmup",
            label="Cosine with warm-up",
            summary="A short straight rise, then down along a cosine.",
            options=CosineOptions,
            build=build_cosine,
        ),
        Scheduler(
            key="step",
            label="Steps",
            summary="The rate falls by a factor every few epochs.",
            options=StepOptions,
            build=build_step,
        ),
        Scheduler(
            key="cyclical",
            label="Cyclical",
            summary="Up and down in straight lines, several times.",
            options=CyclicalOptions,
            build=build_cyclical,
        ),
        Scheduler(
            key="cosine-restarts",
            label="Cosine with restarts",
            summary="Down along a cosine, then from the highest rate anew, each time more slowly.",
            options=RestartOptions,
            build=build_restarts,
        ),
    ]
