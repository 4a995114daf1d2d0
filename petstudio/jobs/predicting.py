"""Predicting files and folders with a finished model. Imports the engine."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import IO, Final

from petstudio.api.control import RunControl
from petstudio.api.errors import InputError
from petstudio.api.events import Emit, ImagePredicted, ImageSkipped, TopClass
from petstudio.config.atomic import replacing
from petstudio.config.settings import SettingsFile
from petstudio.engine.input.store import StorePlan
from petstudio.engine.joining import joined
from petstudio.engine.model_file import load_model
from petstudio.engine.model_info import read_info
from petstudio.engine.prediction import NOTHING_KEPT, FilePrediction, predict_files
from petstudio.engine.processes import Processes
from petstudio.images.listing import list_images
from petstudio.jobs.job import Job
from petstudio.jobs.picture_cache import store_plan
from petstudio.jobs.plans import guarded_architecture
from petstudio.jobs.spreadsheet import plain_cell
from petstudio.plugin_host.host import PluginHost
from petstudio.project.names import shown_text
from petstudio.project.project import Project


def predict(
    host: PluginHost,
    model: Path,
    paths: Sequence[Path],
    *,
    csv_file: Path | None = None,
    top: int = 1,
    not_sure_below: float | None = None,
) -> Job:
    """Return the job that classifies files and folders, in order; the first process tells.

    `model` is a `model.safetensors` or a project, whose latest finished run is taken.
    `not_sure_below` is the probability that a picture's first class needs; None takes the model's.
    """

    def job(emit: Emit, control: RunControl) -> None:
        with joined(SettingsFile().values.hardware) as processes:
            run(processes, emit, control)

    def run(processes: Processes, emit: Emit, control: RunControl) -> None:
        file, files = processes.first_says(
            (_model_file(model), tuple(_files(paths))) if processes.is_first else (model, ())
        )
        info = read_info(file)
        architecture = guarded_architecture(host, host.architecture(info.architecture))
        network = load_model(file, info, architecture)
        threshold = info.reject_below if not_sure_below is None else not_sure_below
        with ExitStack() as stack:
            table = None
            if csv_file is not None and processes.is_first:
                table = _Table(stack.enter_context(replacing(csv_file)), top)
            for found in predict_files(network, info, files, top, control, processes, _kept(model)):
                event = _event(found, threshold)
                emit(event)
                if table is not None:
                    table.add(event)

    return job


class _Table:
    """A CSV table of predictions; cells that a spreadsheet would run as formulas are quoted."""

    def __init__(self, stream: IO[bytes], top: int) -> None:
        self._stream = stream
        self._top = top
        ranks = range(1, top + 1)
        self._write(["path", *[f"{word}_{rank}" for rank in ranks for word in _COLUMNS], *_LAST])

    def add(self, found: ImagePredicted | ImageSkipped) -> None:
        path = plain_cell(shown_text(found.path))
        if isinstance(found, ImageSkipped):
            self._write([path, *[""] * (len(_COLUMNS) * self._top), found.reason, ""])
            return
        cells = [
            cell
            for item in found.top
            for cell in (plain_cell(shown_text(item.label)), f"{item.probability:.6f}")
        ]
        missing = len(_COLUMNS) * self._top - len(cells)
        self._write([path, *cells, *[""] * missing, "", "yes" if found.is_sure else "no"])

    def _write(self, row: Sequence[str]) -> None:
        text = io.StringIO()
        csv.writer(text).writerow(row)
        self._stream.write(text.getvalue().encode("utf-8", "backslashreplace"))


_COLUMNS: Final = ("class", "probability")
_LAST: Final = ("error", "sure")


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            listing = list_images(path)
            yield from (path / name for name in listing.files)
        elif path.exists():
            yield path
        else:
            raise InputError(f"{path} is not there.", cure="Give pictures or folders of pictures.")


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


def _event(found: FilePrediction, threshold: float) -> ImagePredicted | ImageSkipped:
    if found.error is not None:
        return ImageSkipped(path=str(found.path), reason=found.error.reason.value)
    top = tuple(TopClass(label=name, probability=share) for name, share in found.top)
    is_sure = top[0].probability >= threshold
    return ImagePredicted(path=str(found.path), top=top, is_sure=is_sure)
