"""A project with a run that left a model and predictions, made without torch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import safetensors.numpy

from petstudio.api.contributions import Split
from petstudio.config import mapping
from petstudio.config.recipe import Recipe, Resize, Stage
from petstudio.engine.model_info import INFO_KEY, ModelInfo
from petstudio.engine.predictions import Predictions, save_predictions
from petstudio.project.project import Project
from petstudio.project.records import NewImage, RunFolder, RunState, Source

CLASSES = ("Beagle", "Birman", "Boxer")
LABELS = ("Beagle", "Beagle", "Birman", "Birman", "Boxer", "Boxer")


def new_project(folder: Path, labels: Sequence[str | None] = LABELS, name: str = "") -> Path:
    """Make a project of validation pictures, the last two of which are for testing.

    Their names are numbers, behind `name`.
    """
    root = folder / "pictures"
    root.mkdir()
    images = [
        NewImage(
            path=f"{name}{place}.jpg",
            label=label,
            split=Split.TEST if place >= len(labels) - 2 else Split.VALID,
        )
        for place, label in enumerate(labels)
    ]
    source = Source(loader="folder")
    with Project.create(folder / "p.petstudio", source=source, root=root, images=images) as made:
        return made.path


def finished_run(project: Path, name: str = "first") -> RunFolder:
    """Add a run with a model of `CLASSES` and no predictions."""
    with Project.open(project) as opened:
        run = opened.new_run(Recipe(stages=(Stage(name="head", epochs=1),)), name)
        opened.finish_run(run.number, RunState.COMPLETED, {})
    write_model(run.model_path)
    return run


def write_model(path: Path, **changes: object) -> ModelInfo:
    """Write a model of one small tensor that names `CLASSES`."""
    values = {
        "classes": CLASSES,
        "architecture": "resnet18",
        "size": 224,
        "resize": Resize.CROP,
        "mean": (0.5, 0.5, 0.5),
        "std": (0.25, 0.25, 0.25),
        **changes,
    }
    info = ModelInfo(**values)  # type: ignore[arg-type]
    tensors = {"weight": np.arange(12, dtype=np.float32).reshape(3, 4)}
    metadata = {INFO_KEY: json.dumps(mapping.to_mapping(info))}
    safetensors.numpy.save_file(tensors, path, metadata)
    return info


def predictions_of(rows: Sequence[tuple[int, int, Sequence[float]]]) -> Predictions:
    """Return predictions of pictures given by id, true class and probabilities."""
    probabilities = np.array([row for _, _, row in rows], dtype=np.float32).reshape(len(rows), -1)
    targets = np.array([target for _, target, _ in rows], dtype=np.int64)
    return Predictions(
        keys=np.array([key for key, _, _ in rows], dtype=np.int64),
        targets=targets,
        probabilities=probabilities,
        losses=-np.log(probabilities[np.arange(len(rows)), targets]),
    )


def keep(run: RunFolder, predictions: Predictions, split: Split = Split.VALID) -> None:
    save_predictions(run.predictions_of(split), predictions)
