"""The layer groups of a network and what a stage makes of them, before the engine has built it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from petstudio.api.contributions import Architecture, GroupSize
from petstudio.api.events import GroupPlan
from petstudio.config.recipe import TRAIN_ALL, TRAIN_HEAD, BatchNorm, Stage
from petstudio.engine.layer_groups import HEAD, first_trainable, group_rates, head_parameters


def declared_groups(architecture: Architecture[Any] | None, classes: int) -> tuple[GroupSize, ...]:
    """Return the groups that an architecture declares, and the head for so many classes.

    Empty where it declares none, or the number of classes is not known (0).
    """
    if architecture is None or not architecture.groups or classes < 1:
        return ()
    head = GroupSize(name=HEAD, parameters=head_parameters(architecture.features, classes))
    return (*architecture.groups, head)


def groups_of(plans: Sequence[GroupPlan]) -> tuple[GroupSize, ...]:
    """Return the groups that the engine has told of; it does not tell how large norm layers are."""
    return tuple(GroupSize(name=plan.name, parameters=plan.parameters) for plan in plans)


def planned(groups: Sequence[GroupSize], stage: Stage) -> tuple[GroupPlan, ...]:
    """Return what the engine will tell of each group when this stage starts.

    Raises:
        InputError: the stage names a group, or a number of rates, that these are not.
    """
    first = first_trainable([group.name for group in groups], stage.trainable)
    rates = group_rates(stage.rate, len(groups))
    norms_train = stage.batchnorm is BatchNorm.TRAIN
    return tuple(
        _plan(group, rate, is_frozen=index < first, norms_train=norms_train)
        for index, (group, rate) in enumerate(zip(groups, rates, strict=True))
    )


def frozen_count(plans: Sequence[GroupPlan]) -> int:
    """Return how many groups at the input side are frozen; norm layers may train all the same."""
    trains = [plan.trainable == plan.parameters for plan in plans]
    return trains.index(True) if True in trains else len(plans)


def trainable_after(plans: Sequence[GroupPlan], frozen: int) -> str:
    """Return the `trainable` of a stage that freezes so many groups."""
    if frozen == 0:
        return TRAIN_ALL
    return TRAIN_HEAD if frozen == len(plans) - 1 else plans[frozen].name


def with_rates(stage: Stage, rates: tuple[float, ...] | None) -> Stage:
    """Return the stage at other rates."""
    return stage if rates is None else replace(stage, rate=rates)


def _plan(group: GroupSize, rate: float, *, is_frozen: bool, norms_train: bool) -> GroupPlan:
    left = group.norm_parameters if norms_train else 0
    trainable = left if is_frozen else group.parameters
    return GroupPlan(
        name=group.name,
        parameters=group.parameters,
        trainable=trainable,
        rate=rate if trainable else 0.0,
    )
