"""Layer groups in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from petstudio.api.events import GroupPlan
from petstudio.api.language import tr
from petstudio.bridge.figures import parameters_text, rate_text
from petstudio.bridge.layer_plan import frozen_count

_FROZEN: Final = "frozen"
_NOTHING: Final = tr("freezes nothing")


def is_frozen(group: GroupPlan) -> bool:
    """Whether the group is frozen; its norm layers may train all the same."""
    return group.trainable < group.parameters


def state_words(group: GroupPlan) -> str:
    """Return what stands in the block of a group."""
    if not is_frozen(group):
        return rate_text(group.rate)
    return f"BatchNorm {rate_text(group.rate)}" if group.trainable else _FROZEN


def spoken_group(group: GroupPlan) -> str:
    """Return a group with its size and what a stage makes of it."""
    state = f"rate {rate_text(group.rate)}" if not is_frozen(group) else _FROZEN
    if is_frozen(group) and group.trainable:
        state = tr(
            "frozen but for its BatchNorm layers, rate {rate_text}", rate_text=rate_text(group.rate)
        )
    return tr(
        "{group}, {parameters_text} parameters, {state}",
        group=group.name,
        parameters_text=parameters_text(group.parameters),
        state=state,
    )


def spoken_divider(groups: Sequence[GroupPlan]) -> str:
    """Return where the freeze divider stands: "freezes stem; body and head train"."""
    names, frozen = [group.name for group in groups], frozen_count(groups)
    first = f"freezes {_listed(names[:frozen])}" if frozen else _NOTHING
    verb = "trains" if len(names) - frozen == 1 else "train"
    return f"{first}; {_listed(names[frozen:])} {verb}" if names[frozen:] else first


def _listed(names: Sequence[str]) -> str:
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last
