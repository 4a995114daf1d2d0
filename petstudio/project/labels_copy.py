"""The labels once more, as a table that can be read without PetStudio."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from petstudio.api.errors import MachineError
from petstudio.config.atomic import write_with
from petstudio.project.image_columns import SLICE, ImageColumns

_HEADER: Final = ("path", "label", "origin", "split", "group", "excluded", "unreadable")

logger = logging.getLogger(__name__)


def write_labels_copy(path: Path, images: ImageColumns) -> None:
    """Replace the copy; a failure is only logged, since the database has it all."""
    try:
        write_with(path, lambda stream: stream.writelines(_table(images)))
    except MachineError as error:
        logger.warning("The second copy of the labels was not written: %s", error)


def _table(images: ImageColumns) -> Iterator[bytes]:
    yield _lines([_HEADER])
    for start in range(0, len(images), SLICE):
        yield _lines(_rows(images, slice(start, start + SLICE)))


def _lines(rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO(newline="")
    # With other line ends Python 3.11 does not quote a \r in a name, and the row falls apart.
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    # Bytes of a name that are not UTF-8 stand as \udcXX.
    return text.getvalue().encode("utf-8", "backslashreplace")


def _rows(images: ImageColumns, rows: slice) -> Iterable[tuple[str, ...]]:
    return zip(
        images.paths[rows],
        [label or "" for label in images.labels.each(rows)],
        [origin.value for origin in images.origins.each(rows)],
        [split.value if split else "" for split in images.splits.each(rows)],
        [group or "" for group in images.groups.each(rows)],
        ["yes" if excluded else "" for excluded in images.excluded[rows].tolist()],
        [problem or "" for problem in images.problems.each(rows)],
        strict=True,
    )
