"""Looking up what a recipe names: contributions, options, weights, pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from petstudio.api.contributions import (
    Architecture,
    Metric,
    PretrainedWeights,
    SchedulePlan,
    SchedulePoint,
    Scheduler,
    Split,
)
from petstudio.api.control import RunControl
from petstudio.api.errors import InputError, OptionError
from petstudio.api.language import tr
from petstudio.api.options import from_mapping
from petstudio.config.paths import weights_folder
from petstudio.config.recipe import NO_WEIGHTS, Recipe, Stage
from petstudio.engine.body_check import checked_body, proved_body
from petstudio.engine.input.batches import ImageSet
from petstudio.engine.plan import StagePlan, TrainingData, TrainingPlan
from petstudio.images.roots import Root
from petstudio.jobs import plugin_answers as answers
from petstudio.jobs.augmentations import augmentations_of
from petstudio.jobs.downloads import file_has_hash
from petstudio.plugin_host.host import PluginHost
from petstudio.project.project import Project
from petstudio.project.records import ImageRecord

_DEFAULT_MEAN: Final = (0.485, 0.456, 0.406)  # of ImageNet
_DEFAULT_STD: Final = (0.229, 0.224, 0.225)


def make_plan(host: PluginHost, recipe: Recipe, *, has_weights: bool = False) -> TrainingPlan:
    """Resolve a recipe; for a network that `has_weights` already, it looks for none.

    Raises:
        InputError: an unknown key, an option out of range, or weights that are not there.
    """
    if not recipe.stages:
        raise InputError(tr("The recipe has no stages."), cure=tr("Add a stage."))
    architecture = host.architecture(recipe.model.architecture)
    declared = dict(architecture.weights).get(recipe.model.weights)
    return TrainingPlan(
        recipe=recipe,
        architecture=guarded_architecture(host, architecture, size=recipe.input.final_size),
        architecture_options=from_mapping(
            architecture.options, recipe.model.options, prefix="model.options."
        ),
        weights=None
        if has_weights
        else _weights_file(architecture, recipe.model.weights, declared),
        mean=declared.mean if declared else _DEFAULT_MEAN,
        std=declared.std if declared else _DEFAULT_STD,
        stages=tuple(_stage(host, index, stage) for index, stage in enumerate(recipe.stages)),
        augmentations=augmentations_of(host, recipe.augmentations),
        metrics=default_metrics(host),
    )


def default_metrics(host: PluginHost) -> tuple[tuple[Metric[Any], Any], ...]:
    """Return every metric that is there, with its default options."""
    return tuple(
        (_guarded_metric(host, metric), metric.options()) for metric in host.metrics.values()
    )


def guarded_architecture(
    host: PluginHost, architecture: Architecture[Any], *, size: int | None = None
) -> Architecture[Any]:
    """Return it such that a failure names the plugin; with a size it is tried on one picture."""
    if size is None:
        build = partial(checked_body, architecture)
    else:
        build = partial(proved_body, architecture, size)
    return replace(architecture, build=host.guard(architecture, build))


def training_data(project: Project) -> TrainingData:
    """Return the pictures to train and validate with, and the class list.

    Raises:
        InputError: fewer than two classes, or no training pictures.
    """
    classes = project.classes()
    records = project.usable()
    train = [record for record in records if record.split is Split.TRAIN]
    if len(classes) < 2 or not train:
        raise InputError(
            tr(
                "There are {classes} classes and {pictures} training pictures; a classifier needs "
                "at least 2 classes.",
                classes=len(classes),
                pictures=len(train),
            ),
            cure=tr("Label more pictures, or change the split."),
        )
    valid = [record for record in records if record.split is Split.VALID]
    root = project.data_root
    return TrainingData(
        classes=classes,
        train=image_set(train, root, classes),
        valid=image_set(valid, root, classes),
    )


def image_set(records: list[ImageRecord], root: Root, classes: tuple[str, ...]) -> ImageSet:
    """Return labelled records as an ImageSet; every label must be one of `classes`."""
    index = {name: position for position, name in enumerate(classes)}
    return ImageSet(
        paths=tuple(root / record.path for record in records),
        keys=np.array([record.id for record in records], dtype=np.int64),
        targets=np.array([index[record.label or ""] for record in records], dtype=np.int64),
    )


def _stage(host: PluginHost, index: int, stage: Stage) -> StagePlan:
    scheduler = host.scheduler(stage.scheduler)
    options = from_mapping(scheduler.options, stage.options, prefix=f"stages.{index}.options.")
    return StagePlan(stage=stage, scheduler=_guarded_scheduler(host, scheduler), options=options)


def _guarded_metric(host: PluginHost, metric: Metric[Any]) -> Metric[Any]:
    return replace(metric, compute=host.guard(metric, partial(answers.metric_value, metric)))


def _guarded_scheduler(host: PluginHost, scheduler: Scheduler[Any]) -> Scheduler[Any]:
    def build(options: Any, plan: SchedulePlan) -> Callable[[int], SchedulePoint]:
        built = host.call(scheduler, answers.build_schedule, scheduler, options, plan)
        return host.guard(scheduler, partial(answers.schedule_point, built))

    return replace(scheduler, build=build)


def _weights_file(
    architecture: Architecture[Any], choice: str, declared: PretrainedWeights | None
) -> Path | None:
    if choice == NO_WEIGHTS:
        return None
    if declared is None:
        return _local_file(architecture, choice)
    file = weights_folder() / declared.file_name
    if not file.is_file():
        raise InputError(
            tr(
                "The {choice} weights of {label} are not on this machine.",
                choice=choice,
                label=architecture.label,
            ),
            cure=tr(
                "Fetch them ({size:.0f} MB) with --download, put {file_name} into "
                "{weights_folder}, choose a local file, or train from random weights with --set"
                " model.weights=none.",
                size=declared.size / 1000000.0,
                file_name=declared.file_name,
                weights_folder=weights_folder(),
            ),
        )
    if not file_has_hash(file, declared.sha256, RunControl()):
        raise InputError(
            tr(
                "{file} is not the {choice} weights of {label} as published.",
                file=file,
                choice=choice,
                label=architecture.label,
            ),
            cure=tr("Remove it and fetch it again with --download, or choose it as a local file."),
        )
    return file


def _local_file(architecture: Architecture[Any], choice: str) -> Path:
    file = Path(choice).expanduser()
    if not file.is_file():
        known = ", ".join([*dict(architecture.weights), NO_WEIGHTS])
        raise OptionError(
            "model.weights",
            tr(
                "“{choice}” is neither one of {known} nor a file that is there.",
                choice=choice,
                known=known,
            ),
        )
    return file
