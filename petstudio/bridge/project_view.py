"""What the window knows about a project without holding it open; light, as every page needs it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # numpy and more come along with these, and the first window need not wait
    from petstudio.bridge.label_view import LabelView
    from petstudio.images.listing import LeftOut
    from petstudio.images.splitting import SplitChoice
    from petstudio.jobs.proving import DataSource, LabelProof
    from petstudio.project.records import KnownImages

PROJECT_SUFFIX: Final = ".petstudio"


@dataclass(frozen=True, kw_only=True)
class AddedView:
    """A folder that was added to a project, with so many pictures that are not excluded."""

    name: str
    path: Path
    pictures: int
    is_there: bool = True


@dataclass(frozen=True, kw_only=True)
class ProjectView:
    """A project as it was when it was looked at.

    Attributes:
        path: its folder.
        id: stays the same when that is moved.
        source: where its pictures are and how they got their labels.
        split: how they were divided.
        proof: its pictures, labels and sides, in the form in which a source is proved.
        unreadable: pictures that were left out when the project was made, with the reasons.
        root_problem: why the pictures cannot be reached on this machine; empty if they can.
        added: folders beside that of the source.
        undo, redo: what would be taken back or done again; empty if nothing.
        labels: picture by picture, with the history of edits.
        known: all pictures as they are stored, to spare the next look the reading.
    """

    path: Path
    id: str = ""
    source: DataSource
    split: SplitChoice
    proof: LabelProof
    unreadable: tuple[LeftOut, ...]
    root_problem: str = ""
    added: tuple[AddedView, ...] = ()
    undo: str = ""
    redo: str = ""
    labels: LabelView | None = None
    known: KnownImages | None = None

    @property
    def name(self) -> str:
        return project_name(self.path)


def project_name(path: Path) -> str:
    """Return the name of a project as it is shown."""
    return path.name.removesuffix(PROJECT_SUFFIX)


def free_project_path(root: Path) -> Path:
    """Return a place for a new project: beside its pictures if that can be, with a new name."""
    folder = root.absolute().parent
    if not os.access(folder, os.W_OK):
        folder = Path.home()
    name = root.absolute().name or "pictures"
    path = folder / f"{name}{PROJECT_SUFFIX}"
    number = 2
    while path.exists():
        path = folder / f"{name}-{number}{PROJECT_SUFFIX}"
        number += 1
    return path
