"""A real training job that tells a written story instead of training."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Gate
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget

from petstudio.api.control import RunControl
from petstudio.api.errors import RunCancelledError
from petstudio.api.events import (
    Emit,
    EpochFinished,
    EvaluationFinished,
    GroupPlan,
    ModelSaved,
    ProgressMade,
    RunStarted,
    StageStarted,
    StepFinished,
)
from petstudio.bridge.idle_steps import Pieces
from petstudio.config.recipe import ModelChoice, Recipe, Stage
from petstudio.jobs.job import Job
from petstudio.ui.page import Page

PageT = TypeVar("PageT", bound=Page)
STEPS_PER_EPOCH = 4
KEPT = "The model as trained so far is kept."
RECIPE = Recipe(
    model=ModelChoice(weights="none"),
    stages=(Stage(name="head", epochs=2), Stage(name="all layers", epochs=1, trainable="all")),
)
_WAIT_S = 0.005


@dataclass
class Story:
    """Makes jobs; each waits before step `hold_at` until `go_on` is set, and fails at `fail_at`."""

    hold_at: int | None = None
    fail_at: int | None = None
    go_on: Gate = field(default_factory=Gate)
    asked_for: list[tuple[Path, Recipe]] = field(default_factory=list)

    def make_job(self, _host: object, project: Path, recipe: Recipe) -> Job:
        self.asked_for.append((project, recipe))

        def job(emit: Emit, control: RunControl) -> None:
            try:
                self._tell(recipe, emit, control)
            except RunCancelledError:
                raise RunCancelledError(KEPT) from None

        return job

    def _tell(self, recipe: Recipe, emit: Emit, control: RunControl) -> None:
        emit(ProgressMade(task="Loading the engine", done=0))
        emit(run_started(recipe))
        step = 0
        for number, stage in enumerate(recipe.stages):
            emit(stage_started(number, stage))
            for epoch in range(stage.epochs):
                for _ in range(STEPS_PER_EPOCH):
                    self._wait(step, control)
                    emit(step_finished(number, epoch, step))
                    step += 1
                emit(epoch_finished(number, epoch, step - 1))
        emit(ModelSaved(path="runs/3/model.safetensors"))
        emit(evaluation())

    def _wait(self, step: int, control: RunControl) -> None:
        if step == self.fail_at:
            raise RuntimeError("the cable is loose")
        control.checkpoint()
        while step == self.hold_at and not self.go_on.wait(_WAIT_S):
            control.checkpoint()


def whole(page: PageT) -> PageT:
    """Build all that a window would build of the page."""
    Pieces(page.pieces()).finish()
    return page


def bury(widget: QWidget) -> None:
    """Delete a window now; else each later test would restyle it once more."""
    widget.close()
    widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def all_events(recipe: Recipe = RECIPE) -> Iterator[object]:
    """The events of a story that is told to its end."""
    events: list[object] = []
    Story()._tell(recipe, events.append, RunControl())
    return iter(events)


def run_started(recipe: Recipe) -> RunStarted:
    return RunStarted(
        run=3,
        folder="runs/3",
        architecture=recipe.model.architecture,
        classes=("cat", "dog"),
        train=64,
        valid=128,
        batch_size=16,
        steps=STEPS_PER_EPOCH * sum(stage.epochs for stage in recipe.stages),
        device="cpu",
        precision="float32",
        threads=2,
    )


def stage_started(number: int, stage: Stage) -> StageStarted:
    trains_all = stage.trainable == "all"
    return StageStarted(
        stage=number,
        name=stage.name,
        epochs=stage.epochs,
        steps_per_epoch=STEPS_PER_EPOCH,
        scheduler=stage.scheduler,
        groups=(
            GroupPlan(name="layers", parameters=2000, trainable=2000, rate=1e-5)
            if trains_all
            else GroupPlan(name="layers", parameters=2000, trainable=0, rate=0.0),
            GroupPlan(name="head", parameters=500, trainable=500, rate=3e-3),
        ),
    )


def step_finished(stage: int, epoch: int, step: int) -> StepFinished:
    return StepFinished(
        stage=stage,
        epoch=epoch,
        step=step,
        loss=2.0 / (step + 1),
        smoothed_loss=2.1 / (step + 1),
        rate=3e-3,
        momentum=0.9,
        images_per_second=32.0,
    )


def epoch_finished(stage: int, epoch: int, step: int) -> EpochFinished:
    return EpochFinished(
        stage=stage,
        epoch=epoch,
        step=step,
        train_loss=0.6,
        mean_train_loss=0.7,
        valid_loss=0.5 / (step + 1),
        metrics={"accuracy": 1 - 1 / (step + 2)},
        seconds=4.0,
    )


def evaluation() -> EvaluationFinished:
    return EvaluationFinished(
        run=3, split="valid", images=128, correct=121, loss=0.2, metrics={}, most_confused=()
    )
