"""The folders of runs that were thrown away; they can come back for 30 days.

Whether a run is in the trash is told by where its folder lies, and since when by the folder's name
there. So one rename does all of it, and a kill leaves the run on the one side or on the other.
"""

from __future__ import annotations

import errno
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from petstudio.api.errors import MachineError
from petstudio.api.language import tr
from petstudio.config.atomic import sync_folder, write_fault
from petstudio.project.layout import RUNS, TRASH, size_on_disk
from petstudio.project.records import RunFolder

KEPT_FOR: Final = timedelta(days=30)
_TIME: Final = "%Y%m%dT%H%M%SZ"
_NAME: Final = re.compile(r"((\d{1,9})-[a-z0-9-]{1,40})\.(\d{8}T\d{6}Z)")


@dataclass(frozen=True, kw_only=True)
class TrashEntry:
    """A folder in the trash; `home` is its name among the runs."""

    path: Path
    home: str
    number: int
    when: datetime

    @property
    def bytes(self) -> int:
        """The space that it takes on the disk."""
        return size_on_disk(self.path)

    @property
    def is_due(self) -> bool:
        """True when its time is over; it stays where the clock went back behind its date."""
        return datetime.now(UTC) - self.when >= KEPT_FOR


class RunTrash:
    """Moves folders between `runs/` and `trash/`; the one that holds the project may do so."""

    def __init__(self, project: Path) -> None:
        self._runs = project / RUNS
        self._trash = project / TRASH

    def entries(self) -> tuple[TrashEntry, ...]:
        """Return what lies in the trash and not among the runs, by number.

        Raises:
            MachineError: the trash cannot be read.
        """
        if not self._trash.is_dir():  # a project that nobody has opened for writing since
            return ()
        try:
            paths = list(self._trash.iterdir())
        except OSError as error:
            raise MachineError(
                tr(
                    "{trash} cannot be read: {strerror}.",
                    trash=self._trash,
                    strerror=error.strerror,
                ),
                cure=tr("Fix its rights."),
            ) from error
        found = (_parsed(path) for path in paths)
        away = [entry for entry in found if entry and not (self._runs / entry.home).exists()]
        return tuple(sorted(away, key=lambda entry: (entry.number, entry.path.name)))

    def throw(self, run: RunFolder) -> None:
        """Put a run's folder into the trash.

        Raises:
            MachineError: it cannot be moved.
        """
        when = datetime.now(UTC).strftime(_TIME)
        try:
            run.path.mkdir(exist_ok=True)  # what somebody removed by hand can be thrown away too
            _move(run.path, self._trash / f"{run.path.name}.{when}")
        except OSError as error:
            raise write_fault(run.path, error) from error

    def bring_back(self, entry: TrashEntry) -> None:
        """Put a folder among the runs again.

        Raises:
            MachineError: it cannot be moved.
        """
        try:
            _move(entry.path, self._runs / entry.home)
        except OSError as error:
            raise write_fault(entry.path, error) from error

    def remove(self, entry: TrashEntry) -> None:
        """Delete a folder for good.

        Raises:
            MachineError: something in it cannot be deleted.
        """
        try:
            shutil.rmtree(entry.path)
        except OSError as error:
            raise MachineError(
                tr(
                    "{path} could not be deleted: {strerror}.",
                    path=entry.path,
                    strerror=error.strerror,
                ),
                cure=tr("Fix its rights."),
            ) from error


def _move(source: Path, target: Path) -> None:
    if target.exists():  # an empty folder would be replaced without a word
        raise FileExistsError(errno.EEXIST, tr("there is one of that name"), str(target))
    source.rename(target)
    sync_folder(target.parent)
    sync_folder(source.parent)


def _parsed(path: Path) -> TrashEntry | None:
    match = _NAME.fullmatch(path.name)
    if match is None or path.is_symlink() or not path.is_dir():
        return None
    try:
        when = datetime.strptime(match[3], _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None
    return TrashEntry(path=path, home=match[1], number=int(match[2]), when=when)
