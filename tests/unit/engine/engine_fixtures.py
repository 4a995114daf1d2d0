"""A network of a few thousand weights and pictures that it can learn in seconds."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from torch import nn

from petstudio.api import Architecture, Body, LayerGroup, Metric, NoOptions, Scheduler
from petstudio.api.contributions import SchedulePlan, SchedulePoint
from petstudio.config.recipe import recipe_from_mapping
from petstudio.engine.input.batches import ImageSet
from petstudio.engine.plan import StagePlan, TrainingData, TrainingPlan

COLOURS = {"blue": (40, 60, 200), "green": (40, 170, 60), "red": (200, 50, 40)}


def build_tiny(options: NoOptions) -> Body:
    """Two convolutions with BatchNorm, in two groups."""
    module = nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False),
            bn1=nn.BatchNorm2d(8),
            relu1=nn.ReLU(),
            conv2=nn.Conv2d(8, 16, 3, stride=2, padding=1),
            bn2=nn.BatchNorm2d(16),
            relu2=nn.ReLU(),
        )
    )
    groups = (
        LayerGroup(name="stem", modules=("conv1", "bn1", "relu1")),
        LayerGroup(name="top", modules=("conv2", "bn2", "relu2")),
    )
    return Body(module=module, groups=groups, features=16)


TINY = Architecture(
    key="tiny",
    label="Tiny",
    summary="For tests.",
    options=NoOptions,
    build=build_tiny,
    parameters=1_432,
)


def constant(options: NoOptions, plan: SchedulePlan):
    """Return a schedule that never changes."""
    return lambda step: SchedulePoint(1.0, 0.9)


CONSTANT = Scheduler(
    key="constant", label="Constant", summary="", options=NoOptions, build=constant
)
ACCURACY = Metric(
    key="accuracy",
    label="Accuracy",
    summary="",
    options=NoOptions,
    compute=lambda options, p, t: float((p.argmax(1) == t).mean()),
)


def make_pictures(folder: Path, per_class: int) -> list[tuple[Path, int]]:
    """Write small noisy pictures whose colour is their class, of several shapes."""
    rng = np.random.default_rng(0)
    made = []
    for target, (name, colour) in enumerate(COLOURS.items()):
        for number in range(per_class):
            shape = (24 + 4 * (number % 3), 24 + 4 * (number % 2), 3)
            pixels = np.clip(rng.normal(colour, 40, shape), 0, 255).astype(np.uint8)
            path = folder / f"{name}_{number}.png"
            Image.fromarray(pixels).save(path)
            made.append((path, target))
    return made


def as_set(pictures: list[tuple[Path, int]], first_key: int = 0) -> ImageSet:
    """Return pictures as an ImageSet."""
    return ImageSet(
        paths=tuple(path for path, _ in pictures),
        keys=np.arange(first_key, first_key + len(pictures)),
        targets=np.array([target for _, target in pictures], dtype=np.int64),
    )


@pytest.fixture(scope="session")
def coloured_data(tmp_path_factory: pytest.TempPathFactory) -> TrainingData:
    """36 pictures to train and 9 to validate, in three classes."""
    pictures = make_pictures(tmp_path_factory.mktemp("colours"), 15)
    valid = pictures[::5]
    train = [picture for picture in pictures if picture not in valid]
    return TrainingData(
        classes=tuple(COLOURS), train=as_set(train), valid=as_set(valid, first_key=1000)
    )


def make_plan(*, epochs: int = 2, **changes) -> TrainingPlan:
    """Return a plan for the tiny network; `changes` replace fields of its stage."""
    recipe = recipe_from_mapping(
        {
            "seed": 3,
            "model": {"architecture": "tiny", "weights": "none"},
            "input": {"size": 16},
            "training": {"batch_size": 12, "precision": "float32", "device": "cpu"},
            "stages": [{"name": "all", "epochs": epochs, "trainable": "all", "rate": 1e-2}],
        }
    )
    stage = replace(recipe.stages[0], **changes)
    recipe = replace(recipe, stages=(stage,))
    return TrainingPlan(
        recipe=recipe,
        architecture=TINY,
        architecture_options=NoOptions(),
        weights=None,
        mean=(0.5, 0.5, 0.5),
        std=(0.25, 0.25, 0.25),
        stages=(StagePlan(stage=stage, scheduler=CONSTANT, options=NoOptions()),),
        augmentations=(),
        metrics=((ACCURACY, NoOptions()),),
    )
