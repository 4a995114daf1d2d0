"""A run from start to finish: prepare, train, save, evaluate, report. Imports the engine."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path

from petstudio.api.control import RunControl
from petstudio.api.errors import (
    IntegrityError,
    MachineError,
    PetStudioError,
    RunCancelledError,
)
from petstudio.api.events import (
    Emit,
    Event,
    ModelSaved,
    NoticeGiven,
    NoticeLevel,
    Outcome,
    RunFinished,
    TrainingDiverged,
)
from petstudio.api.language import tr
from petstudio.config.placement import Placement
from petstudio.config.recipe import ALL_GPUS, Recipe
from petstudio.config.recipe_file import load_recipe
from petstudio.config.settings import SettingsFile
from petstudio.engine.joining import explained, joined
from petstudio.engine.model_file import save_model
from petstudio.engine.processes import gpu_count
from petstudio.engine.reporting import StepDivergedError
from petstudio.engine.training import Listener
from petstudio.jobs.evaluating import conclude
from petstudio.jobs.following import follow
from petstudio.jobs.launching import Launch, TrainingCall, launch_training
from petstudio.jobs.patience import open_patiently
from petstudio.jobs.preparing import Prepared, prepare
from petstudio.jobs.results import forget_results
from petstudio.jobs.run_checkpoints import RunCheckpoints
from petstudio.jobs.training import NewRun, WantedRun
from petstudio.plugin_host.host import PluginHost
from petstudio.project.event_log import EventLog, cut_events_after
from petstudio.project.project import Project
from petstudio.project.records import Access, RunState


def run_training(
    host: PluginHost, project: Path, wanted: WantedRun, emit: Emit, control: RunControl
) -> None:
    """Train on a project; see `petstudio.jobs.training`.

    Of several processes each calls this. One that is alone and shall use all GPUs starts them.
    """
    count = gpu_count()
    if count > 1 and Placement.of(os.environ).is_alone:
        recipe = _recipe(project, wanted)
        if recipe.training.device == ALL_GPUS:
            call = TrainingCall(
                project=project, recipe=recipe, wanted=wanted, safe_mode=host.is_in_safe_mode
            )
            launch_training(call, Launch(count=count), emit, control)
            return
    with joined(SettingsFile().values.hardware) as processes:
        if processes.is_first:
            _run(host, project, prepare(host, project, wanted, processes), emit, control)
        else:
            follow(host, project, processes)


def _recipe(project: Path, wanted: WantedRun) -> Recipe:
    if isinstance(wanted, NewRun):
        return wanted.recipe
    with Project.open(project, Access.READ) as opened:
        return load_recipe(opened.resumable_run(wanted.number).folder.recipe_path)


def _run(
    host: PluginHost, project: Path, prepared: Prepared, emit: Emit, control: RunControl
) -> None:
    started = time.monotonic()
    with prepared.run.hold():
        if prepared.resumed is not None:
            resumed, path = prepared.resumed, prepared.run.events_path
            cut_events_after(path, resumed.checkpoint, resumed.step)
            RunCheckpoints(prepared.run).sweep()
        with EventLog(prepared.run.events_path) as log:

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
            except Exception as error:  # whatever a plugin or a library raises; told by the job
                end(Outcome.FAILED, {}, f"{type(error).__name__}: {error}")
                raise
            end(Outcome.COMPLETED, metrics)


def _note_end(project: Path, number: int, state: RunState, metrics: Mapping[str, float]) -> None:
    with open_patiently(project) as opened:
        opened.finish_run(number, state, metrics)


def _train(
    host: PluginHost, project: Path, prepared: Prepared, record: Emit, control: RunControl
) -> Mapping[str, float]:
    run, trainer = prepared.run, prepared.trainer
    settings = SettingsFile().values
    listener = Listener(
        emit=record,
        control=control,
        store=RunCheckpoints(run, record, settings),
        interval_s=settings.checkpoint_seconds,
    )
    if prepared.resumed is not None:
        record(prepared.resumed)
    for notice in prepared.notices:
        record(NoticeGiven(level=NoticeLevel.WARNING, message=notice))
    try:
        with explained(prepared.processes):
            predictions = trainer.run(run.number, str(run.path), listener)
    except RunCancelledError:
        raise RunCancelledError(_keep(prepared, trainer.steps_done)) from None
    except StepDivergedError as error:
        record(_divergence(prepared, error))
        raise
    _save(prepared)
    record(ModelSaved(path=str(run.model_path)))
    return conclude(host, project, run, predictions, record)


def _divergence(prepared: Prepared, error: StepDivergedError) -> TrainingDiverged:
    place, paths = error.place, prepared.data.train.paths
    try:
        kept = _keep(prepared, prepared.trainer.recover()) or tr("Nothing is kept.")
    except (IntegrityError, MachineError) as failure:
        kept = tr("Nothing is kept: {failure}", failure=failure)
    return TrainingDiverged(
        step=place.step,
        rate=place.rate,
        loss=error.loss,
        paths=tuple(str(paths[index]) for index in place.pictures),
        kept=kept,
    )


def _keep(prepared: Prepared, steps: int) -> str:
    """Save what a run that did not end has learned in so many steps, and say so."""
    if not steps:
        return ""
    _save(prepared)
    return tr(
        "The model as trained for {steps} steps is kept in {model_path}; run {number} "
        "can be resumed.",
        steps=steps,
        model_path=prepared.run.model_path,
        number=prepared.run.number,
    )


def _save(prepared: Prepared) -> None:
    """Save the model as it is now; the results of an earlier one of the run go."""
    forget_results(prepared.run)
    save_model(prepared.run.model_path, prepared.trainer.network, prepared.info)
