"""Reading what the window shows of a project's runs."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

from petstudio.api.contributions import Split
from petstudio.api.errors import PetStudioError
from petstudio.api.events import CheckpointKind, StageStarted
from petstudio.api.language import tr
from petstudio.bridge.run_view import CheckpointView, RunEnd, RunsSeen, RunView
from petstudio.config.recipe import Recipe
from petstudio.config.recipe_file import load_recipe
from petstudio.project.checkpoints import CheckpointFolder, CheckpointRecord
from petstudio.project.event_log import read_events
from petstudio.project.project import Project
from petstudio.project.records import RunRecord, RunState

_ACCURACY: Final = "accuracy"
_ENDS: Final = {
    RunState.RUNNING: RunEnd.GOING,
    RunState.COMPLETED: RunEnd.DONE,
    RunState.CANCELLED: RunEnd.STOPPED,
    RunState.FAILED: RunEnd.FAILED,
    RunState.INTERRUPTED: RunEnd.BROKEN_OFF,
}


def look_at_runs(project: Project) -> RunsSeen:
    """Return all runs, oldest first; what cannot be read of one is left out."""
    trained = [image for image in project.usable() if image.split is Split.TRAIN]
    return RunsSeen(
        runs=tuple(_view(record) for record in project.runs()),
        classes=len(project.classes()),
        pictures=len(trained),
    )


def _view(record: RunRecord) -> RunView:
    folder = record.folder
    checkpoints = _checkpoints(folder.checkpoints_path)
    recipe = _recipe(folder.recipe_path)
    parent, _, start = recipe.start.checkpoint.partition(":")
    end = _ENDS[record.state]
    if end is RunEnd.GOING and not folder.is_held:
        end = RunEnd.BROKEN_OFF  # nobody has opened the project for writing since
    return RunView(
        number=record.number,
        name=record.name,
        end=end,
        parent=int(parent) if parent.isdecimal() else None,
        start=start,
        stages=recipe.stages[recipe.start.stage :],
        accuracy=record.metrics.get(_ACCURACY, math.nan),
        place=_place(checkpoints, recipe, folder.events_path) if end is RunEnd.BROKEN_OFF else "",
        checkpoints=tuple(_checkpoint(kept) for kept in reversed(checkpoints)),
    )


def _checkpoints(folder: Path) -> tuple[CheckpointRecord, ...]:
    try:
        return CheckpointFolder(folder, budget=0).records()
    except PetStudioError:
        return ()


def _checkpoint(record: CheckpointRecord) -> CheckpointView:
    return CheckpointView(
        name=record.label,
        stages_done=record.stage,
        accuracy=record.metrics.get(_ACCURACY, math.nan),
        step=record.step,
        ends_stage=record.kind is CheckpointKind.STAGE,
        size=record.size,
        file=record.file,
    )


def _place(checkpoints: tuple[CheckpointRecord, ...], recipe: Recipe, events: Path) -> str:
    """Return where a run can go on, such as "stage 2, epoch 3, batch 118"."""
    last = next((record for record in reversed(checkpoints) if record.is_full), None)
    if last is None or not recipe.stages:
        return ""
    if last.stage >= len(recipe.stages):
        return tr("the end of its last stage")
    before = sum(stage.epochs for stage in recipe.stages[: last.stage]) + last.epoch
    per_epoch = _steps_per_epoch(events)
    batch = last.step - before * per_epoch if per_epoch else 0
    where = tr("batch {batch:,}", batch=batch) if batch > 0 else tr("before its first batch")
    return tr(
        "stage {stage}, epoch {epoch}, {where}",
        stage=last.stage + 1,
        epoch=last.epoch + 1,
        where=where,
    )


def _steps_per_epoch(events: Path) -> int:
    try:
        told = read_events(events)
        return next((e.steps_per_epoch for e in told if isinstance(e, StageStarted)), 0)
    except PetStudioError:
        return 0


def _recipe(path: Path) -> Recipe:
    """Return the recipe of a run; one without stages if it cannot be read."""
    try:
        return load_recipe(path)
    except PetStudioError:
        return Recipe()
