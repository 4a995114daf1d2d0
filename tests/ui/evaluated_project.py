"""A project with pictures, two runs and what they predicted; made without torch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import safetensors.numpy
from PIL import Image

from petstudio.api.contributions import Split
from petstudio.config import mapping
from petstudio.config.recipe import Recipe, Resize, Stage
from petstudio.engine.model_info import INFO_KEY, ModelInfo
from petstudio.engine.predictions import Predictions, save_predictions
from petstudio.project.project import Project
from petstudio.project.records import NewImage, RunFolder, RunState, Source

CLASSES = ("beagle", "maine_coon", "pug")
PER_CLASS = 4
VALID = len(CLASSES) * PER_CLASS
# What each validation picture is taken for, and how surely; the picture of id 1 comes first.
SECOND_RUN = (
    (0, 0.9), (0, 0.8), (2, 0.95), (2, 0.6),  # of the beagles two are taken for pugs
    (1, 0.9), (1, 0.7), (1, 0.5), (0, 0.55),  # one maine coon for a beagle
    (2, 0.99), (2, 0.9), (2, 0.8), (2, 0.45),
)  # fmt: skip
FIRST_RUN = (
    (0, 0.9), (2, 0.8), (2, 0.95), (0, 0.6),
    (1, 0.9), (1, 0.7), (0, 0.5), (0, 0.55),
    (2, 0.99), (2, 0.9), (2, 0.8), (2, 0.45),
)  # fmt: skip


def new_project(folder: Path) -> Path:
    """Make twelve pictures to validate with, and one of each class to train and to test with.

    The beagle to train with (id 13) is the first one to validate with (id 1) once more.
    """
    root = folder / "pictures"
    root.mkdir()
    images = [
        _picture(root, name, number, Split.VALID) for name in CLASSES for number in range(PER_CLASS)
    ]
    for split, number in ((Split.TRAIN, 90), (Split.TEST, 91)):
        images += [_picture(root, name, number, split) for name in CLASSES]
    (root / "beagle_90.png").write_bytes((root / "beagle_0.png").read_bytes())
    source = Source(loader="folder")
    with Project.create(folder / "p.petstudio", source=source, root=root, images=images) as made:
        return made.path


def evaluated_project(folder: Path) -> Path:
    """Return such a project with two evaluated runs."""
    project = new_project(folder)
    for name, guesses in (("first", FIRST_RUN), ("second", SECOND_RUN)):
        keep(finished_run(project, name), guesses)
    return project


def finished_run(project: Path, name: str, classes: Sequence[str] = CLASSES) -> RunFolder:
    """Add a run with a model file and no predictions."""
    with Project.open(project) as opened:
        run = opened.new_run(Recipe(stages=(Stage(name="head", epochs=1),)), name)
        opened.finish_run(run.number, RunState.COMPLETED, {})
    info = ModelInfo(
        classes=tuple(classes),
        architecture="resnet18",
        size=32,
        resize=Resize.CROP,
        mean=(0.5, 0.5, 0.5),
        std=(0.25, 0.25, 0.25),
    )
    tensors = {"weight": np.zeros(1, dtype=np.float32)}
    metadata = {INFO_KEY: json.dumps(mapping.to_mapping(info))}
    safetensors.numpy.save_file(tensors, run.model_path, metadata)
    return run


def keep(
    run: RunFolder,
    guesses: Sequence[tuple[int, float]],
    split: Split = Split.VALID,
    first: int = 1,
) -> None:
    """Keep what pictures were taken for; their ids count from `first`, their classes go in turn."""
    per_class = len(guesses) // len(CLASSES)
    targets = np.array([at // per_class for at in range(len(guesses))], dtype=np.int64)
    probabilities = np.empty((len(guesses), len(CLASSES)), dtype=np.float32)
    for row, (guess, share) in enumerate(guesses):
        probabilities[row] = (1 - share) / (len(CLASSES) - 1)
        probabilities[row, guess] = share
    predictions = Predictions(
        keys=np.arange(first, first + len(guesses)),
        targets=targets,
        probabilities=probabilities,
        losses=-np.log(probabilities[np.arange(len(guesses)), targets]),
    )
    save_predictions(run.predictions_of(split), predictions)


def _picture(root: Path, name: str, number: int, split: Split) -> NewImage:
    path = root / f"{name}_{number}.png"
    shade = (60 * CLASSES.index(name) + 40, 10 * (number % 20), 5 * (number % 40))
    Image.new("RGB", (40, 30), shade).save(path)
    return NewImage(path=path.name, label=name, split=split)
