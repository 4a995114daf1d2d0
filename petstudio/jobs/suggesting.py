"""Suggesting labels with a finished run; what it finds is kept with the project. Imports torch."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from petstudio.api.control import RunControl
from petstudio.api.errors import InputError
from petstudio.api.events import Emit, ImageSkipped, NoticeGiven, NoticeLevel, ProgressMade
from petstudio.api.language import counted, tr
from petstudio.config.settings import SettingsFile
from petstudio.engine.model_file import load_model
from petstudio.engine.model_info import ModelInfo, read_info
from petstudio.engine.prediction import predict_files
from petstudio.engine.processes import ALONE
from petstudio.jobs.absences import within_reach
from petstudio.jobs.job import Job
from petstudio.jobs.patience import open_patiently
from petstudio.jobs.picture_cache import store_plan
from petstudio.jobs.plans import guarded_architecture
from petstudio.plugin_host.host import PluginHost
from petstudio.project.project import Project
from petstudio.project.records import Access
from petstudio.project.suggestions import TOP, save_suggestions, suggestions_of

_TASK: Final = tr("Suggesting labels")
_Found = tuple[int, Sequence[tuple[str, float]]]


@dataclass(frozen=True, kw_only=True)
class _Subject:
    run: int
    model: Path
    files: Mapping[Path, int]


def suggest(host: PluginHost, project: Path, *, run: int | None = None) -> Job:
    """Return the job that suggests labels for the pictures that nobody has decided on.

    Where all are decided on, it looks at all pictures, so that the doubtful ones can be looked
    through. `run` None is the latest finished one.
    """

    def job(emit: Emit, control: RunControl) -> None:
        subject = _subject(project, run, emit)
        emit(ProgressMade(task=_TASK, done=0, total=len(subject.files)))
        info = read_info(subject.model)
        found = _predict(host, project, subject, info, emit, control)
        with closing(found):
            suggestions = suggestions_of(subject.run, info.classes, found)
        with open_patiently(project):  # so that only one process writes
            save_suggestions(project, suggestions)
        words = counted(
            len(suggestions),
            "Run {run} suggests labels for {count:,} picture.",
            "Run {run} suggests labels for {count:,} pictures.",
            run=subject.run,
        )
        emit(NoticeGiven(level=NoticeLevel.INFO, message=words))

    return job


def _subject(project: Path, run: int | None, emit: Emit) -> _Subject:
    with Project.open(project, Access.READ) as opened:
        record, root = opened.run(run), opened.data_root
        readable = [image for image in opened.images() if image.unreadable is None]
    wanted = [image for image in readable if image.is_undecided] or readable
    if not record.folder.model_path.is_file():
        raise InputError(
            tr("Run {number} has no model.", number=record.number), cure=tr("Choose another run.")
        )
    wanted = within_reach(wanted, root, emit)
    return _Subject(
        run=record.number,
        model=record.folder.model_path,
        files={root / image.path: image.id for image in wanted},
    )


def _predict(
    host: PluginHost,
    project: Path,
    subject: _Subject,
    info: ModelInfo,
    emit: Emit,
    control: RunControl,
) -> Generator[_Found]:
    architecture = guarded_architecture(host, host.architecture(info.architecture))
    network = load_model(subject.model, info, architecture)
    kept = replace(store_plan(project, seen_once=True), disk_budget=0)  # nothing more is kept
    files = tuple(subject.files)
    alone = replace(ALONE, hardware=SettingsFile().values.hardware)
    answers = predict_files(network, info, files, TOP, control, alone, kept)
    for done, answer in enumerate(answers, start=1):
        if answer.error is not None:
            emit(ImageSkipped(path=str(answer.path), reason=answer.error.reason.value))
        else:
            yield subject.files[answer.path], answer.top
        emit(ProgressMade(task=_TASK, done=done, total=len(files)))
