"""Records of a project follow its pictures where a list says that they were moved."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from petstudio.api.errors import InputError
from petstudio.images.roots import Root, folders_of, mounted_path
from petstudio.jobs.copy_lists import moves_of
from petstudio.jobs.copy_records import Moved
from petstudio.project.project import Project


def follow_moves(project: Project, moves: Iterable[Moved]) -> int:
    """Let records follow; returns how many did. Pictures may have been moved back as well."""
    places = _new_places(project.data_root, _keys(project), moves)
    if places:
        project.relocate(places)
    return len(places)


def is_behind_moves(project: Project) -> bool:
    """Whether a program that was killed moved pictures of which the project does not know."""
    if project.shown_snapshot is not None:  # somebody writes to it, and this is an older state
        return False
    moves = moves_of(project.path)
    try:
        return bool(moves) and bool(_new_places(project.data_root, _keys(project), moves))
    except InputError:  # the pictures are out of reach
        return False


def path_in(root: Root, file: Path) -> str | None:
    """Return what a file is called in a project; None where it can have no name there."""
    for name, folder in folders_of(root).items():
        if file.is_relative_to(folder):
            path = mounted_path(name, file.relative_to(folder).as_posix())
            if root / path == file:
                return path
    return None


def _keys(project: Project) -> dict[str, int]:
    return {image.path: image.id for image in project.images()}


def _new_places(root: Root, keys: Mapping[str, int], moves: Iterable[Moved]) -> dict[int, str]:
    """Return the paths that pictures have now, by id, where that is not where they should be."""
    known = dict(keys)
    places: dict[int, str] = {}
    for moved in moves:
        for old, new in ((moved.source, moved.place), (moved.place, moved.source)):
            here, there = path_in(root, old), path_in(root, new)
            if here is None or there is None or here not in known or there in known:
                continue
            if os.path.lexists(new) and not os.path.lexists(old):
                places[known[here]] = there
                known[there] = known.pop(here)
                break
    return places
