"""Predicted pictures become pictures of the project, with suggestions for their labels."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from petstudio.api.contributions import Split
from petstudio.api.errors import InputError
from petstudio.api.language import tr
from petstudio.images.roots import Root, paths_of
from petstudio.jobs.model_files import ModelFile
from petstudio.jobs.predicted import Predicted
from petstudio.project.project import Project
from petstudio.project.records import ImageRecord, NewImage
from petstudio.project.suggestions import (
    Suggestions,
    load_suggestions,
    save_suggestions,
    suggestions_of,
)


@dataclass(frozen=True, kw_only=True)
class Added:
    """How many pictures got a suggestion, and how many of these are new in the project.

    `decided` have a label already, `outside` lie elsewhere than the project's pictures, `gone` were
    there when they were looked at, and `unreadable` have no class.
    """

    suggested: int
    new: int
    decided: int
    outside: int
    gone: int
    unreadable: int


def add_as_suggestions(project: Project, found: Iterable[Predicted], model: ModelFile) -> Added:
    """Add pictures below the project's folders, and suggest for each what the model takes it for.

    What is gone by now is left out. Suggestions of another run are replaced; those of the same one
    for other pictures stay. New pictures count as training pictures once they have a label.

    Raises:
        InputError: the model is none of the project's runs, or no picture can be suggested.
    """
    if model.run is None:
        raise InputError(
            tr("Suggestions come from a run of the project."), cure=tr("Choose one of its runs.")
        )
    everything = list(found)
    readable = [each for each in everything if each.top]
    records = {record.path: record for record in project.images()}
    inside = _inside(project.data_root, readable, records)
    fresh = [_new_image(path, each) for path, each in inside.items() if path not in records]
    added = project.add_images([image for image in fresh if image is not None])
    records.update((record.path, record) for record in added)
    there = {path: each for path, each in inside.items() if path in records}
    open_ones = {path: each for path, each in there.items() if records[path].is_undecided}
    if open_ones:
        _suggest(project, open_ones, records, model, model.run.number)
    return Added(
        suggested=len(open_ones),
        new=len(added),
        decided=len(there) - len(open_ones),
        outside=len(readable) - len(inside),
        gone=len(inside) - len(there),
        unreadable=len(everything) - len(readable),
    )


def _inside(root: Root, found: Sequence[Predicted], known: Collection[str]) -> dict[str, Predicted]:
    """Return those below the project's folders, by their paths in the project."""
    inside = {}
    for each in found:
        names = list(paths_of(root, each.path))
        if names:
            inside[next((name for name in names if name in known), names[0])] = each
    return inside


def _new_image(path: str, found: Predicted) -> NewImage | None:
    try:
        status = found.path.stat()
    except OSError:
        return None
    return NewImage(
        path=path,
        label=None,
        split=Split.TRAIN,
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
    )


def _suggest(
    project: Project,
    found: Mapping[str, Predicted],
    records: Mapping[str, ImageRecord],
    model: ModelFile,
    run: int,
) -> None:
    tops = {
        records[path].id: [(item.label, item.probability) for item in each.top]
        for path, each in found.items()
    }
    before = load_suggestions(project.path)
    if before is not None and (before.run, before.classes) == (run, model.info.classes):
        tops = {**_kept(before), **tops}
    save_suggestions(project.path, suggestions_of(run, model.info.classes, tops.items()))


def _kept(before: Suggestions) -> dict[int, list[tuple[str, float]]]:
    return {key: list(before.all_of(key)) for key in before.keys.tolist()}
