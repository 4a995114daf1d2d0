"""Records of a project follow its pictures where a list says that they were moved."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from petstudio.api.errors import InputError
from petstudio.images.roots import Root, paths_of
from petstudio.jobs.copy_lists import moves_of
from petstudio.jobs.copy_records import Moved
from petstudio.jobs.move_homes import home_of
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
    try:
        moves = moves_of(home_of(project))
        return bool(moves) and bool(_new_places(project.data_root, _keys(project), moves))
    except InputError:  # the pictures are out of reach
        return False


def _keys(project: Project) -> dict[str, int]:
    return {image.path: image.id for image in project.images()}


def _new_places(root: Root, keys: Mapping[str, int], moves: Iterable[Moved]) -> dict[int, str]:
    """Return the paths that pictures have now, by id, where that is not where they should be."""
    known = dict(keys)
    places: dict[int, str] = {}
    for moved in moves:
        for old, new in ((moved.source, moved.place), (moved.place, moved.source)):
            if os.path.lexists(old) or not os.path.lexists(new):
                continue
            here = next((path for path in paths_of(root, old) if path in known), None)
            if here is None:
                continue
            there = tuple(paths_of(root, new))
            if there and known.keys().isdisjoint(there):
                places[known[here]] = there[0]
                known[there[0]] = known.pop(here)
                break
    return places
