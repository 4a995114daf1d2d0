"""The rates of every stage before the first step is taken, for drawing. Loads no torch."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from petstudio.api.contributions import SchedulePlan, SchedulePoint, Scheduler
from petstudio.api.language import tr
from petstudio.api.options import from_mapping
from petstudio.config.recipe import TRAIN_ALL, TRAIN_HEAD, Recipe, Stage
from petstudio.engine.layer_groups import HEAD, first_trainable, group_rates
from petstudio.jobs.plugin_answers import Schedule, build_schedule, schedule_point
from petstudio.plugin_host.host import PluginHost

MOST_POINTS: Final = 400  # of a stage; more than a plot has pixels for it
_MOST_EPOCHS: Final = 40  # whose beginnings are all among the points
_PEAK_PARTS: Final = 32
_FIRST_LAYERS: Final = tr("first layers")


@dataclass(frozen=True, kw_only=True, eq=False)
class StageRates:
    """The schedule of one stage at some of its steps: at least its first, last and highest one.

    Attributes:
        stage: its number in the recipe, counted from 0.
        start: epochs of the run before it.
        steps: of the stage, growing, counted from 0; all of them where they are few.
        highest: the highest rate of each layer group; NaN for a frozen one.
    """

    stage: int
    name: str
    start: int
    epochs: int
    steps_per_epoch: int
    steps: NDArray[np.int64]
    scales: NDArray[np.float64]
    momenta: NDArray[np.float64]
    highest: tuple[float, ...]

    @property
    def x(self) -> NDArray[np.float64]:
        """Where each step begins, in epochs of the whole run."""
        return self.start + self.steps / self.steps_per_epoch

    @property
    def end(self) -> int:
        """Epochs of the run when it is over."""
        return self.start + self.epochs

    def rates(self, group: int) -> NDArray[np.float64]:
        return self.highest[group] * self.scales

    def index_at(self, x: float) -> int:
        """Return the index of the last known step that has begun at x epochs of the run."""
        return max(0, int(np.searchsorted(self.x, x, side="right")) - 1)


@dataclass(frozen=True, kw_only=True, eq=False)
class RatePlan:
    """The stages that a run goes through, one after the other.

    Attributes:
        groups: names of the layer groups, input side first.
        starts: epochs of the run before each stage of the recipe, also before those left out.
    """

    groups: tuple[str, ...]
    starts: tuple[int, ...]
    stages: tuple[StageRates, ...]

    def stage_at(self, x: float) -> StageRates | None:
        """Return the stage that is running at x epochs of the run."""
        return next((stage for stage in self.stages if stage.start <= x < stage.end), None)


def plan_rates(
    host: PluginHost,
    recipe: Recipe,
    groups: Sequence[str],
    steps_per_epoch: int,
    first_stage: int = 0,
) -> RatePlan:
    """Return what the engine will do, with `groups` from the input to the head.

    Stages before `first_stage` are left out, but their epochs count.

    Raises:
        InputError: an unknown scheduler or layer group, a wrong option, or a number of rates that
            does not fit the groups.
        PluginError: the scheduler's plugin failed.
    """
    starts = _starts(recipe.stages)
    return RatePlan(
        groups=tuple(groups),
        starts=starts,
        stages=tuple(
            _stage_rates(host, index, recipe.stages[index], groups, steps_per_epoch, start)
            for index, start in enumerate(starts)
            if index >= first_stage
        ),
    )


def plan_unstarted(host: PluginHost, recipe: Recipe, steps_per_epoch: int) -> RatePlan:
    """Return the rates of a run that has not begun.

    Where the architecture does not declare its layer groups, they have made-up names, as many as a
    stage gives rates for, and a stage that trains from a named one on shows the head alone.

    Raises:
        PetStudioError: as `plan_rates`.
    """
    architecture = host.architecture(recipe.model.architecture)
    if architecture.groups:
        names = tuple(group.name for group in architecture.groups)
    else:
        most = max((len(stage.rate) for stage in recipe.stages), default=0)
        more = tuple(f"group {number}" for number in range(2, most))
        names = (_FIRST_LAYERS, *more)
        recipe = replace(recipe, stages=tuple(_without_names(stage) for stage in recipe.stages))
    return plan_rates(host, recipe, (*names, HEAD), steps_per_epoch, recipe.start.stage)


def _without_names(stage: Stage) -> Stage:
    is_known = stage.trainable in (TRAIN_ALL, TRAIN_HEAD)
    return stage if is_known else replace(stage, trainable=TRAIN_HEAD)


def _starts(stages: Sequence[Stage]) -> tuple[int, ...]:
    return tuple(sum(stage.epochs for stage in stages[:index]) for index in range(len(stages)))


def _stage_rates(
    host: PluginHost,
    index: int,
    stage: Stage,
    groups: Sequence[str],
    steps_per_epoch: int,
    start: int,
) -> StageRates:
    first = first_trainable(groups, stage.trainable)
    rates = group_rates(stage.rate, len(groups))
    scheduler = host.scheduler(stage.scheduler)
    options = from_mapping(scheduler.options, stage.options, prefix=f"stages.{index}.options.")
    plan = SchedulePlan(steps=stage.epochs * steps_per_epoch, steps_per_epoch=steps_per_epoch)
    # Not the guard of jobs.plans, which brings torch: it is this very call.
    points = host.call(scheduler, _sampled, scheduler, options, plan)
    return StageRates(
        stage=index,
        name=stage.name,
        start=start,
        epochs=stage.epochs,
        steps_per_epoch=steps_per_epoch,
        steps=np.array([step for step, _, _ in points], dtype=np.int64),
        scales=np.array([scale for _, scale, _ in points]),
        momenta=np.array([momentum for _, _, momentum in points]),
        highest=tuple(rate if i >= first else math.nan for i, rate in enumerate(rates)),
    )


def _sampled(
    scheduler: Scheduler[Any], options: object, plan: SchedulePlan
) -> list[tuple[int, float, float]]:
    """Return steps with their scale and momentum; all of it is the plugin's work."""
    schedule = build_schedule(scheduler, options, plan)
    epochs = plan.steps // plan.steps_per_epoch
    begins = range(0, plan.steps, plan.steps_per_epoch) if epochs <= _MOST_EPOCHS else ()
    even = _spread(0, plan.steps - 1, MOST_POINTS - len(begins) - 1)
    points = {step: schedule_point(schedule, step) for step in sorted({*even, *begins})}
    peak = _peak(schedule, sorted(points), points)
    points[peak] = schedule_point(schedule, peak)
    return [(step, points[step].scale, points[step].momentum) for step in sorted(points)]


def _spread(first: int, last: int, count: int) -> Iterator[int]:
    """Yield up to `count` steps at equal distances, with both ends."""
    return (int(step) for step in np.unique(np.linspace(first, last, count).round()))


def _peak(schedule: Schedule, steps: Sequence[int], known: dict[int, SchedulePoint]) -> int:
    """Return the highest step near the highest of the known ones."""
    scales = {step: point.scale for step, point in known.items()}
    while True:
        at = max(range(len(steps)), key=lambda index: scales[steps[index]])
        low, high = steps[max(0, at - 1)], steps[min(len(steps) - 1, at + 1)]
        finer = list(_spread(low, high, _PEAK_PARTS))
        scales |= {
            step: schedule_point(schedule, step).scale for step in finer if step not in scales
        }
        if high - low < _PEAK_PARTS:
            return max(finer, key=lambda step: scales[step])
        steps = finer
