"""A project of runs that told their story in a log and left predictions, made without torch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from kept_runs import write_model
from PIL import Image

from petstudio.api.contributions import Split
from petstudio.api.events import (
    CheckpointKind,
    EpochFinished,
    EvaluationFinished,
    Event,
    Outcome,
    RunFinished,
    RunStarted,
    StepFinished,
)
from petstudio.config.recipe import Recipe, Stage, StartChoice
from petstudio.engine.predictions import Predictions, save_predictions
from petstudio.project.checkpoints import CheckpointFolder, NewCheckpoint
from petstudio.project.event_log import EventLog
from petstudio.project.project import Project
from petstudio.project.records import NewImage, RunFolder, RunState, Source

CLASSES = ("Beagle", "Birman", "Boxer")
IMAGES = 12
STEPS = 5  # of an epoch
HEAD = Recipe(stages=(Stage(name="head", epochs=3, rate=(3e-3,)),))
ALL = Recipe(
    start=StartChoice(checkpoint="1:stage-1"),
    stages=(Stage(name="all", epochs=2, trainable="all", rate=(1e-6, 1e-4)),),
)


def new_project(folder: Path) -> Path:
    """Make a project of validation pictures that are there, a third of each class."""
    root = folder / "pictures"
    root.mkdir()
    images = []
    for place in range(IMAGES):
        Image.new("RGB", (32, 24), (20 * place, 90, 60)).save(root / f"{place}.png")
        label = CLASSES[place % len(CLASSES)]
        images.append(NewImage(path=f"{place}.png", label=label, split=Split.VALID))
    source = Source(loader="folder")
    with Project.create(folder / "pets.petstudio", source=source, root=root, images=images) as made:
        return made.path


def told_run(
    project: Project,
    name: str,
    curve: Sequence[tuple[float, float]],
    *,
    recipe: Recipe = HEAD,
    wrong: Sequence[int] = (),
) -> RunFolder:
    """Add a finished run; `curve` holds loss and accuracy of each epoch, `wrong` are image ids."""
    folder = project.new_run(recipe, name)
    keys = [image.id for image in project.usable()]
    right = len(keys) - len(wrong)
    with EventLog(folder.events_path) as log:
        for event in _story(folder, curve, right, len(keys)):
            log.append(event)
    _keep_checkpoint(folder, len(curve))
    _keep_predictions(folder, keys, wrong)
    write_model(folder.model_path)
    metrics = {"accuracy": right / len(keys), "top-k": 1.0}
    project.finish_run(folder.number, RunState.COMPLETED, metrics)
    return folder


def _story(
    folder: RunFolder, curve: Sequence[tuple[float, float]], right: int, images: int
) -> list[Event]:
    started = RunStarted(
        run=folder.number, folder=str(folder.path), architecture="resnet34", classes=CLASSES,
        train=80, valid=images, batch_size=16, steps=STEPS * len(curve), device="cpu",
        precision="float32", threads=1,
    )  # fmt: skip
    events: list[Event] = [started]
    for epoch, (loss, accuracy) in enumerate(curve):
        events += (_step(epoch * STEPS + step, epoch) for step in range(STEPS))
        events.append(
            EpochFinished(
                stage=0,
                epoch=epoch,
                step=(epoch + 1) * STEPS,
                train_loss=loss,
                mean_train_loss=loss,
                valid_loss=loss,
                metrics={"accuracy": accuracy},
                seconds=2.0,
            )
        )
    events.append(
        EvaluationFinished(
            run=folder.number,
            split="valid",
            images=images,
            correct=right,
            loss=curve[-1][0],
            metrics={"accuracy": right / images},
            most_confused=(),
        )
    )
    events.append(RunFinished(outcome=Outcome.COMPLETED, seconds=2.0 * len(curve)))
    return events


def _step(step: int, epoch: int) -> StepFinished:
    return StepFinished(
        stage=0, epoch=epoch, step=step, loss=1.0, smoothed_loss=1.0, rate=1e-3, momentum=0.9,
        images_per_second=100.0,
    )  # fmt: skip


def _keep_checkpoint(folder: RunFolder, epochs: int) -> None:
    new = NewCheckpoint(
        kind=CheckpointKind.STAGE, step=epochs * STEPS, stage=1, epoch=0, name="stage-1"
    )
    checkpoints = CheckpointFolder(folder.checkpoints_path, budget=1 << 30)
    checkpoints.add(new, lambda stream: stream.write(b"weights"))


def _keep_predictions(folder: RunFolder, keys: Sequence[int], wrong: Sequence[int]) -> None:
    targets = np.arange(len(keys), dtype=np.int64) % len(CLASSES)
    is_wrong = np.isin(np.array(keys), list(wrong)).astype(np.int64)
    probabilities = np.full((len(keys), len(CLASSES)), 0.1, dtype=np.float32)
    probabilities[np.arange(len(keys)), (targets + is_wrong) % len(CLASSES)] = 0.8
    own = probabilities[np.arange(len(keys)), targets]
    predictions = Predictions(
        keys=np.array(keys, dtype=np.int64),
        targets=targets,
        probabilities=probabilities,
        losses=-np.log(own),
    )
    save_predictions(folder.predictions_path, predictions)
