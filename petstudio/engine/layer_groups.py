"""What can be said of layer groups without torch: their rates, the first to train, the head's size.

The window asks before torch is loaded, the engine when it trains; both ask here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from petstudio.api.errors import InputError
from petstudio.api.language import tr
from petstudio.config.recipe import TRAIN_ALL, TRAIN_HEAD

HEAD: Final = "head"
HIDDEN: Final = 512  # outputs of the head's first linear layer
_NORM_TENSORS: Final = 2  # weight and bias of a BatchNorm layer


def head_parameters(features: int, classes: int) -> int:
    """Return how many parameters the head has on a body with `features` channels."""
    pooled = 2 * features
    norms = _NORM_TENSORS * (pooled + HIDDEN)
    return norms + pooled * HIDDEN + HIDDEN * classes


def first_trainable(names: Sequence[str], trainable: str) -> int:
    """Return the index of the first group that trains, from a stage's `trainable`.

    Raises:
        InputError: there is no such group.
    """
    special = {TRAIN_HEAD: len(names) - 1, TRAIN_ALL: 0}
    if trainable in special:
        return special[trainable]
    if trainable not in names:
        raise InputError(
            tr("The model has no layer group “{trainable}”.", trainable=trainable),
            cure=tr(
                "Use {train_head}, {train_all} or one of: {names}.",
                train_head=TRAIN_HEAD,
                train_all=TRAIN_ALL,
                names=", ".join(names),
            ),
        )
    return names.index(trainable)


def group_rates(rate: Sequence[float], groups: int) -> tuple[float, ...]:
    """Return one learning rate per group.

    One rate holds for all; two are the first and the last group's, with equal factors between:
    low * (high / low) ** (i / (groups - 1)). A single group gets the high one. More than two are
    those of the groups themselves.

    Raises:
        InputError: there are more rates than two, and not as many as groups.
    """
    if len(rate) == 1:
        return (rate[0],) * groups
    if len(rate) > 2:
        if len(rate) != groups:
            raise InputError(
                tr(
                    "There are {count} rates for the {groups} layer groups of the model.",
                    count=len(rate),
                    groups=groups,
                ),
                cure=tr("Give one rate, a low and a high one, or one for each group."),
            )
        return tuple(rate)
    low, high = rate
    if groups == 1:
        return (high,)
    return tuple(low * (high / low) ** (index / (groups - 1)) for index in range(groups))
