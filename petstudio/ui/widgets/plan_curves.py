"""What is drawn of a rate plan: lines, with what the user changed of them."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from petstudio.bridge.rate_editor import RateEditor
from petstudio.jobs.rate_plan import RatePlan, StageRates

Curve = tuple[NDArray[np.float64], NDArray[np.float64]]
Editors = Mapping[int, RateEditor]


def effective_scales(stage: StageRates, editors: Editors) -> NDArray[np.float64]:
    """Return the scales of the stage's steps with what the user changed of them."""
    editor = editors.get(stage.stage)
    if editor is None:
        return stage.scales
    return stage.scales * editor.factors(stage.steps / stage.steps_per_epoch)


def drawn_groups(plan: RatePlan) -> tuple[int, ...]:
    """Return the groups that have a line, the head first: of more than three first, middle, last.

    Groups that are frozen in every stage have none, nor those that lie below the line of the head.
    """
    head = len(plan.groups) - 1
    if not plan.stages:
        return ()
    drawn = [group for group in range(head) if not _is_covered(plan, group)]
    if len(drawn) > 2:
        drawn = [drawn[0], drawn[(len(drawn) + 1) // 2]]
    return (head, *reversed(drawn))


def covered_groups(plan: RatePlan) -> tuple[int, ...]:
    """Return the groups that train at the rate of the head, so that its line is theirs too."""
    return tuple(
        group
        for group in range(len(plan.groups) - 1)
        if _is_covered(plan, group)
        and any(math.isfinite(stage.highest[group]) for stage in plan.stages)
    )


def curves_of(plan: RatePlan, editors: Editors) -> list[list[Curve]]:
    """Return a curve for each drawn group and each stage in which it trains."""
    scales = [effective_scales(stage, editors) for stage in plan.stages]
    stages = list(zip(plan.stages, scales, strict=True))
    return [
        [_curve(s, group, scale) for s, scale in stages if math.isfinite(s.highest[group])]
        for group in drawn_groups(plan)
    ]


def highest_rate(plan: RatePlan, editors: Editors) -> float:
    """Return the highest rate of all groups and stages; 1 where all are 0."""
    highest = [
        float(np.nanmax(stage.highest)) * float(effective_scales(stage, editors).max())
        for stage in plan.stages
    ]
    return max(0.0, *highest) or 1.0


def _is_covered(plan: RatePlan, group: int) -> bool:
    rates = ((stage.highest[group], stage.highest[-1]) for stage in plan.stages)
    return all(not math.isfinite(rate) or rate == head for rate, head in rates)


def _curve(stage: StageRates, group: int, scales: NDArray[np.float64]) -> Curve:
    """Return the line of a group, to the end of the last step."""
    y = stage.highest[group] * scales
    return np.append(stage.x, float(stage.end)), np.append(y, y[-1])
