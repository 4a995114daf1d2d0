"""Giving a name to a checkpoint of a run that has ended."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from petstudio.api.errors import InputError
from petstudio.api.language import tr
from petstudio.project.checkpoint_records import check_name
from petstudio.project.checkpoints import CheckpointFolder
from petstudio.project.project import Project
from petstudio.project.records import Access

_STAGE_END: Final = re.compile(r"stage-[0-9]+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Naming:
    """What is to be named: a file of a run's checkpoints, known as `former` until now."""

    run: int
    file: str
    former: str
    name: str

    @property
    def old_key(self) -> str:
        """As `start.checkpoint` says it."""
        return f"{self.run}:{self.former}"

    @property
    def new_key(self) -> str:
        return f"{self.run}:{self.name}"


def name_problem(name: str) -> str:
    """Return why a checkpoint cannot have this name; empty if it can."""
    try:
        _check(name)
    except InputError as error:
        return str(error)
    return ""


def name_checkpoint(project: Path, naming: Naming) -> None:
    """Name it; from then on it is kept.

    Raises:
        ConflictError: the run is going on.
        InputError: it cannot have this name, or is gone; see `CheckpointFolder.give_name`.
    """
    _check(naming.name)
    with Project.open(project, Access.READ) as opened:
        folder = opened.run(naming.run).folder
    # Only the one who holds a run may write there, and a program beside this one may do so.
    with folder.hold():
        checkpoints = CheckpointFolder(folder.checkpoints_path, budget=0)  # nothing is removed
        record = next((one for one in checkpoints.records() if one.file == naming.file), None)
        if record is None:
            raise InputError(
                tr(
                    "The checkpoint {former} of run {run} is not there any more.",
                    former=naming.former,
                    run=naming.run,
                ),
                cure=tr("Choose another epoch."),
            )
        checkpoints.give_name(record, naming.name)


def _check(name: str) -> None:
    check_name(name)
    if _STAGE_END.fullmatch(name):
        raise InputError(
            tr("“{name}” is what the end of a stage is called.", name=name),
            cure=tr("Use another name."),
        )
