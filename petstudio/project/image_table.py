"""The images of a project: rows on disk, records in memory."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from operator import index
from types import MappingProxyType
from typing import Final

from petstudio.api.contributions import Split
from petstudio.api.errors import InputError
from petstudio.api.language import tr
from petstudio.project.database import Database, Row
from petstudio.project.names import check_label, label_problem, shown_text, stays_inside
from petstudio.project.records import ImageRecord, KnownImages, LabelOrigin, NewImage
from petstudio.project.table_rows import decoding, fetch, note_count, put, put_meta, read_meta

_STATE: Final = "state.images"
_FLOOR: Final = "floor.images"
_MOST_LOST: Final = 10_000_000
_ROWS_AT_ONCE: Final = 10_000
_ORIGINS: Final = {origin.value: origin for origin in LabelOrigin}
_SPLITS: Final = {split and split.value: split for split in (None, *Split)}


class ImageTable:
    """All records by id, in the order in which the images were given; always as committed."""

    def __init__(self, database: Database, known: KnownImages | None = None) -> None:
        """Read and check all rows, unless they are `known` as they are.

        Raises:
            IntegrityError: a row is damaged or leads out of its folder.
        """
        self._database = database
        self._state = self._next_state = read_meta(database).get(_STATE, "")
        if known is not None and known.state == self._state:
            self._records = dict(known.records)
            return
        labels = _Labels()
        with decoding(database, "images"):
            self._records = {row[0]: _record(row, labels) for row in _each_row(database)}

    @property
    def known(self) -> KnownImages | None:
        """All that is here, to spare somebody the reading; None where no state was stored yet."""
        return KnownImages(state=self._state, records=dict(self._records)) if self._state else None

    @property
    def records(self) -> Mapping[int, ImageRecord]:
        """A view that follows later changes."""
        return MappingProxyType(self._records)

    def write(self, changed: Sequence[ImageRecord]) -> None:
        """Write rows; call it inside a transaction, and `keep` after its commit."""
        put(self._database, "images", [_row(record) for record in changed])
        self._next_state = _put_state(self._database)

    def add(
        self, images: Sequence[NewImage], *, withdrawn: bool = False
    ) -> tuple[ImageRecord, ...]:
        """Take in more images; on the disk when this returns. Withdrawn ones keep their place.

        Raises:
            InputError: a path leads out of the data root or is there already, or a bad label.
        """
        check_new_images(images)
        places = {record.path: record.id for record in self._records.values()}
        for image in images:
            if image.path in places and self._records[places[image.path]].is_present:
                raise InputError(
                    tr(
                        "“{shown_text}” is in the project already.",
                        shown_text=shown_text(image.path),
                    ),
                    cure=tr("Choose other pictures."),
                )
        floor = int(read_meta(self._database).get(_FLOOR, "0"))
        free = count(max(floor, max(self._records, default=0)) + 1)
        numbered = [(places.get(image.path) or next(free), image) for image in images]
        make = _withdrawn_record if withdrawn else _first_record
        records = tuple(make(number, image) for number, image in numbered)
        with self._database.transaction():
            self.write(records)
            note_count(self._database, "images")
        self.keep(records)
        return records

    def keep(self, changed: Iterable[ImageRecord]) -> None:
        """Take over records whose rows are committed."""
        self._records.update((record.id, record) for record in changed)
        self._state = self._next_state


def insert_images(database: Database, images: Sequence[NewImage]) -> None:
    """Fill the table of a new project; call it inside a transaction."""
    records = [_first_record(number, image) for number, image in enumerate(images, start=1)]
    put(database, "images", [_row(record) for record in records])
    note_count(database, "images")
    _put_state(database)


def leave_numbers_out(database: Database, times: int) -> None:
    """Give no numbers again that pictures got after this state; call it inside a transaction.

    `times` is how often the project went back to an older state.
    """
    [(last,)] = database.rows("SELECT max(id) FROM images")
    earlier = int(read_meta(database).get(_FLOOR, "0"))
    put_meta(database, {_FLOOR: str(max(last or 0, earlier) + times * _MOST_LOST)})


def check_new_images(images: Iterable[NewImage]) -> None:
    """Raise InputError for a path that leaves the data root or comes twice, or a bad label."""
    seen: set[str] = set()
    for image in images:
        name = shown_text(image.path)
        if not stays_inside(image.path):
            raise InputError(
                tr("“{name}” is not a path below the folder of images.", name=name),
                cure=tr("Choose a folder that contains all images."),
            )
        if image.path in seen:
            raise InputError(
                tr("“{name}” is listed twice.", name=name), cure=tr("List every image once.")
            )
        if image.label is not None:
            check_label(image.label)
        seen.add(image.path)


def _put_state(database: Database) -> str:
    state = secrets.token_hex(8)
    put_meta(database, {_STATE: state})
    return state


def _first_record(number: int, image: NewImage) -> ImageRecord:
    return ImageRecord(
        id=number,
        path=image.path,
        label=image.label,
        origin=LabelOrigin.LOADER,
        split=image.split,
        group=image.group,
        excluded=False,
        unreadable=image.unreadable,
        size=image.size,
        mtime_ns=image.mtime_ns,
    )


def _withdrawn_record(number: int, image: NewImage) -> ImageRecord:
    record = _first_record(number, image)
    return replace(record, label=None, split=None, origin=LabelOrigin.WITHDRAWN)


def _row(record: ImageRecord) -> Row:
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


class _Labels(dict[bytes | None, str | None]):
    """Labels as they are stored; each is decoded, checked and held in memory once."""

    def __missing__(self, stored: bytes | None) -> str | None:
        label = self[stored] = read_name(stored)
        if label is not None and label_problem(label):
            raise ValueError(label)
        return label


def _each_row(database: Database) -> Iterator[Row]:
    """Give all rows by id; a million of them at once would take more memory than their records."""
    last = -sys.maxsize
    while rows := fetch(
        database, "images", "WHERE id > ? ORDER BY id LIMIT ?", (last, _ROWS_AT_ONCE)
    ):
        yield from rows
        last = rows[-1][0]


def _record(row: Row, labels: _Labels) -> ImageRecord:
    identity, path, _, label, origin, split, group, excluded, unreadable, size, mtime_ns = row
    record = ImageRecord(
        id=index(identity),
        path=os.fsdecode(path),
        label=labels[label],
        origin=_ORIGINS[origin],
        split=_SPLITS[split],
        group=read_name(group),
        excluded=bool(index(excluded)),
        unreadable=read_name(unreadable),
        size=index(size),
        mtime_ns=int(mtime_ns),
    )
    if not stays_inside(record.path):
        raise ValueError(record.path)
    return record


def stored_name(name: str | None) -> bytes | None:
    """Return a label or group as it stands in a row."""
    return None if name is None else os.fsencode(name)


def read_name(stored: bytes | None) -> str | None:
    """Return a label or group from a row."""
    return None if stored is None else os.fsdecode(stored)
