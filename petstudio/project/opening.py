"""Opening a project: everything is checked before anything is used."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from petstudio.api.errors import MachineError
from petstudio.api.language import tr
from petstudio.project.contents import Contents, load_contents
from petstudio.project.database import Database, open_copy, open_exclusive
from petstudio.project.layout import DATABASE, LABELS_COPY, check_layout, make_folders
from petstudio.project.lock import FolderLock, FolderLockedError, locked
from petstudio.project.records import KnownImages
from petstudio.project.schema import check_file
from petstudio.project.snapshots import (
    Snapshot,
    newest_snapshot,
    offering_restore,
    take_snapshot,
)

_LOOK_INSTEAD: Final = tr("Close it there, or look at it read-only.")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What `resources` keeps open until it is closed.

    `snapshot` is the one that is shown in place of the database; `is_copy_stale` says that
    `labels.csv` may lack something.
    """

    database: Database
    contents: Contents
    resources: ExitStack
    snapshot: Snapshot | None = None
    is_copy_stale: bool = False


def open_for_writing(project: Path, known: KnownImages | None) -> Opened:
    """Open and keep everybody else out.

    Raises:
        InputError: there is no project here.
        ConflictError: another process writes to it.
        IntegrityError: it is damaged, foreign or newer; nothing was changed.
        MachineError: the disk or the folder's rights.
    """
    with offering_restore(project), ExitStack() as resources:
        check_layout(project)
        resources.callback(FolderLock(project, cure=_LOOK_INSTEAD).release)
        is_copy_stale = _was_killed(project) or not (project / LABELS_COPY).exists()
        database = open_exclusive(project / DATABASE)
        resources.callback(database.close)
        check_file(database)
        contents = load_contents(database, project, known)
        database.become_durable()
        make_folders(project)
        contents.runs.mark_interrupted()
        _empty_trash(contents)
        _take_due_snapshot(database, contents, project)
        return Opened(
            database=database,
            contents=contents,
            resources=resources.pop_all(),
            is_copy_stale=is_copy_stale,
        )


def open_for_reading(project: Path, known: KnownImages | None) -> Opened:
    """Open a copy in memory: of the database, or of the newest snapshot while somebody writes.

    Raises:
        InputError: there is no project here.
        ConflictError: another process writes to it, and there is no snapshot.
        IntegrityError: it is damaged, foreign or newer.
        MachineError: the disk or the folder's rights.
    """
    with offering_restore(project), ExitStack() as resources:
        check_layout(project)
        database, snapshot = _copy(project)
        resources.callback(database.close)
        check_file(database)
        contents = load_contents(database, project, known)
        return Opened(
            database=database,
            contents=contents,
            resources=resources.pop_all(),
            snapshot=snapshot,
        )


def _copy(project: Path) -> tuple[Database, Snapshot | None]:
    try:
        with locked(project, cure=_LOOK_INSTEAD):
            return open_copy(project / DATABASE), None
    except FolderLockedError as error:
        newest = newest_snapshot(project)
        if newest is None:
            raise FolderLockedError(
                project,
                error.holder,
                cure=tr("Close it there; there is no snapshot to look at yet."),
            ) from None
        return open_copy(newest.path), newest
    except MachineError:
        # No lock on a medium that cannot be written; but then nobody writes to it either.
        return open_copy(project / DATABASE), None


def _was_killed(project: Path) -> bool:
    # An orderly close folds the log into the database and removes it.
    return (project / f"{DATABASE}-wal").exists()


def _empty_trash(contents: Contents) -> None:
    try:
        contents.runs.empty_trash(only_due=True)
    except MachineError as error:  # what cannot be deleted must not shut the user out either
        logger.warning("The trash was not emptied: %s", error)


def _take_due_snapshot(database: Database, contents: Contents, project: Path) -> None:
    newest = newest_snapshot(project)
    is_due = newest.is_old if newest else bool(contents.history.edits())
    if not is_due:
        return
    try:
        take_snapshot(database, project)
    except MachineError as error:  # a full disk must not shut the user out of the project
        logger.warning("No snapshot was taken: %s", error)
