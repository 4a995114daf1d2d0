"""The images of a project, column by column: a million of them fit into little memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, ValuesView
from dataclasses import dataclass, fields, replace
from itertools import compress
from typing import Any, Final, Self, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from petstudio.api.contributions import Split
from petstudio.project.coded import Coded, Mask, Rows
from petstudio.project.records import ImageRecord, LabelOrigin

Column: TypeAlias = NDArray[Any]  # whole numbers, truth values or objects
Images = TypeVar("Images", bound="ImageColumns")

SLICE: Final = 10_000
"""Rows that are gone through at once; Python lets no other thread in before they are."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ImageColumns(Mapping[int, ImageRecord]):
    """Records by id, each made whenever it is asked for; nothing in here ever changes.

    As records a million images take four times the memory, and two seconds to be made.

    Attributes:
        ids: rising.
        modified: nanoseconds; of int, where 64 bits do not hold one of them.
    """

    ids: Rows
    paths: tuple[str, ...]
    labels: Coded[str | None]
    origins: Coded[LabelOrigin]
    splits: Coded[Split | None]
    groups: Coded[str | None]
    excluded: Mask
    problems: Coded[str | None]
    sizes: Rows
    modified: Column

    @classmethod
    def of(cls, records: Iterable[ImageRecord]) -> Self:
        """Return the columns of records, whose ids rise."""
        given = list(records)
        return cls(
            ids=np.array([record.id for record in given], dtype=np.int64),
            paths=tuple(record.path for record in given),
            labels=Coded.of(record.label for record in given),
            origins=Coded.of(record.origin for record in given),
            splits=Coded.of(record.split for record in given),
            groups=Coded.of(record.group for record in given),
            excluded=np.array([record.excluded for record in given], dtype=np.bool_),
            problems=Coded.of(record.unreadable for record in given),
            sizes=np.array([record.size for record in given], dtype=np.int64),
            modified=whole_numbers([record.mtime_ns for record in given]),
        )

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[int]:
        return iter(self.ids.tolist())

    def __getitem__(self, key: int) -> ImageRecord:
        row = self._row(key)
        if row is None:
            raise KeyError(key)
        return next(self._each(slice(row, row + 1)))

    def __contains__(self, key: object) -> bool:
        return isinstance(key, int) and self._row(key) is not None

    def values(self) -> ValuesView[ImageRecord]:
        return _Records(self)

    def records(self) -> Iterator[ImageRecord]:
        """Make all records, one after the other."""
        for start in range(0, len(self), SLICE):
            yield from self._each(slice(start, start + SLICE))

    # Which rows; each as the record's property of that name

    @property
    def are_present(self) -> Mask:
        return ~self.origins.among((LabelOrigin.WITHDRAWN,))

    @property
    def are_labelled(self) -> Mask:
        return ~self.labels.among((None,))

    @property
    def are_readable(self) -> Mask:
        return self.problems.among((None,))

    @property
    def are_undecided(self) -> Mask:
        are_open = ~self.are_labelled & ~self.origins.among((LabelOrigin.PERSON,))
        return are_open & ~self.excluded & self.are_readable

    # Others made of these

    @property
    def present(self) -> Self:
        """Those that pages show."""
        return self.only(self.are_present)

    def only(self, rows: Mask) -> Self:
        """Return the columns of only these rows."""
        return self if rows.all() else _made(self, self, lambda column, _: _take(column, rows))

    def changed(self, records: Iterable[ImageRecord]) -> Self:
        """Return the columns with these records in place of older ones, and new ones at the end.

        They share what stayed the same.
        """
        given = {record.id: record for record in records}
        known = self.of(record for key, record in given.items() if key in self)
        new = self.of(given[key] for key in sorted(given) if key not in self)
        rows = np.searchsorted(self.ids, known.ids)
        columns = _made(self, known, lambda old, new: _put(old, rows, new)) if known else self
        return _made(columns, new, _plus) if new else columns

    def _row(self, key: int) -> int | None:
        row = key - 1  # where they were never fewer
        if not (0 <= row < len(self) and self.ids[row] == key):
            row = int(np.searchsorted(self.ids, key))
        return row if row < len(self) and self.ids[row] == key else None

    def _each(self, rows: slice) -> Iterator[ImageRecord]:
        columns = zip(
            self.ids[rows].tolist(), self.paths[rows], self.labels.each(rows),
            self.origins.each(rows), self.splits.each(rows), self.groups.each(rows),
            self.excluded[rows].tolist(), self.problems.each(rows), self.sizes[rows].tolist(),
            self.modified[rows].tolist(), strict=True,
        )  # fmt: skip
        for key, path, label, origin, split, group, excluded, problem, size, modified in columns:
            yield ImageRecord(
                id=key,
                path=path,
                label=label,
                origin=origin,
                split=split,
                group=group,
                excluded=excluded,
                unreadable=problem,
                size=size,
                mtime_ns=modified,
            )


class _Records(ValuesView[ImageRecord]):
    def __init__(self, columns: ImageColumns) -> None:
        super().__init__(columns)
        self._columns = columns

    def __iter__(self) -> Iterator[ImageRecord]:
        return self._columns.records()


def whole_numbers(values: Sequence[int]) -> Column:
    """Return a column of numbers of any size."""
    try:
        return np.array(values, dtype=np.int64)
    except OverflowError:
        return np.array(values, dtype=object)


# Any from here: columns of a kind, two of which go together.


def _made(old: Images, new: Images, make: Callable[[Any, Any], Any]) -> Images:
    names = [field.name for field in fields(old)]
    return replace(old, **{name: make(getattr(old, name), getattr(new, name)) for name in names})


def _take(column: Any, rows: Mask) -> Any:
    if isinstance(column, Coded):
        return column.take(rows)
    return tuple(compress(column, rows.tolist())) if isinstance(column, tuple) else column[rows]


def _put(old: Any, rows: Rows, new: Any) -> Any:
    if isinstance(old, Coded):
        return old.put(rows, new)
    if isinstance(old, tuple):
        return _put_texts(old, dict(zip(rows.tolist(), new, strict=True)))
    if np.array_equal(old[rows], new):
        return old
    column = old.astype(np.promote_types(old.dtype, new.dtype))
    column[rows] = new
    return column


def _put_texts(old: tuple[str, ...], new: Mapping[int, str]) -> tuple[str, ...]:
    if all(old[row] == text for row, text in new.items()):
        return old
    return tuple(new.get(row, text) for row, text in enumerate(old))


def _plus(old: Any, new: Any) -> Any:
    if isinstance(old, Coded):
        return old.plus(new)
    return old + new if isinstance(old, tuple) else np.concatenate([old, new])
