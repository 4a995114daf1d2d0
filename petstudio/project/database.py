"""The connection to a project's database; every error of SQLite leaves here as one of ours."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import quote_from_bytes

from petstudio.api.errors import (
    ConflictError,
    IntegrityError,
    MachineError,
    PetStudioError,
)
from petstudio.api.language import tr

Row: TypeAlias = tuple[Any, ...]  # whatever a column holds; checked where a row is decoded

_BUSY_SECONDS: Final = 2.0
_LONGEST_VALUE: Final = 64 << 20  # bytes; a hostile file cannot make one string fill the memory
_NEEDED_FREE: Final = 8 << 20  # bytes; SQLite reports a full disk as a failed write as well
_CONFLICTS: Final = ("SQLITE_BUSY", "SQLITE_LOCKED")
_DAMAGES: Final = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_REFUSALS: Final = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")
_READ_ONLY: Final = "?mode=ro"
_SETTLED: Final = "?mode=ro&immutable=1"
# Before the first read: exclusive locking needs no shared-memory file beside the database, and
# what a foreign schema could do is off (https://www.sqlite.org/security.html).
_CAUTION: Final = (
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA mmap_size=0",
    "PRAGMA cache_size=-65536",  # KiB; an edit of 100,000 images stays in memory until its commit
)
_SMALL_CACHE: Final = "PRAGMA cache_size=-8192"  # KiB; for reading once from the start to the end
_EXCLUSIVE: Final = "PRAGMA locking_mode=EXCLUSIVE"
_DURABLE: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
)


class Database:
    """One connection, used by the thread that opened it."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable
        self.path = path

    def rows(self, sql: str, values: Iterable[Any] = ()) -> list[Row]:  # Any: what SQLite stores
        """Run one statement and return all that it yields."""
        with own_errors(self.path):
            return self._connection.execute(sql, tuple(values)).fetchall()

    def run_many(self, sql: str, rows: Iterable[Row]) -> None:
        """Run one statement for each row."""
        with own_errors(self.path):
            self._connection.executemany(sql, rows)

    def require_writable(self) -> None:
        """Raise ConflictError if the project is open read-only."""
        if not self._writable:
            raise ConflictError(
                tr("The project is open read-only; nothing was changed."),
                cure=tr("Open it again when no other PetStudio uses it."),
            )

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the block's changes all or none; they are on the disk when it ends."""
        self.require_writable()
        self.rows("BEGIN IMMEDIATE")
        try:
            yield
            self.rows("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.rollback()

    def become_durable(self) -> None:
        """Let a commit survive a power cut; called once the file is known to be ours."""
        for pragma in _DURABLE:
            self.rows(pragma)

    def close(self) -> None:
        """End the connection; what was committed is kept even if this fails."""
        with own_errors(self.path):
            self._connection.close()


def open_exclusive(path: Path, *, create: bool = False) -> Database:
    """Open for writing; nobody else can open the file until it is closed."""
    database = Database(_connect(path, "?mode=rwc" if create else "?mode=rw"), path, writable=True)
    return _with_pragmas(database, (*_CAUTION, _EXCLUSIVE))


def open_copy(path: Path) -> Database:
    """Return a copy in memory; the file is let go, so that no reader ever stops a writer.

    The caller knows that nobody writes to the file meanwhile.
    """
    has_log = path.with_name(f"{path.name}-wal").exists()
    memory = sqlite3.connect(":memory:", isolation_level=None)
    database = Database(memory, path, writable=False)
    try:
        with (
            own_errors(path),
            contextlib.closing(_connect(path, _READ_ONLY if has_log else _SETTLED)) as source,
        ):
            source.backup(memory)
    except PetStudioError:
        database.close()
        raise
    return _with_pragmas(database, _CAUTION)


def open_settled(path: Path) -> Database:
    """Open a file for reading that nobody writes to any more, without a copy in memory."""
    database = Database(_connect(path, _SETTLED), path, writable=False)
    return _with_pragmas(database, (*_CAUTION, _SMALL_CACHE))


@contextlib.contextmanager
def own_errors(path: Path) -> Iterator[None]:
    """Turn errors of SQLite inside the block into PetStudioErrors about `path`."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # a mistake of ours, not of the file or the machine
    except sqlite3.Error as error:
        raise _translated(error, path) from error
    except UnicodeDecodeError as error:  # sqlite3 cannot put damaged bytes into its message
        raise IntegrityError(_damaged(path)) from error


def sqlite_uri(path: Path) -> str:
    """Return the address of a file for SQLite; also for names that are not UTF-8."""
    quoted = quote_from_bytes(os.fsencode(path.absolute().as_posix()))
    return f"file://{quoted}" if quoted.startswith("/") else f"file:///{quoted}"


def _connect(path: Path, query: str) -> sqlite3.Connection:
    with own_errors(path):
        connection = sqlite3.connect(
            sqlite_uri(path) + query, uri=True, isolation_level=None, timeout=_BUSY_SECONDS
        )
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    return connection


def _with_pragmas(database: Database, pragmas: Iterable[str]) -> Database:
    try:
        for pragma in pragmas:
            database.rows(pragma)
    except PetStudioError:
        database.close()
        raise
    return database


def _damaged(path: Path) -> str:
    return tr("{name} is damaged.", name=f"{path.parent.name}/{path.name}")


def _translated(error: sqlite3.Error, path: Path) -> PetStudioError:
    code = getattr(error, "sqlite_errorname", "")  # absent where Python itself refuses a value
    name = f"{path.parent.name}/{path.name}"
    if code == "SQLITE_FULL" or (code.startswith("SQLITE_IOERR") and _is_disk_full(path)):
        return MachineError(
            tr("The disk is full: {name} could not be written.", name=name),
            cure=tr("Free some space and try again; everything saved so far is kept."),
        )
    if code.startswith(_CONFLICTS):
        return ConflictError(
            tr("Another program is using {name}.", name=name), cure=tr("Close it and try again.")
        )
    if code.startswith(_DAMAGES):
        return IntegrityError(_damaged(path))
    if code.startswith(_REFUSALS):
        return MachineError(
            tr("{name} cannot be opened or written.", name=name),
            cure=tr("Check the rights of its folder."),
        )
    if code.startswith("SQLITE_IOERR"):
        return MachineError(
            tr("The disk failed while {name} was used.", name=name),
            cure=tr("Check that the drive is there and try again."),
        )
    return IntegrityError(
        tr("{name} cannot be read as a project: {error}.", name=name, error=error)
    )


def _is_disk_full(path: Path) -> bool:
    return shutil.disk_usage(path.parent).free < _NEEDED_FREE
