"""Pictures that lie elsewhere now: their records follow, and so do the runs that saw them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from petstudio.api.errors import InputError
from petstudio.api.language import tr
from petstudio.project.contents import Contents
from petstudio.project.database import Database
from petstudio.project.image_columns import ImageColumns
from petstudio.project.names import shown_text, stays_inside
from petstudio.project.records import ImageRecord


def fingerprint_of(images: Iterable[ImageRecord]) -> str:
    """Return a SHA-256 over path, label and split of the usable images."""
    facts = sorted(
        (image.path, image.label, image.split.value)
        for image in images
        if image.is_usable and image.split
    )
    return hashlib.sha256(json.dumps(facts).encode("ascii")).hexdigest()


def relocate(database: Database, contents: Contents, places: Mapping[int, str]) -> None:
    """Give images other paths in one transaction; runs of the same data can still go on.

    Raises:
        InputError: a path leads out of the data root, or another image has it.
    """
    images = contents.images
    changed = [*_moved(images.records, places), *_swapped(images.records, places)]
    after = images.records.changed(changed)
    _check(after, places)
    before = fingerprint_of(images.records.values())
    with database.transaction():
        images.write(changed)
        contents.runs.write_fingerprint(before, fingerprint_of(after.values()))
    images.keep(changed)


def _moved(records: ImageColumns, places: Mapping[int, str]) -> list[ImageRecord]:
    return [replace(records[key], path=path) for key, path in places.items()]


def _swapped(records: ImageColumns, places: Mapping[int, str]) -> list[ImageRecord]:
    """Where what no page shows has the new path of an image, let it have the old one."""
    old = {path: records[key].path for key, path in places.items()}
    return [
        replace(record, path=old[record.path])
        for record in records.only(~records.are_present).values()
        if record.path in old
    ]


def _check(after: ImageColumns, places: Mapping[int, str]) -> None:
    every = zip(after.paths, after, strict=True)
    owners = {path: key for path, key in every if key not in places}
    for key, path in places.items():
        if not stays_inside(path) or owners.setdefault(path, key) != key:
            raise InputError(
                tr("“{path}” cannot be the place of a picture.", path=shown_text(path)),
                cure=tr("Choose a free name below the folder of images."),
            )
