"""A run from start to finish: plan, train, save, evaluate, report. Imports the engine."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import petstudio
from petstudio.api.control import RunControl
from petstudio.api.errors import ConflictError, PetStudioError, RunCancelledError
from petstudio.api.events import Emit, Event, ModelSaved, Outcome, RunFinished
from petstudio.config.placement import Placement
from petstudio.config.recipe import ALL_GPUS, Recipe
from petstudio.engine.devices import engine_version
from petstudio.engine.joining import explained, joined
from petstudio.engine.model_file import ModelInfo, save_model
from petstudio.engine.plan import TrainingPlan
from petstudio.engine.processes import Processes, gpu_count
from petstudio.engine.training import Trainer
from petstudio.jobs.evaluating import conclude
from petstudio.jobs.following import follow, plan_for
from petstudio.jobs.launching import Launch, TrainingCall, launch_training
from petstudio.jobs.plans import training_data
from petstudio.plugin_host.host import PluginHost
from petstudio.project.event_log import EventLog
from petstudio.project.project import Project
from petstudio.project.records import RunFolder, RunState

_PATIENCE_S: Final = 30.0  # opening waits by itself for a moment, so this is no busy loop


@dataclass(frozen=True, kw_only=True)
class _Prepared:
    """All that a run needs, taken out of the project, which is closed while the run goes on."""

    trainer: Trainer
    plan: TrainingPlan
    info: ModelInfo
    run: RunFolder
    processes: Processes


def run_training(
    host: PluginHost,
    project: Path,
    recipe: Recipe,
    name: str,
    emit: Emit,
    control: RunControl,
) -> None:
    """Train on a project; see `petstudio.jobs.training.train`.

    Of several processes each calls this. One that is alone and shall use all GPUs starts them.
    """
    count = gpu_count()
    is_alone = Placement.of(os.environ).is_alone
    if recipe.training.device == ALL_GPUS and is_alone and count > 1:
        call = TrainingCall(
            project=project, recipe=recipe, name=name, safe_mode=host.is_in_safe_mode
        )
        launch_training(call, Launch(count=count), emit, control)
        return
    with joined() as processes:
        if processes.is_first:
            prepared = _prepare(host, project, recipe, name, processes)
            _run(host, project, prepared, emit, control)
        else:
            follow(host, project, processes)


def _run(
    host: PluginHost, project: Path, prepared: _Prepared, emit: Emit, control: RunControl
) -> None:
    started = time.monotonic()
    with prepared.run.hold(), EventLog(prepared.run.events_path) as log:

        def record(event: Event) -> None:
            log.append(event)
            emit(event)

        def end(outcome: Outcome, metrics: Mapping[str, float], message: str = "") -> None:
            seconds = time.monotonic() - started
            log.append(RunFinished(outcome=outcome, seconds=seconds, message=message))
            _note_end(project, prepared.run.number, RunState(outcome.value), metrics)

        try:
            metrics = _train(host, project, prepared, record, control)
        except RunCancelledError as error:
            end(Outcome.CANCELLED, {}, error.kept)
            raise
        except PetStudioError as error:
            end(Outcome.FAILED, {}, str(error))
            raise
        end(Outcome.COMPLETED, metrics)


def _note_end(project: Path, number: int, state: RunState, metrics: Mapping[str, float]) -> None:
    """Write how a run ended; waits while somebody else is writing to the project."""
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            with Project.open(project) as opened:
                opened.finish_run(number, state, metrics)
                return
        except ConflictError:
            if time.monotonic() > deadline:
                raise


def _prepare(
    host: PluginHost, path: Path, recipe: Recipe, name: str, processes: Processes
) -> _Prepared:
    plan = plan_for(host, path, recipe)
    with Project.open(path) as project:
        data = training_data(project)
        processes.first_says((recipe, data))
        trainer = Trainer(plan, data, processes)
        info = _model_info(plan, data.classes, project.split_fingerprint())
        run = project.new_run(recipe, name)
    return _Prepared(trainer=trainer, plan=plan, info=info, run=run, processes=processes)


def _train(
    host: PluginHost, project: Path, prepared: _Prepared, record: Emit, control: RunControl
) -> Mapping[str, float]:
    run, trainer = prepared.run, prepared.trainer
    try:
        with explained(prepared.processes):
            predictions = trainer.run(run.number, str(run.path), record, control)
    except RunCancelledError:
        raise RunCancelledError(_keep(prepared)) from None
    save_model(run.model_path, trainer.network, prepared.info)
    record(ModelSaved(path=str(run.model_path)))
    return conclude(host, project, run, predictions, record)


def _keep(prepared: _Prepared) -> str:
    """Save what a cancelled run has learned so far, and say so."""
    steps = prepared.trainer.steps_done
    if not steps:
        return ""
    save_model(prepared.run.model_path, prepared.trainer.network, prepared.info)
    return f"The model as trained for {steps} steps is kept in {prepared.run.model_path}."


def _model_info(plan: TrainingPlan, classes: tuple[str, ...], fingerprint: str) -> ModelInfo:
    recipe = plan.recipe
    versions: dict[str, Any] = {"petstudio": petstudio.__version__, "torch": engine_version()}
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
