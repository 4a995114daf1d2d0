"""Rows with a checksum of their own, since SQLite's pages carry none.

A flipped bit inside a value passes SQLite's own checks most of the time; it does not pass here.
"""

from __future__ import annotations

import contextlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from petstudio.api.errors import IntegrityError
from petstudio.api.language import tr
from petstudio.project.database import Database, Row

_LONGEST_JSON: Final = 1 << 20


def put(database: Database, table: str, rows: Sequence[Row]) -> None:
    """Insert or replace whole rows; call it inside a transaction."""
    if rows:
        marks = ", ".join("?" * (len(rows[0]) + 1))
        statement = f"INSERT OR REPLACE INTO {table} VALUES ({marks})"
        database.run_many(statement, ((*row, _checksum(row)) for row in rows))


def fetch(
    database: Database, table: str, clause: str = "", values: Iterable[Any] = ()
) -> list[Row]:
    """Return rows without their checksum.

    Raises:
        IntegrityError: a row is not as it was written.
    """
    rows = database.rows(f"SELECT * FROM {table} {clause}", values)
    if any(_checksum(row[:-1]) != row[-1] for row in rows):
        raise damaged(database, table)
    return [row[:-1] for row in rows]


def put_meta(database: Database, values: Mapping[str, str]) -> None:
    """Store single values by key; call it inside a transaction."""
    put(database, "meta", list(values.items()))


def read_meta(database: Database) -> dict[str, str]:
    """Return all single values."""
    return dict(fetch(database, "meta"))


def note_count(database: Database, table: str) -> None:
    """Store how many rows the table has now; call it in the transaction that changed it."""
    [(count,)] = database.rows(f"SELECT count(*) FROM {table}")
    put_meta(database, {f"rows.{table}": str(count)})


def check_count(database: Database, table: str, meta: Mapping[str, str]) -> None:
    """Raise IntegrityError if rows of the table are lost or too many."""
    [(count,)] = database.rows(f"SELECT count(*) FROM {table}")
    if meta.get(f"rows.{table}") != str(count):
        raise damaged(database, table)


def damaged(database: Database, table: str) -> IntegrityError:
    """Return the error for a table whose content is not what was written."""
    project = database.path.parent.name
    return IntegrityError(
        tr(
            "The {table} in {project}/{path} are damaged.",
            table=table,
            project=project,
            path=database.path.name,
        )
    )


@contextlib.contextmanager
def decoding(database: Database, table: str) -> Iterator[None]:
    """Turn values that cannot be what they should be into an IntegrityError."""
    try:
        yield
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise damaged(database, table) from error


def json_table(text: str) -> dict[str, Any]:
    """Return the JSON object in the text; ValueError if it is none, too long or not strict."""
    if len(text) > _LONGEST_JSON:
        raise ValueError("too long")
    value = json.loads(text, parse_constant=_refuse_constant)
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004  the caller waits for one kind of error
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _checksum(row: Row) -> int:
    # ascii() of None, whole numbers, text and bytes is the same in every version of Python.
    return zlib.crc32(ascii(row).encode("ascii"))
