"""The labels once more, as a table that can be read without PetStudio."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from petstudio.api.errors import MachineError
from petstudio.config.atomic import write_bytes
from petstudio.project.records import ImageRecord

_HEADER: Final = ("path", "label", "origin", "split", "group", "excluded", "unreadable")

logger = logging.getLogger(__name__)


def write_labels_copy(path: Path, records: Iterable[ImageRecord]) -> None:
    """Replace the copy; a failure is only logged, since the database has it all."""
    try:
        write_bytes(path, _table(records))
    except MachineError as error:
        logger.warning("The second copy of the labels was not written: %s", error)


def _table(records: Iterable[ImageRecord]) -> bytes:
    text = io.StringIO(newline="")
    # With other line ends Python 3.11 does not quote a \r in a name, and the row falls apart.
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_HEADER)
    writer.writerows(_row(record) for record in records)
    # Bytes of a name that are not UTF-8 stand as \udcXX.
    return text.getvalue().encode("utf-8", "backslashreplace")


def _row(record: ImageRecord) -> tuple[str, ...]:
    return (
        record.path,
        record.label or "",
        record.origin.value,
        record.split.value if record.split else "",
        record.group or "",
        "yes" if record.excluded else "",
        record.unreadable or "",
    )
