"""What can be done about findings in a project: each is one step of its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from petstudio.api.contributions import Split
from petstudio.jobs.absences import pictures_below
from petstudio.project.project import Project
from petstudio.project.records import Edit


def exclude_pictures(project: Project, paths: Iterable[str]) -> Edit:
    """Leave pictures out; InputError if one of them is not in the project."""
    ids = _ids(project)
    return project.set_excluded([ids.get(path, 0) for path in paths], True)


def exclude_folder(project: Project, name: str) -> Edit:
    """Leave the pictures of an added folder out; InputError if none of them is in use."""
    below = pictures_below(project.images(), name)
    return project.set_excluded([image.id for image in below if not image.excluded], True)


def move_pictures(project: Project, sides: Mapping[str, Split]) -> Edit:
    """Put pictures on other sides of the split; InputError as in `exclude_pictures`."""
    ids = _ids(project)
    return project.set_splits({ids.get(path, 0): side for path, side in sides.items()})


def _ids(project: Project) -> dict[str, int]:
    """Return the numbers of all pictures; 0 is nobody's."""
    return {image.path: image.id for image in project.images()}
