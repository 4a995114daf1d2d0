"""Predicting files and folders with a finished model. Imports the engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from petstudio.api.control import RunControl
from petstudio.api.events import Emit, ImagePredicted, ImageSkipped, TopClass
from petstudio.config.atomic import replacing
from petstudio.config.settings import SettingsFile
from petstudio.engine.input.store import StorePlan
from petstudio.engine.joining import joined
from petstudio.engine.model_file import load_model
from petstudio.engine.model_info import read_info
from petstudio.engine.prediction import NOTHING_KEPT, FilePrediction, predict_files
from petstudio.engine.processes import Processes
from petstudio.jobs.job import Job
from petstudio.jobs.picture_cache import store_plan
from petstudio.jobs.picture_sources import gather
from petstudio.jobs.plans import guarded_architecture
from petstudio.jobs.predicted import Predicted
from petstudio.jobs.result_table import ResultTable
from petstudio.plugin_host.host import PluginHost
from petstudio.project.project import Project


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """What `predict` was asked for."""

    model: Path
    paths: tuple[Path, ...]
    are_gathered: bool
    csv_file: Path | None
    top: int
    not_sure_below: float | None

    def files(self) -> tuple[Path, ...]:
        return self.paths if self.are_gathered else gather(self.paths).files


def predict(
    host: PluginHost,
    model: Path,
    paths: Sequence[Path],
    *,
    are_gathered: bool = False,
    csv_file: Path | None = None,
    top: int = 1,
    not_sure_below: float | None = None,
) -> Job:
    """Return the job that classifies files and folders, in order; the first process tells.

    Paths that `are_gathered` are files that were there when somebody looked: one that is gone by
    now is skipped like any other that cannot be read. Otherwise it is an InputError.
    `model` is a `model.safetensors` or a project, whose latest finished run is taken.
    `not_sure_below` is the probability that a picture's first class needs; None takes the model's.
    """

    wanted = _Wanted(
        model=model,
        paths=tuple(paths),
        are_gathered=are_gathered,
        csv_file=csv_file,
        top=top,
        not_sure_below=not_sure_below,
    )

    def job(emit: Emit, control: RunControl) -> None:
        with joined(SettingsFile().values.hardware) as processes:
            _run(host, wanted, processes, emit, control)

    return job


def _run(
    host: PluginHost, wanted: _Wanted, processes: Processes, emit: Emit, control: RunControl
) -> None:
    file, files = processes.first_says(
        (_model_file(wanted.model), wanted.files()) if processes.is_first else (wanted.model, ())
    )
    info = read_info(file)
    architecture = guarded_architecture(host, host.architecture(info.architecture))
    network = load_model(file, info, architecture)
    threshold = info.reject_below if wanted.not_sure_below is None else wanted.not_sure_below
    kept = _kept(wanted.model)
    with _table(wanted, threshold, processes) as table:
        for found in predict_files(network, info, files, wanted.top, control, processes, kept):
            result = _predicted(found)
            emit(_event(result, threshold))
            if table is not None:
                table.add(result)


@contextmanager
def _table(wanted: _Wanted, threshold: float, processes: Processes) -> Iterator[ResultTable | None]:
    """Give the table for the results, if one is wanted of this process."""
    if wanted.csv_file is None or not processes.is_first:
        yield None
        return
    with replacing(wanted.csv_file) as stream:
        yield ResultTable(stream, top=wanted.top, sure_from=threshold)


def _model_file(model: Path) -> Path:
    if not model.is_dir():
        return model
    with Project.open(model) as project:
        return project.run(None).folder.model_path


def _kept(model: Path) -> StorePlan:
    """Return the plan that reads what a project has decoded before, and keeps nothing more."""
    if not model.is_dir():
        return NOTHING_KEPT
    return replace(store_plan(model, seen_once=True), disk_budget=0)


def _predicted(found: FilePrediction) -> Predicted:
    if found.error is not None:
        return Predicted(path=found.path, reason=found.error.reason.value)
    top = tuple(TopClass(label=name, probability=share) for name, share in found.top)
    return Predicted(path=found.path, top=top)


def _event(found: Predicted, threshold: float) -> ImagePredicted | ImageSkipped:
    path = str(found.path)
    if found.reason:
        return ImageSkipped(path=path, reason=found.reason)
    return ImagePredicted(path=path, top=found.top, is_sure=found.is_sure(threshold))
