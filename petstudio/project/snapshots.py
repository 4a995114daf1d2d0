"""Older copies of the database, each complete and checked, for the day the live one is damaged."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from petstudio.api.errors import IntegrityError
from petstudio.api.language import tr
from petstudio.config.atomic import sync_folder, write_fault
from petstudio.project.contents import Contents, load_contents
from petstudio.project.database import (
    Database,
    open_copy,
    open_exclusive,
    open_settled,
    sqlite_uri,
)
from petstudio.project.image_table import leave_numbers_out
from petstudio.project.image_tags import keep_tags_of
from petstudio.project.layout import (
    DATABASE,
    LABELS_COPY,
    SNAPSHOTS,
    SUGGESTIONS,
    TEMPORARY,
    check_links,
    make_folders,
)
from petstudio.project.lock import locked
from petstudio.project.schema import check_file

KEPT: Final = 10
MAXIMUM_AGE: Final = timedelta(days=1)
_ASIDE: Final = "damaged-"
_TIME: Final = "%Y%m%dT%H%M%SZ"
_NAME: Final = re.compile(r"(\d{6,9})-(\d{8}T\d{6}Z)\.db")


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """`number` counts up, so that order does not depend on the clock."""

    number: int
    taken: datetime
    path: Path

    @property
    def age(self) -> str:
        """How old it is, in words."""
        hours = (datetime.now(UTC) - self.taken) // timedelta(hours=1)
        if hours < 0:
            return tr("of unknown age")  # the clock went back
        if hours < 1:
            return tr("less than an hour old")
        if hours < 2:
            return tr("an hour old")
        return (
            tr("{hours} hours old", hours=hours)
            if hours < 48
            else tr("{hours} days old", hours=hours // 24)
        )

    @property
    def is_old(self) -> bool:
        """True when it is time for the next one, also when the clock went back."""
        return not timedelta(0) <= datetime.now(UTC) - self.taken < MAXIMUM_AGE


def snapshots(project: Path) -> tuple[Snapshot, ...]:
    """Return what there is, newest first."""
    found = [_parse(path) for path in (project / SNAPSHOTS).glob("*.db")]
    return tuple(sorted(filter(None, found), key=lambda item: item.number, reverse=True))


def newest_snapshot(project: Path) -> Snapshot | None:
    """Return the newest one, unopened."""
    return next(iter(snapshots(project)), None)


def take_snapshot(database: Database, project: Path) -> Snapshot:
    """Copy the database and check the copy; it appears complete or not at all.

    Raises:
        MachineError: the disk is full, or the folder cannot be written.
        IntegrityError: the copy is not good, so the database is not either.
    """
    database.require_writable()
    draft = _draft(project)
    try:
        database.rows("VACUUM INTO ?", (sqlite_uri(draft),))
        with closing(open_settled(draft)) as copy:
            _check(copy, project)
        return _place(draft, project)
    except OSError as error:
        raise write_fault(project / SNAPSHOTS, error) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()


def restore_snapshot(project: Path) -> Path:
    """Put the newest good snapshot in the database's place.

    Returns:
        The folder inside the project in which the damaged files are kept.

    Raises:
        IntegrityError: there is no good snapshot; nothing was changed.
        ConflictError: the project is open.
        MachineError: the disk is full, or the folder cannot be written.
    """
    check_links(project)
    with locked(project, cure=tr("Close it there first.")):
        make_folders(project)
        draft = _draft(project)
        try:
            images = _copy_newest_good(project, draft)
            _leave_numbers_out(draft, project)
            with contextlib.suppress(IntegrityError):  # damaged tags are no tags
                keep_tags_of(project, images)
            aside = _move_aside(project)
            draft.replace(project / DATABASE)
            sync_folder(project)
        except OSError as error:
            raise write_fault(project / DATABASE, error) from error
        finally:
            with contextlib.suppress(OSError):
                draft.unlink()
    return aside


class DamagedProjectError(IntegrityError):
    """The database cannot be used; `restore_snapshot` may put an older state in its place."""


@contextlib.contextmanager
def offering_restore(project: Path) -> Iterator[None]:
    """Make an IntegrityError without a cure a DamagedProjectError that says what is left."""
    try:
        yield
    except IntegrityError as error:
        if error.cure:
            raise
        raise DamagedProjectError(error.what, cure=_cure(project)) from error


def _cure(project: Path) -> str:
    newest = newest_snapshot(project)
    if newest is None:
        return tr(
            "There is no snapshot of it; {labels_copy} beside it holds the labels as text.",
            labels_copy=LABELS_COPY,
        )
    return tr(
        "A snapshot that is {age} can be restored with --restore; the damaged file is kept.",
        age=newest.age,
    )


def _draft(project: Path) -> Path:
    return project / TEMPORARY / f"snapshot-{secrets.token_hex(6)}.db"


def _check(copy: Database, project: Path) -> Contents:
    check_file(copy, thorough=True)
    return load_contents(copy, project)


def _place(draft: Path, project: Path) -> Snapshot:
    _sync(draft)
    earlier = snapshots(project)
    number = earlier[0].number + 1 if earlier else 1
    taken = datetime.now(UTC).replace(microsecond=0)
    path = project / SNAPSHOTS / f"{number:06}-{taken.strftime(_TIME)}.db"
    draft.replace(path)
    sync_folder(path.parent)
    for old in earlier[KEPT - 1 :]:
        old.path.unlink()
    return Snapshot(number=number, taken=taken, path=path)


def _copy_newest_good(project: Path, draft: Path) -> Iterable[int]:
    """Return the ids of its pictures."""
    for snapshot in snapshots(project):
        with contextlib.suppress(IntegrityError):  # the next older one may be good
            with closing(open_copy(snapshot.path)) as copy:
                contents = _check(copy, project)
                copy.rows("VACUUM INTO ?", (sqlite_uri(draft),))
            _sync(draft)
            return contents.images.records
    raise IntegrityError(
        tr(
            "{project} has no snapshot that can be restored; nothing was changed.",
            project=project.name,
        ),
        cure=tr("{labels_copy} in it holds the labels as text.", labels_copy=LABELS_COPY),
    )


def _leave_numbers_out(draft: Path, project: Path) -> None:
    """Let nothing that is kept of lost pictures, such as predictions, seem to be of others."""
    times = len(list(project.glob(f"{_ASIDE}*"))) + 1
    with closing(open_exclusive(draft)) as restored, restored.transaction():
        leave_numbers_out(restored, times)


def _move_aside(project: Path) -> Path:
    stamp = datetime.now(UTC).strftime(_TIME)
    aside = project / f"{_ASIDE}{stamp}-{secrets.token_hex(2)}"
    aside.mkdir()
    # The log goes with its database: beside the restored one it would be applied to it.
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", LABELS_COPY, SUGGESTIONS):
        with contextlib.suppress(FileNotFoundError):
            (project / name).rename(aside / name)
    return aside


def _sync(file: Path) -> None:
    descriptor = os.open(file, os.O_RDWR)  # Windows flushes only what is open for writing
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _parse(path: Path) -> Snapshot | None:
    match = _NAME.fullmatch(path.name)
    if match is None or path.is_symlink():
        return None
    try:
        taken = datetime.strptime(match[2], _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Snapshot(number=int(match[1]), taken=taken, path=path)
