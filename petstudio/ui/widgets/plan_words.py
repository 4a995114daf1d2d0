"""What the rate plan says at one place, and as a table."""

from __future__ import annotations

import math
from typing import Final

from petstudio.api.language import tr
from petstudio.bridge.figures import rate_text
from petstudio.jobs.rate_plan import RatePlan, StageRates
from petstudio.ui.widgets.plan_curves import (
    Editors,
    covered_groups,
    drawn_groups,
    effective_scales,
)

_MOST_LINES: Final = 2  # of rates in the value box; more groups stand side by side
_FROZEN: Final = tr("frozen")
_ALL: Final = tr("all layers")
_COLUMNS: Final = (tr("Stage"), tr("Epoch"))
_MOMENTUM: Final = tr("Momentum")


def values_text(plan: RatePlan, stage: StageRates, x: float, editors: Editors) -> str:
    """Return stage, epoch, the rate of every group from the head down, and the momentum."""
    index, epoch = stage.index_at(x), x - stage.start
    editor = editors.get(stage.stage)
    factor = editor.factor(epoch) if editor is not None else 1.0
    scale = float(stage.scales[index]) * factor
    rates = [
        f"{name} {group_text(highest * scale)}"
        for name, highest in zip(reversed(_names(plan)), reversed(stage.highest), strict=True)
    ]
    beside = math.ceil(len(rates) / _MOST_LINES)
    lines = [", ".join(rates[at : at + beside]) for at in range(0, len(rates), beside)]
    place = tr(
        "stage {number}, {name}, epoch {epoch:.2f}",
        number=stage.stage + 1,
        name=stage.name,
        epoch=epoch,
    )
    momentum = tr("momentum {momentum:.3f}", momentum=stage.momenta[index])
    return "\n".join([place, *lines, momentum])


def group_text(rate: float, frozen: str = _FROZEN) -> str:
    return rate_text(rate) if math.isfinite(rate) else frozen


def line_names(plan: RatePlan) -> tuple[str, ...]:
    """Return what the drawn lines are called; that of the head after all that share its rate."""
    drawn, names = drawn_groups(plan), _names(plan)
    if drawn and len(covered_groups(plan)) == len(plan.groups) - 1 > 0:
        return (_ALL,)
    under = (*covered_groups(plan), *drawn[:1])
    first = (", ".join(names[group] for group in under),) if drawn else ()
    return (*first, *(names[group] for group in drawn[1:]))


def others_text(plan: RatePlan) -> str:
    """Return the groups without a line, with their highest rate in the last stage; or nothing."""
    if not plan.stages:
        return ""
    named, highest = {*drawn_groups(plan), *covered_groups(plan)}, plan.stages[-1].highest
    others = [group for group in range(len(plan.groups)) if group not in named]
    names = [f"{_names(plan)[group]} {group_text(highest[group])}" for group in others]
    return tr("Without a line: {groups}", groups=", ".join(names)) if names else ""


def table_head(plan: RatePlan) -> tuple[str, ...]:
    return (*_COLUMNS, *_names(plan), _MOMENTUM)


def _names(plan: RatePlan) -> tuple[str, ...]:
    return tuple(tr(group) for group in plan.groups)


def table_rows(plan: RatePlan, editors: Editors, *, frozen: str = _FROZEN) -> list[tuple[str, ...]]:
    """Return a row for each point of the plan; rates are those of the step that begins there."""
    rows = []
    for stage in plan.stages:
        scales = effective_scales(stage, editors)
        for step, scale, momentum in zip(stage.steps, scales, stage.momenta, strict=True):
            rates = (group_text(highest * float(scale), frozen) for highest in stage.highest)
            epoch = step / stage.steps_per_epoch
            rows.append((str(stage.stage + 1), f"{epoch:.4g}", *rates, f"{momentum:.4g}"))
    return rows
