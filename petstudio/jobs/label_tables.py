"""Labels as a table that people open with a spreadsheet, written and read again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from petstudio.api.errors import InputError
from petstudio.api.language import tr
from petstudio.config.atomic import replacing
from petstudio.jobs.spreadsheet import plain_cell
from petstudio.project.image_tags import Tags
from petstudio.project.names import label_problem, shown_text
from petstudio.project.project import Project
from petstudio.project.records import ImageRecord, LabelOrigin

_HEADER: Final = ("path", "label", "origin", "split", "excluded", "tags")
_PATH, _LABEL = "path", "label"
_MOST_BYTES: Final = 256 << 20
_EXPECTED: Final = tr("The table needs the columns “path” and “label”.")


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What came of a table: labels that changed, that were so already, and unknown files."""

    changed: int
    same: int
    unknown: int


def write_labels(file: Path, records: Iterable[ImageRecord], tags: Tags) -> int:
    """Write a table of these pictures; no cell is a formula. Returns how many rows it has.

    Raises:
        MachineError: it cannot be written.
    """
    count = 0
    with replacing(file) as stream:
        stream.write(_line(_HEADER))
        for record in records:
            stream.write(_line(_row(record, tags)))
            count += 1
    return count


def read_labels(project: Project, file: Path) -> Imported:
    """Label the pictures that a table names, in one step of the history.

    Pictures without a label in the table stay as they are, and unknown ones are counted.

    Raises:
        InputError: this is no such table, or a label in it cannot be one.
    """
    by_cell = {_cell(record.path): record for record in project.images()}
    labels: dict[int, str | None] = {}
    same, unknown = 0, 0
    for path, label in _pairs(file):
        record = by_cell.get(path) or by_cell.get(_cell(path))
        if record is None:
            unknown += 1
        elif label and label != record.label:
            labels[record.id] = label
        else:
            same += 1
    if labels:
        project.set_labels(labels, LabelOrigin.PERSON)
    return Imported(changed=len(labels), same=same, unknown=unknown)


def _row(record: ImageRecord, tags: Tags) -> tuple[str, ...]:
    return (
        record.path,
        record.label or "",
        record.origin.value,
        record.split.value if record.split else "",
        "yes" if record.excluded else "",
        ", ".join(tag for tag, ids in tags.items() if record.id in ids),
    )


def _line(cells: Sequence[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow([_cell(cell) for cell in cells])
    return text.getvalue().encode("utf-8")


def _cell(text: str) -> str:
    """Return the text as it stands in a table; bytes that are not UTF-8 as \\udcXX."""
    return plain_cell(text.encode("utf-8", "backslashreplace").decode("utf-8"))


def _pairs(file: Path) -> Iterator[tuple[str, str]]:
    rows = csv.DictReader(io.StringIO(_text(file), newline=""))
    try:
        if not {_PATH, _LABEL} <= set(rows.fieldnames or ()):
            raise _refused(file, _EXPECTED)
        for row in rows:
            label = _unquoted((row[_LABEL] or "").strip())
            problem = label_problem(label) if label else None
            if problem:
                raise _refused(
                    file, tr("Line {line_num}: {problem}", line_num=rows.line_num, problem=problem)
                )
            yield row[_PATH] or "", label
    except csv.Error as error:
        raise _refused(
            file, tr("Line {line_num}: {error}.", line_num=rows.line_num, error=error)
        ) from error


def _unquoted(cell: str) -> str:
    """Return what was written, without the quote that keeps a spreadsheet from running it."""
    bare = cell.removeprefix("'")
    return bare if plain_cell(bare) == cell else cell


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise _refused(file, tr("It is too large for a table of labels."))
        return file.read_text("utf-8-sig")
    except OSError as error:
        raise _refused(file, f"{error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise _refused(file, tr("It is not UTF-8 text.")) from error


def _refused(file: Path, why: str) -> InputError:
    return InputError(
        tr(
            "{shown_text} cannot be read as a table of labels. {why}",
            shown_text=shown_text(file.name),
            why=why,
        ),
        cure=tr("Export a table first to see how it looks."),
    )
