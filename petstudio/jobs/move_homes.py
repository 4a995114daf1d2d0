"""Whose pictures a list of moves is about, and where they lie now."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from petstudio.images.roots import folders_of
from petstudio.jobs.copy_records import CopyRecord, Home, Moved
from petstudio.project.layout import DATABASE
from petstudio.project.project import Project


def home_of(project: Project) -> Home:
    """Return what an opened project is known by; InputError where its pictures are not known."""
    return Home(project=project.path.resolve(), id=project.id, root=project.data_root.absolute())


def is_same(then: Home, now: Home) -> bool:
    """Whether this is the project of a list, under its old name or, if that is gone, another."""
    if then.project != now.project.resolve():
        return "" != then.id == now.id and not (then.project / DATABASE).is_file()
    return "" in (then.id, now.id) or then.id == now.id


def brought_to(record: CopyRecord, now: Home) -> CopyRecord:
    """Return a list of moves with the places where the folders of the project are by now."""
    then = record.home
    if then is None or then.root is None or now.root is None:
        return record
    here, there = folders_of(now.root), folders_of(then.root)
    pairs = [(old, here[name]) for name, old in there.items() if name in here]
    inner_first = sorted(pairs, key=lambda pair: -len(pair[0].parts))

    def place(path: Path) -> Path:
        old_and_new = (pair for pair in inner_first if path.is_relative_to(pair[0]))
        old, new = next(old_and_new, (path, path))
        return new / path.relative_to(old)

    def moved(one: Moved) -> Moved:
        return Moved(source=place(one.source), copied=replace(one.copied, path=place(one.place)))

    return replace(
        record,
        target=place(record.target),
        moves=tuple(map(moved, record.moves)),
        folders=tuple(map(place, record.folders)),
        home=now,
    )
