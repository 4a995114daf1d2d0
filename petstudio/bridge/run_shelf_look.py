"""Reading all that the Runs page shows of a project's runs at once."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from petstudio.api.errors import PetStudioError
from petstudio.api.events import EvaluationFinished, Event, RunFinished, from_json
from petstudio.bridge.run_look import look_at_runs
from petstudio.bridge.run_row import RunFigures, RunRow, ShelfSeen
from petstudio.bridge.run_settings import settings_of
from petstudio.bridge.run_view import RunView
from petstudio.config.recipe_file import load_recipe
from petstudio.project.layout import size_on_disk
from petstudio.project.project import Project
from petstudio.project.records import Access, RunFolder, RunRecord
from petstudio.project.run_notes import RunNotes

_TAIL_BYTES: Final = 1 << 18  # the evaluation of a thousand classes and the end fit into it
_VALID: Final = "valid"


def look_at_shelf(path: Path, known: Mapping[Path, RunFigures]) -> ShelfSeen:
    """Read the runs; figures in `known`, by folder, are taken where the files are the same.

    Raises:
        PetStudioError: the project cannot be opened.
    """
    with Project.open(path, Access.READ) as project:
        return shelf_of(project, known)


def shelf_of(project: Project, known: Mapping[Path, RunFigures]) -> ShelfSeen:
    """Read the runs of an opened project."""
    views = {view.number: view for view in look_at_runs(project).runs}
    notes = project.run_notes.all()
    return ShelfSeen(
        project=project.path,
        rows=tuple(
            _row(record, views[record.number], notes.get(record.number, RunNotes()), known)
            for record in project.runs()
            if record.number in views
        ),
        baseline=project.run_notes.baseline,
        trashed=project.trashed_runs(),
    )


def _row(
    record: RunRecord, view: RunView, notes: RunNotes, known: Mapping[Path, RunFigures]
) -> RunRow:
    stamp = _stamp(record.folder)
    figures = known.get(record.folder.path)
    if figures is None or figures.stamp != stamp:
        figures = _figures(record.folder, stamp)
    return RunRow(
        view=view,
        folder=record.folder,
        started=record.started,
        fingerprint=record.split_fingerprint,
        figures=figures,
        notes=notes,
        metrics=record.metrics,
    )


def _stamp(folder: RunFolder) -> tuple[int, ...]:
    parts = (folder.path, folder.recipe_path, folder.events_path, folder.checkpoints_path)
    return tuple(number for path in parts for number in _state(path))


def _state(path: Path) -> tuple[int, int]:
    try:
        status = path.lstat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


def _figures(folder: RunFolder, stamp: tuple[int, ...]) -> RunFigures:
    evaluation, end = None, None
    for event in _last_events(folder.events_path):
        if isinstance(event, EvaluationFinished) and event.split == _VALID:
            evaluation = event
        if isinstance(event, RunFinished):
            end = event
    return RunFigures(
        stamp=stamp,
        settings=_settings(folder.recipe_path),
        correct=evaluation.correct if evaluation else 0,
        images=evaluation.images if evaluation else 0,
        loss=evaluation.loss if evaluation else math.nan,
        seconds=end.seconds if end else math.nan,
        size=size_on_disk(folder.path),
    )


def _settings(path: Path) -> dict[str, str]:
    try:
        return settings_of(load_recipe(path))
    except PetStudioError:
        return {}


def _last_events(path: Path) -> Iterator[Event]:
    """Yield the events at the end of a log; what cannot be read is left out."""
    try:
        with path.open("rb") as stream:
            stream.seek(max(0, os.fstat(stream.fileno()).st_size - _TAIL_BYTES))
            lines = stream.read(_TAIL_BYTES).split(b"\n")
    except OSError:
        return
    for line in lines:
        if b'"EvaluationFinished"' in line[:40] or b'"RunFinished"' in line[:40]:
            try:
                yield from_json(line.decode("ascii"))
            except (PetStudioError, UnicodeDecodeError):
                continue
