"""The tables of a project, and the checks that a file holds exactly these and no others."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import Final

from petstudio.api.errors import IntegrityError
from petstudio.api.language import tr
from petstudio.project.database import Database, Row

APPLICATION_ID: Final = 0x50657453  # "PetS"
SCHEMA_VERSION: Final = 1

# Names from outside (paths, labels, groups) are BLOBs, since they need not be UTF-8. `mtime_ns` is
# TEXT, since a broken clock gives numbers that 64 bits cannot hold. `crc` covers its whole row.
# `changes` holds, for each image of an edit, the state on the other side of it: undo and redo both
# swap it with the image's own.
_TABLES: Final = (
    """CREATE TABLE meta (
    key TEXT PRIMARY KEY, value TEXT NOT NULL, crc INTEGER NOT NULL
) WITHOUT ROWID""",
    """CREATE TABLE images (
    id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, shown TEXT NOT NULL, label BLOB,
    origin TEXT NOT NULL, split TEXT, family BLOB, excluded INTEGER NOT NULL, unreadable BLOB,
    size INTEGER NOT NULL, mtime_ns TEXT NOT NULL, crc INTEGER NOT NULL
)""",
    """CREATE TABLE edits (
    id INTEGER PRIMARY KEY, what TEXT NOT NULL, at TEXT NOT NULL, undone INTEGER NOT NULL,
    images INTEGER NOT NULL, crc INTEGER NOT NULL
)""",
    """CREATE TABLE changes (
    edit INTEGER NOT NULL REFERENCES edits (id), image INTEGER NOT NULL, label BLOB,
    origin TEXT NOT NULL, split TEXT, excluded INTEGER NOT NULL, crc INTEGER NOT NULL,
    PRIMARY KEY (edit, image)
) WITHOUT ROWID""",
    """CREATE TABLE runs (
    number INTEGER PRIMARY KEY, slug TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL,
    started TEXT NOT NULL, fingerprint TEXT NOT NULL, metrics TEXT NOT NULL, crc INTEGER NOT NULL
)""",
)
_SCHEMA_TEXT: Final = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"


def create_tables(database: Database) -> None:
    """Fill an empty database; call it inside a transaction."""
    database.rows(f"PRAGMA application_id={APPLICATION_ID}")
    database.rows(f"PRAGMA user_version={SCHEMA_VERSION}")
    for table in _TABLES:
        database.rows(table)


def check_file(database: Database, *, thorough: bool = False) -> None:
    """Check pages, owner, version and schema, in the order in which it is safe to look at them.

    Raises:
        IntegrityError: damaged, not a project, made by a newer version, or with foreign parts.
    """
    name = f"{database.path.parent.name}/{database.path.name}"
    check = "integrity_check" if thorough else "quick_check"
    if database.rows(f"PRAGMA {check}(1)") != [("ok",)]:
        raise IntegrityError(tr("{name} is damaged.", name=name))
    if database.rows("PRAGMA application_id") != [(APPLICATION_ID,)]:
        raise IntegrityError(tr("{name} is not the database of a project.", name=name))
    [(version,)] = database.rows("PRAGMA user_version")
    if version > SCHEMA_VERSION:
        raise IntegrityError(
            tr(
                "{name} was made by a newer PetStudio (format {version}; this one knows "
                "{schema_version}); it was left as it is.",
                name=name,
                version=version,
                schema_version=SCHEMA_VERSION,
            ),
            cure=tr("Update PetStudio."),
        )
    if version < SCHEMA_VERSION or database.rows(_SCHEMA_TEXT) != _expected_schema():
        raise IntegrityError(
            tr(
                "{name} has tables, triggers or views that are not PetStudio's; nothing in it "
                "was run.",
                name=name,
            )
        )


def _expected_schema() -> list[Row]:
    with contextlib.closing(sqlite3.connect(":memory:")) as empty:
        for table in _TABLES:
            empty.execute(table)
        return empty.execute(_SCHEMA_TEXT).fetchall()
