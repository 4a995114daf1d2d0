"""The index of kept pictures: one SQLite file, shared by the processes that read and fill it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote_from_bytes

from petstudio.images.pixel_data import is_data_name, new_data_name
from petstudio.images.pixel_records import PixelRecord, record_from_row

INDEX_NAME: Final = "index.db"
_VERSION: Final = 1  # raised when the meaning of a column changes; older ones are thrown away
_BUSY_SECONDS: Final = 5.0
_TABLES: Final = (
    "CREATE TABLE place (id INTEGER PRIMARY KEY, data TEXT NOT NULL, size INTEGER NOT NULL)",
    (
        "CREATE TABLE pictures (path BLOB PRIMARY KEY, kind TEXT, file_size INTEGER, "
        "mtime_ns INTEGER, short_side INTEGER, start INTEGER, length INTEGER, height INTEGER, "
        "width INTEGER, checksum INTEGER) WITHOUT ROWID"
    ),
)
_FIND: Final = (
    "SELECT path, (SELECT data FROM place WHERE id = 1), kind, file_size, mtime_ns, short_side, "
    "start, length, height, width, checksum FROM pictures WHERE path = ?"
)
_OF_THE_MACHINE: Final = tuple(
    f"SQLITE_{name}"
    for name in ("BUSY", "LOCKED", "READONLY", "CANTOPEN", "IOERR", "FULL", "PERM", "AUTH", "NOMEM")
)
_ADD: Final = "INSERT OR REPLACE INTO pictures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class PixelIndex:
    """One connection; used under the owner's lock. Everything raises sqlite3.Error."""

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        """Open the index; a writer makes it if there is none.

        Raises:
            sqlite3.Error: it is not there, not ours, or damaged.
        """
        mode = "rwc" if writable else "ro"
        self._connection = sqlite3.connect(
            f"file:{quote_from_bytes(bytes(path.absolute()))}?mode={mode}",
            uri=True,
            timeout=_BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            self._prepare(writable=writable)
        except sqlite3.Error:
            self._connection.close()
            raise
        except UnicodeDecodeError as error:  # sqlite3 cannot put damaged bytes into its message
            self._connection.close()
            raise sqlite3.DatabaseError("The index is damaged.") from error

    def close(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()

    def find(self, path: bytes) -> PixelRecord | None:
        row = self._connection.execute(_FIND, (path,)).fetchone()
        return None if row is None else record_from_row(row)

    def place(self) -> tuple[str, int]:
        """Return the name of the data file and how many of its bytes are in use."""
        row = self._connection.execute("SELECT data, size FROM place").fetchone()
        data, size = row or (None, None)
        if not isinstance(data, str) or not isinstance(size, int):
            raise sqlite3.DatabaseError("The index says nothing about its data file.")
        if not is_data_name(data) or size < 0:
            raise sqlite3.DatabaseError("The index names no data file.")
        return data, size

    def live_bytes(self) -> int:
        """Return how many bytes of the data file belong to a picture."""
        total: int = self._connection.execute(
            "SELECT coalesce(sum(length), 0) FROM pictures"
        ).fetchone()[0]
        return total

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep other writers out for the block; its changes are all made or none."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def add(self, records: list[PixelRecord], size: int) -> None:
        """Name bytes that are wholly written; `size` is where the next ones go."""
        self._connection.executemany(_ADD, [_row(record) for record in records])
        self._connection.execute("UPDATE place SET size = ?", (size,))

    def start_anew(self) -> None:
        """Forget all pictures; the next ones go to a data file of another name."""
        # A file in use by others must not be cut: reading a map of it would kill them.
        self._connection.execute("DELETE FROM pictures")
        self._connection.execute(
            "INSERT OR REPLACE INTO place VALUES (1, ?, 0)", (new_data_name(),)
        )

    def _prepare(self, *, writable: bool) -> None:
        for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0"):
            self._connection.execute(f"PRAGMA {pragma}")
        if writable:
            # Nothing here is worth waiting for the disk: each record carries a checksum.
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=OFF")
            self._make_tables()
        self._check(thoroughly=writable)

    def _make_tables(self) -> None:
        with self.transaction():
            if self._tables():
                return
            for table in _TABLES:
                self._connection.execute(table)
            self._connection.execute(f"PRAGMA user_version={_VERSION}")
            self.start_anew()

    def _check(self, *, thoroughly: bool) -> None:
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version != _VERSION or self._tables() != set(_TABLES):
            raise sqlite3.DatabaseError("The index is not one of this version.")
        if not thoroughly:
            return
        if self._connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("The index is damaged.")
        last = self._connection.execute("SELECT max(start + length) FROM pictures").fetchone()[0]
        if last is not None and not (isinstance(last, int) and last <= self.place()[1]):
            raise sqlite3.DatabaseError("The index names bytes that were never written.")

    def _tables(self) -> set[str]:
        found = self._connection.execute("SELECT sql FROM sqlite_master").fetchall()
        return {str(sql) for (sql,) in found if sql is not None}


def is_damage(error: sqlite3.Error) -> bool:
    """True if the index itself is at fault, and not the disk, the rights or another process."""
    name = getattr(error, "sqlite_errorname", "")
    return not str(name).startswith(_OF_THE_MACHINE)


def remove_index(path: Path) -> None:
    """Take a damaged index away; raises OSError."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)


def _row(record: PixelRecord) -> tuple[object, ...]:
    return (
        record.path,
        record.kind.value,
        record.version.size,
        record.version.mtime_ns,
        record.short_side,
        record.offset,
        record.length,
        record.height,
        record.width,
        record.checksum,
    )
