"""Which stage's layers the Train page shows, and at what rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from petstudio.api.contributions import GroupSize
from petstudio.api.errors import InputError
from petstudio.api.events import GroupPlan
from petstudio.bridge.layer_plan import groups_of, planned, with_rates
from petstudio.bridge.live_run import LiveRun
from petstudio.config.recipe import Recipe


@dataclass(frozen=True, kw_only=True)
class StageLayers:
    """Layer groups of the recipe's stage with this index.

    Without groups they are not known, or `problem` says why the stage cannot have them.
    """

    stage: int
    groups: tuple[GroupPlan, ...] = ()
    problem: str = ""


def layers_to_show(
    recipe: Recipe,
    declared: Sequence[GroupSize],
    run: LiveRun | None,
    *,
    chosen: int | None,
    is_going: bool,
    rates: tuple[float, ...] | None = None,
) -> StageLayers | None:
    """Return the layers of the stage that runs, else of the chosen one, else of the last or first.

    What a run told holds as long as its stage is the recipe's. `rates` take the place of the
    stage's own, unless a run is going. None for a recipe without stages.
    """
    if not recipe.stages:
        return None
    stage = _stage_to_show(recipe, run, None if is_going else chosen)
    told = _told(recipe, run, stage, is_going=is_going)
    if told and (rates is None or is_going):
        return StageLayers(stage=stage, groups=told)
    groups = declared or _groups_told(recipe, run)
    if not groups:
        return StageLayers(stage=stage)
    try:
        plans = planned(groups, with_rates(recipe.stages[stage], rates))
    except InputError as error:
        return StageLayers(stage=stage, problem=str(error))
    return StageLayers(stage=stage, groups=plans)


def _stage_to_show(recipe: Recipe, run: LiveRun | None, chosen: int | None) -> int:
    if chosen is not None and chosen < len(recipe.stages):
        return chosen
    if run is None or run.current is None or run.recipe.model != recipe.model:
        return recipe.start.stage
    last = run.stages.index(run.current)
    is_there = last < len(recipe.stages) and recipe.stages[last] == run.current.stage
    return last if is_there else recipe.start.stage


def _told(
    recipe: Recipe, run: LiveRun | None, stage: int, *, is_going: bool
) -> tuple[GroupPlan, ...]:
    if run is None or run.recipe.model != recipe.model or stage >= len(run.stages):
        return ()
    progress = run.stages[stage]
    is_same = is_going or progress.stage == recipe.stages[stage]
    return progress.plan.groups if progress.plan is not None and is_same else ()


def _groups_told(recipe: Recipe, run: LiveRun | None) -> tuple[GroupSize, ...]:
    is_same = run is not None and run.recipe.model == recipe.model
    return groups_of(run.groups) if run is not None and is_same else ()
