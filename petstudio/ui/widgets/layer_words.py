"""Layer groups in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from petstudio.api.events import GroupPlan
from petstudio.api.language import counted, tr
from petstudio.bridge.figures import parameters_text, rate_text
from petstudio.bridge.layer_plan import frozen_count

_FROZEN: Final = tr("frozen")
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
    rate = rate_text(group.rate)
    state = _FROZEN if is_frozen(group) else tr("rate {rate}", rate=rate)
    if is_frozen(group) and group.trainable:
        state = tr("frozen but for its BatchNorm layers, rate {rate}", rate=rate)
    return tr(
        "{group}, {parameters} parameters, {state}",
        group=tr(group.name),
        parameters=parameters_text(group.parameters),
        state=state,
    )


def spoken_divider(groups: Sequence[GroupPlan]) -> str:
    """Return where the freeze divider stands: "freezes stem; body and head train"."""
    names, count = [tr(group.name) for group in groups], frozen_count(groups)
    frozen, trained = names[:count], names[count:]
    if not trained:
        return tr("freezes {frozen}", frozen=_listed(frozen)) if frozen else _NOTHING
    if not frozen:
        return counted(
            len(trained),
            "freezes nothing; {trained} trains",
            "freezes nothing; {trained} train",
            trained=_listed(trained),
        )
    return counted(
        len(trained),
        "freezes {frozen}; {trained} trains",
        "freezes {frozen}; {trained} train",
        frozen=_listed(frozen),
        trained=_listed(trained),
    )


def _listed(names: Sequence[str]) -> str:
    *before, last = names
    return tr("{before} and {last}", before=", ".join(before), last=last) if before else last
