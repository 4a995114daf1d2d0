"""Reading the labels of an opened project, and what stands beside them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from petstudio.api.errors import IntegrityError
from petstudio.bridge.label_view import LabelView, hits_of, tally_of
from petstudio.images.roots import Root
from petstudio.project.image_columns import ImageColumns
from petstudio.project.image_tags import load_tags
from petstudio.project.project import Project
from petstudio.project.records import Edit, RunFolder, RunState
from petstudio.project.suggestions import Suggestions, load_suggestions

_RECENT: Final = 500
"""Edited pictures in which the last decisions about suggestions are looked for."""

T = TypeVar("T")


def labels_of(
    project: Project,
    root: Root | None,
    records: ImageColumns,
    history: tuple[Edit, ...],
) -> LabelView:
    """Return the labels; a damaged file of tags or suggestions becomes a sentence."""
    problems: list[str] = []
    suggestions = _with_names_of_today(project, _read(load_suggestions, project.path, problems))
    runs = _finished_runs(project)
    hits, decisions = hits_of(project.recent_images(_RECENT), records, suggestions)
    return LabelView(
        root=root,
        records=records,
        tally=tally_of(records, suggestions),
        history=history,
        tags=_read(load_tags, project.path, problems) or {},
        suggestions=suggestions,
        suggesting_run=runs.get(suggestions.run) if suggestions is not None else None,
        runs=tuple(runs),
        hits=hits,
        decisions=decisions,
        problem=" ".join(problems),
    )


def _with_names_of_today(project: Project, suggestions: Suggestions | None) -> Suggestions | None:
    """Let classes that the run knew by another name follow what they were renamed to."""
    if suggestions is None:
        return None
    started = [run.started for run in project.runs() if run.number == suggestions.run]
    names = {name: name for name in suggestions.classes}
    for rename in project.renames() if started else ():
        if rename.when >= started[0]:
            names = {was: rename.new if now == rename.old else now for was, now in names.items()}
    return suggestions.renamed(names)


def _finished_runs(project: Project) -> dict[int, RunFolder]:
    """Return those that have a model, the newest first."""
    return {
        run.number: run.folder
        for run in reversed(project.runs())
        if run.state is RunState.COMPLETED and run.folder.model_path.is_file()
    }


def _read(load: Callable[[Path], T], project: Path, problems: list[str]) -> T | None:
    try:
        return load(project)
    except IntegrityError as error:
        problems.append(str(error))
        return None
