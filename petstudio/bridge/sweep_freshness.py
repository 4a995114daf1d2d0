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

_RESIZE: Final = {Resize.CROP: "cropped", Resize.PAD: "padded", Resize.SQUISH: "squished"}
# What else moves the curve; rates, epochs and the scheduler do not.
_OF_STAGE: Final = {
    "batchnorm": tr("batch norm"),
    "views": tr("the number of views"),
    "label_smoothing": tr("label smoothing"),
    "mixup": "mixup",
    "clip_gradient": tr("gradient clipping"),
}


def what_changed(sweep: LiveSweep, recipe: Recipe, *, data: str = "") -> str:
    """Return what is not as it was when the sweep ran: "stage 3 is now frozen"; empty if all is.

    Without `data`, or where the sweep has none, the pictures are not compared.
    """
    return ", ".join(_changes(sweep, recipe, data))


def training_words(stage: Stage) -> str:
    """Return which layers train: "head only", "unfrozen" or "from layer3"."""
    words = {TRAIN_HEAD: tr("head only"), TRAIN_ALL: "unfrozen"}
    return words.get(stage.trainable, f"from {stage.trainable}")


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
        yield tr(
            "the weights are now {weights}",
            weights="random" if now.weights == NO_WEIGHTS else now.weights,
        )


def _stage_changes(then: Recipe, now: Recipe, index: int) -> Iterator[str]:
    before, after, name = then.stages[index], now.stages[index], f"stage {index + 1}"
    if after.trainable != before.trainable:
        yield f"{name} {_now_training(after)}"
    for key, words in _OF_STAGE.items():
        if getattr(after, key) != getattr(before, key):
            yield tr("{words} of {name} has changed", words=words, name=name)
    if _decay(now, after) != _decay(then, before):
        yield tr("weight decay of {name} has changed", name=name)


def _now_training(stage: Stage) -> str:
    if stage.trainable == TRAIN_HEAD:
        return tr("is now frozen")
    return (
        tr("is now unfrozen")
        if stage.trainable == TRAIN_ALL
        else tr("now trains {trainable} on", trainable=stage.trainable)
    )


def _decay(recipe: Recipe, stage: Stage) -> float:
    whole = recipe.training.weight_decay
    return whole if stage.weight_decay is None else stage.weight_decay


def _picture_changes(then: InputChoice, now: InputChoice) -> Iterator[str]:
    if now.size != then.size:
        yield tr("pictures are now {map} px", map=", ".join(map(str, now.size)))
    if now.resize is not then.resize:
        yield tr("pictures are now {resize}", resize=_RESIZE[now.resize])
