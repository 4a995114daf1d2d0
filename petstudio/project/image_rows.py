"""Images as they stand in the rows of the database."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from operator import index
from typing import Any, Final, Generic, TypeVar

import numpy as np

from petstudio.api.contributions import Split
from petstudio.project.coded import Coded
from petstudio.project.database import Database, Row
from petstudio.project.image_columns import SLICE, ImageColumns, whole_numbers
from petstudio.project.names import all_stay_inside, label_problem
from petstudio.project.records import ImageRecord, LabelOrigin
from petstudio.project.table_rows import decoding, fetch

_ENCODING: Final = sys.getfilesystemencoding(), sys.getfilesystemencodeerrors()
T = TypeVar("T")


def row_of(record: ImageRecord) -> Row:
    """Return the row of an image."""
    return (
        record.id,
        os.fsencode(record.path),
        record.shown,
        stored_name(record.label),
        record.origin.value,
        record.split and record.split.value,
        stored_name(record.group),
        int(record.excluded),
        stored_name(record.unreadable),
        record.size,
        str(record.mtime_ns),
    )


def read_images(database: Database) -> ImageColumns:
    """Read and check all rows.

    Raises:
        IntegrityError: a row is damaged or leads out of its folder.
    """
    reader = _Reader()
    with decoding(database, "images"):
        for rows in _slices(database):
            reader.take(rows)
    return reader.columns()


def stored_name(name: str | None) -> bytes | None:
    """Return a label or group as it stands in a row."""
    return None if name is None else os.fsencode(name)


def read_name(stored: bytes | None) -> str | None:
    """Return a label or group from a row."""
    return None if stored is None else os.fsdecode(stored)


def _slices(database: Database) -> Iterator[list[Row]]:
    """Give all rows by id; a million of them at once would take more memory than their columns."""
    last = -sys.maxsize
    while rows := fetch(database, "images", "WHERE id > ? ORDER BY id LIMIT ?", (last, SLICE)):
        yield rows
        last = rows[-1][0]


class _Codes(dict[Any, int], Generic[T]):  # Any: what a column holds
    """The codes of stored values; each is decoded, checked and held in memory once."""

    def __init__(self, decode: Callable[[Any], T]) -> None:
        super().__init__()
        self._decode = decode
        self._values: list[T] = []
        self._codes = [np.zeros(0, dtype=np.int32)]

    def __missing__(self, stored: Any) -> int:
        self._values.append(self._decode(stored))
        code = self[stored] = len(self)
        return code

    def take(self, column: Row) -> None:
        self._codes.append(np.array([self[stored] for stored in column], dtype=np.int32))

    def column(self) -> Coded[T]:
        return Coded(values=tuple(self._values), codes=np.concatenate(self._codes))


class _Reader:
    """Puts the columns together, slice by slice."""

    def __init__(self) -> None:
        none = np.zeros(0, dtype=np.int64)
        self._ids, self._sizes, self._excluded, self._modified = [none], [none], [none], [none]
        self._paths: list[str] = []
        self._labels, self._groups = _Codes(_label), _Codes(read_name)
        self._origins, self._splits = _Codes(LabelOrigin), _Codes(_split)
        self._problems = _Codes(read_name)

    def take(self, rows: list[Row]) -> None:
        ids, paths, _, label, origin, split, group, excluded, problem, sizes, modified = zip(
            *rows, strict=True
        )
        self._ids.append(whole_numbers(list(map(index, ids))))
        self._paths += _paths(paths)
        self._labels.take(label)
        self._origins.take(origin)
        self._splits.take(split)
        self._groups.take(group)
        self._excluded.append(whole_numbers(list(map(index, excluded))))
        self._problems.take(problem)
        self._sizes.append(whole_numbers(list(map(index, sizes))))
        self._modified.append(whole_numbers(list(map(int, modified))))

    def columns(self) -> ImageColumns:
        return ImageColumns(
            ids=np.concatenate(self._ids),
            paths=tuple(self._paths),
            labels=self._labels.column(),
            origins=self._origins.column(),
            splits=self._splits.column(),
            groups=self._groups.column(),
            excluded=np.concatenate(self._excluded) != 0,
            problems=self._problems.column(),
            sizes=np.concatenate(self._sizes),
            modified=np.concatenate(self._modified),
        )


def _paths(column: Row) -> list[str]:
    # As os.fsdecode, which asks each path what it is.
    paths = [bytes.decode(path, *_ENCODING) for path in column]
    if not all_stay_inside(paths):
        raise ValueError("a path leads out")
    return paths


def _label(stored: bytes | None) -> str | None:
    label = read_name(stored)
    if label is not None and label_problem(label):
        raise ValueError(label)
    return label


def _split(stored: str | None) -> Split | None:
    return None if stored is None else Split(stored)
