"""What a run needs, taken out of the project before training. Imports the engine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, assert_never

import petstudio
from petstudio.api.errors import InputError, OptionError
from petstudio.api.events import RunResumed
from petstudio.api.language import tr
from petstudio.config.recipe import Recipe, Stage
from petstudio.config.recipe_file import load_recipe, save_recipe
from petstudio.engine.checkpoint import Checkpoint
from petstudio.engine.devices import engine_version
from petstudio.engine.model_info import ModelInfo
from petstudio.engine.plan import TrainingData, TrainingPlan
from petstudio.engine.processes import Processes
from petstudio.engine.training import Trainer
from petstudio.jobs.following import Heard, plan_for
from petstudio.jobs.plans import training_data
from petstudio.jobs.run_checkpoints import RunCheckpoints
from petstudio.jobs.split_badge import badge_of, save_badge
from petstudio.jobs.training import NewRun, ResumedRun, WantedRun
from petstudio.jobs.verifying import verify_pictures
from petstudio.plugin_host.host import PluginHost
from petstudio.project.project import Project
from petstudio.project.records import RunFolder, RunRecord, RunState

_START: Final = re.compile(r"(?P<run>[0-9]{1,9}):(?P<name>.+)")


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """All that a run needs; the project is closed while it goes on.

    Attributes:
        resumed: what to say and to put in order of a run that goes on; None for a new one.
        notices: sentences about the pictures.
    """

    trainer: Trainer
    info: ModelInfo
    data: TrainingData
    run: RunFolder
    processes: Processes
    resumed: RunResumed | None
    notices: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Beginning:
    """Where a run begins: a recipe, and a checkpoint unless it takes the model's own weights.

    `record` is the run that goes on, `file` its checkpoint's name; None and empty for a new run.
    A run that goes on and had none yet begins anew.
    """

    recipe: Recipe
    checkpoint: Checkpoint | None = None
    record: RunRecord | None = None
    file: str = ""


def prepare(host: PluginHost, path: Path, wanted: WantedRun, processes: Processes) -> Prepared:
    """Open the project for a moment, and take what is needed.

    Raises:
        InputError: the recipe, the run or the pictures cannot be used.
        IntegrityError: all checkpoints of the run are damaged.
    """
    with Project.open(path) as project:
        begin = _beginning(project, wanted)
        recipe, checkpoint = begin.recipe, begin.checkpoint
        plan = plan_for(host, path, recipe, has_weights=checkpoint is not None)
        data = training_data(project)
        notices = verify_pictures(project.usable(), project.data_root)
        processes.first_says(Heard(recipe=recipe, data=data, checkpoint=checkpoint))
        trainer = Trainer(plan, data, processes, checkpoint)
        info = _model_info(plan, data.classes, project.split_fingerprint())
        badge = badge_of(project)
        run = _run_folder(project, begin, wanted)
        save_badge(run, badge)
        return Prepared(
            trainer=trainer,
            info=info,
            data=data,
            run=run,
            processes=processes,
            resumed=_resumption(begin, trainer),
            notices=(*notices, *badge.notices),
        )


def start_checkpoint(project: Project, choice: str) -> Checkpoint:
    """Return the weights that a recipe's `start.checkpoint` names, such as "3:stage-1".

    Raises:
        InputError: there is no such run or checkpoint.
        IntegrityError: it is damaged.
    """
    match = _START.fullmatch(choice)
    if match is None:
        raise OptionError(
            "start.checkpoint",
            tr("“{choice}” is not RUN:CHECKPOINT, such as 3:last or 3:stage-1.", choice=choice),
        )
    folder = project.run(int(match["run"])).folder
    return replace(RunCheckpoints(folder).named(match["name"]), training=None)


def _beginning(project: Project, wanted: WantedRun) -> _Beginning:
    match wanted:
        case NewRun(recipe=recipe):
            return _Beginning(recipe=recipe, checkpoint=_branched_from(project, recipe))
        case ResumedRun():
            return _goes_on(project, wanted)
        case _:
            assert_never(wanted)


def _branched_from(project: Project, recipe: Recipe) -> Checkpoint | None:
    choice = recipe.start.checkpoint
    return start_checkpoint(project, choice) if choice else None


def _goes_on(project: Project, wanted: ResumedRun) -> _Beginning:
    record = project.resumable_run(wanted.number)
    if record.state is RunState.COMPLETED and not wanted.more_epochs:
        raise InputError(
            tr("Run {number} is complete.", number=record.number),
            cure=tr("Extend it with --epochs N, or start another one from it with --from."),
        )
    if record.split_fingerprint != project.split_fingerprint():
        raise InputError(
            tr(
                "Labels or splits have changed since run {number} began, so it cannot go on.",
                number=record.number,
            ),
            cure=tr(
                "Take the change back, or start a new run from it with --from {number}.",
                number=record.number,
            ),
        )
    recipe = load_recipe(record.folder.recipe_path)
    if wanted.more_epochs:
        recipe = replace(recipe, stages=(*recipe.stages, _more(recipe, wanted.more_epochs)))
    found = RunCheckpoints(record.folder).find_newest()
    if found is None:
        start = _branched_from(project, recipe)
        return _Beginning(recipe=recipe, checkpoint=start, record=record)
    kept, checkpoint = found
    return _Beginning(recipe=recipe, checkpoint=checkpoint, record=record, file=kept.file)


def _more(recipe: Recipe, epochs: int) -> Stage:
    last = recipe.stages[-1]
    return replace(last, name=f"{last.name}, more", epochs=epochs)


def _run_folder(project: Project, begin: _Beginning, wanted: WantedRun) -> RunFolder:
    """Return the folder of the run, a new one or one that goes on, in state RUNNING."""
    if isinstance(wanted, NewRun):
        return project.new_run(begin.recipe, wanted.name)
    assert begin.record is not None
    if wanted.more_epochs:
        save_recipe(begin.record.folder.recipe_path, begin.recipe)
    project.reopen_run(begin.record.number)
    return begin.record.folder


def _resumption(begin: _Beginning, trainer: Trainer) -> RunResumed | None:
    if begin.record is None:
        return None
    checkpoint, now = begin.checkpoint, trainer.conditions
    is_same = checkpoint is None or not begin.file or checkpoint.conditions == now
    return RunResumed(
        run=begin.record.number,
        step=trainer.steps_done,
        checkpoint=begin.file,
        is_exact=is_same and now.device == "cpu",
    )


def _model_info(plan: TrainingPlan, classes: tuple[str, ...], fingerprint: str) -> ModelInfo:
    recipe = plan.recipe
    versions: Mapping[str, Any] = {  # as a model's metadata holds them
        "petstudio": petstudio.__version__,
        "torch": engine_version(),
    }
    return ModelInfo(
        classes=classes,
        architecture=recipe.model.architecture,
        options=recipe.model.options,
        size=recipe.input.final_size,
        resize=recipe.input.resize,
        mean=plan.mean,
        std=plan.std,
        fingerprint=fingerprint,
        versions=versions,
    )
