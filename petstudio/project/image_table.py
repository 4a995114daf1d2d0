"""The images of a project: rows on disk, columns in memory."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import count
from typing import Final

from petstudio.api.errors import InputError
from petstudio.api.language import tr
from petstudio.project.database import Database
from petstudio.project.image_columns import ImageColumns
from petstudio.project.image_rows import read_images, row_of
from petstudio.project.names import check_label, shown_text, stays_inside
from petstudio.project.records import ImageRecord, KnownImages, LabelOrigin, NewImage
from petstudio.project.table_rows import note_count, put, put_meta, read_meta

_STATE: Final = "state.images"
_FLOOR: Final = "floor.images"
_MOST_LOST: Final = 10_000_000


class ImageTable:
    """All records by id, in the order in which the images were given; always as committed."""

    def __init__(self, database: Database, known: KnownImages | None = None) -> None:
        """Read and check all rows, unless they are `known` as they are.

        Raises:
            IntegrityError: a row is damaged or leads out of its folder.
        """
        self._database = database
        self._state = self._next_state = read_meta(database).get(_STATE, "")
        is_known = known is not None and known.state == self._state != ""
        self._records = known.records if known and is_known else read_images(database)
        self._present: tuple[ImageRecord, ...] | None = None

    @property
    def known(self) -> KnownImages:
        """All that is here, to spare somebody the reading."""
        return KnownImages(state=self._state, records=self._records)

    @property
    def records(self) -> ImageColumns:
        """All of them, as they are now."""
        return self._records

    @property
    def present(self) -> tuple[ImageRecord, ...]:
        """Those that pages show; made at the first question."""
        if self._present is None:
            self._present = tuple(self._records.present.values())
        return self._present

    def write(self, changed: Sequence[ImageRecord]) -> None:
        """Write rows; call it inside a transaction, and `keep` after its commit."""
        put(self._database, "images", [row_of(record) for record in changed])
        self._next_state = _put_state(self._database)

    def add(
        self, images: Sequence[NewImage], *, withdrawn: bool = False
    ) -> tuple[ImageRecord, ...]:
        """Take in more images; on the disk when this returns. Withdrawn ones keep their place.

        Raises:
            InputError: a path leads out of the data root or is there already, or a bad label.
        """
        check_new_images(images)
        places = dict(zip(self._records.paths, self._records, strict=True))
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
        self._records = self._records.changed(changed)
        self._present = None
        self._state = self._next_state


def insert_images(database: Database, images: Sequence[NewImage]) -> None:
    """Fill the table of a new project; call it inside a transaction."""
    records = [_first_record(number, image) for number, image in enumerate(images, start=1)]
    put(database, "images", [row_of(record) for record in records])
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
