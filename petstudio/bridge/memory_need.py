"""How much memory a recipe takes, from what a run of its like has measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from petstudio.api.events import MemoryEstimated
from petstudio.api.language import tr
from petstudio.config.recipe import ALL_GPUS, TRAIN_ALL, TRAIN_HEAD, BatchNorm, Recipe, Stage

_Reach: TypeAlias = tuple[str, BatchNorm]


@dataclass(frozen=True, kw_only=True)
class MeasuredMemory:
    """What a run told, and the recipe that it ran with."""

    estimate: MemoryEstimated
    recipe: Recipe

    def holds_for(self, recipe: Recipe) -> bool:
        """Whether this recipe takes no more memory than the measured one; batches may differ.

        Not where only heads train on frozen bodies, which takes next to nothing, and not where all
        GPUs share a batch, as the share of each is not known here.
        """
        if recipe.training.device == ALL_GPUS or _setting(recipe) != _setting(self.recipe):
            return False
        measured, wanted = _reaches(self.recipe), _reaches(recipe)
        return bool(wanted) and (wanted <= measured or TRAIN_ALL in _first_groups(measured))

    def is_of(self, stage: Stage) -> bool:
        """Whether this stage is the one that was measured; others take less."""
        measured = _reaches(self.recipe)
        return stage.trainable == TRAIN_ALL or measured == {_reach(stage)}

    def bytes_for(self, recipe: Recipe) -> int:
        """Return what training takes with the batches of a recipe for which this holds."""
        return self.estimate.fixed + _in_memory(recipe) * self.estimate.per_picture

    def is_short_for(self, recipe: Recipe) -> bool:
        """Whether the engine will have to take smaller pieces of each batch than the recipe's."""
        return _in_memory(recipe) > self.estimate.safe_batch_size


def memory_text(size: int) -> str:
    """Return bytes in whole megabytes, or gigabytes with one decimal: 3.1 GB."""
    return (
        tr("{size:.1f} GB", size=size / 1000000000.0)
        if size >= 999_500_000
        else tr("{size:.0f} MB", size=size / 1000000.0)
    )


def _in_memory(recipe: Recipe) -> int:
    """Return how many pictures of a batch are in the memory at once."""
    return -(-recipe.training.batch_size // recipe.training.accumulate)


def _setting(recipe: Recipe) -> tuple[object, ...]:
    training = recipe.training
    return recipe.model, recipe.input.final_size, training.precision, training.device


def trains_body(stage: Stage) -> bool:
    """Whether anything but the head trains, so that pictures go through the body and back."""
    return stage.trainable != TRAIN_HEAD or stage.batchnorm is BatchNorm.TRAIN


def _reaches(recipe: Recipe) -> set[_Reach]:
    """Return how far into the network the stages that run train."""
    return {_reach(stage) for stage in recipe.stages[recipe.start.stage :] if trains_body(stage)}


def _reach(stage: Stage) -> _Reach:
    return stage.trainable, stage.batchnorm


def _first_groups(reaches: set[_Reach]) -> set[str]:
    return {trainable for trainable, _ in reaches}
