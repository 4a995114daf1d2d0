"""Whether a sweep still holds for the stage as it would train now, and in words why not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from petstudio.api.language import tr
from petstudio.bridge.live_sweep import LiveSweep
from petstudio.config.recipe import (
    NO_WEIGHTS,
    TRAIN_ALL,
    TRAIN_HEAD,
    InputChoice,
    ModelChoice,
    Recipe,
    Resize,
    Stage,
)

_RESIZE: Final = {
    Resize.CROP: tr("pictures are now cropped"),
    Resize.PAD: tr("pictures are now padded"),
    Resize.SQUISH: tr("pictures are now squished"),
}
# What else moves the curve; rates, epochs and the scheduler do not.
_OF_STAGE: Final = {
    "batchnorm": tr("batch norm"),
    "views": tr("the number of views"),
    "label_smoothing": tr("label smoothing"),
    "mixup": tr("mixup"),
    "clip_gradient": tr("gradient clipping"),
}


def what_changed(sweep: LiveSweep, recipe: Recipe, *, data: str = "") -> str:
    """Return what is not as it was when the sweep ran: "stage 3 is now frozen"; empty if all is.

    Without `data`, or where the sweep has none, the pictures are not compared.
    """
    return ", ".join(_changes(sweep, recipe, data))


def training_words(stage: Stage) -> str:
    """Return which layers train: "head only", "unfrozen" or "from layer3"."""
    words = {TRAIN_HEAD: tr("head only"), TRAIN_ALL: tr("unfrozen")}
    return words.get(stage.trainable, tr("from {group}", group=stage.trainable))


def _changes(sweep: LiveSweep, now: Recipe, data: str) -> Iterator[str]:
    then, number = sweep.recipe, sweep.stage + 1
    if sweep.stage >= len(now.stages):
        yield tr("stage {number} is gone", number=number)
        return
    yield from _model_changes(then.model, now.model)
    yield from _stage_changes(then, now, sweep.stage)
    if now.training.batch_size != then.training.batch_size:
        yield tr("the batch is now {batch_size}", batch_size=now.training.batch_size)
    if now.training.class_weights is not then.training.class_weights:
        yield tr("class weights have changed")
    yield from _picture_changes(then.input, now.input)
    if now.augmentations != then.augmentations:
        yield tr("the augmentation has changed")
    if now.start.checkpoint != then.start.checkpoint:
        yield tr("it starts from other weights")
    if data and sweep.data and data != sweep.data:
        yield tr("the labelled pictures have changed")


def _model_changes(then: ModelChoice, now: ModelChoice) -> Iterator[str]:
    if now.architecture != then.architecture:
        yield tr("the model is now {architecture}", architecture=now.architecture)
    elif now.options != then.options:
        yield tr("the model has other options")
    if now.weights != then.weights:
        if now.weights == NO_WEIGHTS:
            yield tr("the weights are now random")
        else:
            yield tr("the weights are now {weights}", weights=now.weights)


def _stage_changes(then: Recipe, now: Recipe, index: int) -> Iterator[str]:
    before, after, stage = then.stages[index], now.stages[index], index + 1
    if after.trainable != before.trainable:
        yield _now_training(after, stage)
    for key, words in _OF_STAGE.items():
        if getattr(after, key) != getattr(before, key):
            yield tr("{setting} of stage {stage} has changed", setting=words, stage=stage)
    if _decay(now, after) != _decay(then, before):
        yield tr("weight decay of stage {stage} has changed", stage=stage)


def _now_training(stage: Stage, number: int) -> str:
    if stage.trainable == TRAIN_HEAD:
        return tr("stage {number} is now frozen", number=number)
    if stage.trainable == TRAIN_ALL:
        return tr("stage {number} is now unfrozen", number=number)
    return tr("stage {number} now trains {group} on", number=number, group=stage.trainable)


def _decay(recipe: Recipe, stage: Stage) -> float:
    whole = recipe.training.weight_decay
    return whole if stage.weight_decay is None else stage.weight_decay


def _picture_changes(then: InputChoice, now: InputChoice) -> Iterator[str]:
    if now.size != then.size:
        yield tr("pictures are now {sizes} px", sizes=", ".join(map(str, now.size)))
    if now.resize is not then.resize:
        yield _RESIZE[now.resize]
