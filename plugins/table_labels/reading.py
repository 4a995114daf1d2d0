"""Reading the table: which columns it has, what a row says, and which image a row means."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Final, TextIO

from petstudio.api import ImageLabel, InputError, Place, Split, file, text
from petstudio.api.language import tr

DELIMITERS: Final = (",", ";", "\t")
SPLIT_WORDS: Final[Mapping[str, Split | None]] = MappingProxyType(
    {
        "": None,
        "train": Split.TRAIN,
        "valid": Split.VALID,
        "validation": Split.VALID,
        "val": Split.VALID,
        "test": Split.TEST,
    }
)


@dataclass(frozen=True, kw_only=True)
class TableOptions:
    file: str = file(
        "labels.csv",
        label=tr("Table"),
        help=tr("A CSV file: a full path, or one below the image folder."),
    )
    path_column: str = text(
        "path",
        label=tr("Path column"),
        help=tr(
            "Paths below the image folder; a file name alone is enough where it is the only one."
        ),
    )
    label_column: str = text("label", label=tr("Label column"), help=tr("The classes."))
    split_column: str = text(
        "split", label=tr("Split column"), help=tr("Holds train, valid or test; may be absent.")
    )
    group_column: str = text(
        "group",
        label=tr("Group column"),
        help=tr("Images of one group stay on one side of the split; may be absent."),
    )


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row; `number` is that of the line in a spreadsheet, the header being 1."""

    number: int
    path: str
    label: str | None
    split: Split | None
    group: str | None

    def agrees_with(self, other: Row) -> bool:
        return (self.label, self.split, self.group) == (other.label, other.split, other.group)


def read_by_table(options: TableOptions, place: Place) -> Iterator[ImageLabel]:
    """Read the whole table, then give a label for each file and for each missing one.

    Raises:
        InputError: the table cannot be read, has no such column, or contradicts itself.
    """
    rows = _rows_by_path(_read(place.root / options.file, options), place)
    missing = sorted(rows.keys() - set(place.files))
    return (_label(path, rows.get(path)) for path in chain(place.files, missing))


def _label(path: str, row: Row | None) -> ImageLabel:
    if row is None:
        return ImageLabel(path=path, label=None)
    return ImageLabel(path=path, label=row.label, split=row.split, group=row.group)


def _rows_by_path(rows: Iterator[Row], place: Place) -> dict[str, Row]:
    files = set(place.files)
    by_name = defaultdict(list)
    for path in place.files:
        by_name[path.rpartition("/")[2]].append(path)
    found: dict[str, Row] = {}
    for row in rows:
        path = row.path if row.path in files else _normal(row.path, place.root)
        if path not in files:
            path = _only_one(row, path, by_name.get(path, [path]))
        earlier = found.setdefault(path, row)
        if not row.agrees_with(earlier):
            raise InputError(
                tr(
                    "Rows {earlier} and {later} of the table disagree about “{path}”.",
                    earlier=earlier.number,
                    later=row.number,
                    path=path,
                ),
                cure=tr("Keep the one that is right."),
            )
    return found


def _only_one(row: Row, name: str, paths: list[str]) -> str:
    if len(paths) > 1:
        raise InputError(
            tr(
                "Row {number} of the table means “{name}”, which lies in several folders: {paths}.",
                number=row.number,
                name=name,
                paths=", ".join(paths[:3]),
            ),
            cure=tr("Write the path below the image folder instead of the name."),
        )
    return paths[0]


def _normal(path: str, root: Path) -> str:
    below = path.replace("\\", "/").removeprefix(f"{root.as_posix()}/")
    return PurePosixPath(below).as_posix()


def _read(table: Path, options: TableOptions) -> Iterator[Row]:
    try:
        with table.open(encoding="utf-8-sig", newline="") as stream:
            yield from _rows(stream, options)
    except UnicodeDecodeError:
        raise InputError(
            tr("The table {table} is not UTF-8 text.", table=table.name),
            cure=tr("Save it as “CSV UTF-8”, which spreadsheet programs offer."),
        ) from None
    except csv.Error as error:
        raise InputError(
            tr("The table {table} is not a CSV file: {error}.", table=table.name, error=error),
            cure=tr("Save it as CSV."),
        ) from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InputError(
            tr("The table {table} cannot be read: {reason}.", table=table, reason=reason),
            cure=tr("Choose a CSV file."),
        ) from None


def _rows(stream: TextIO, options: TableOptions) -> Iterator[Row]:
    first = stream.readline()
    delimiter = max(DELIMITERS, key=first.count)
    lines = csv.reader(chain([first], stream), delimiter=delimiter)
    header = [name.strip().casefold() for name in next(lines)]
    columns = _columns(header, options)
    for number, cells in enumerate(lines, start=2):
        if len(cells) > len(header):
            raise InputError(
                tr(
                    "Row {number} of the table has {cells} cells, its header {columns}.",
                    number=number,
                    cells=len(cells),
                    columns=len(header),
                ),
                cure=tr("Put texts that contain “{delimiter}” in quotes.", delimiter=delimiter),
            )
        if any(cells):
            texts = {name: cells[i].strip() for name, i in columns.items() if i < len(cells)}
            yield _row(number, texts)


def _row(number: int, texts: Mapping[str, str]) -> Row:
    split = texts.get("split", "")
    if split.lower() not in SPLIT_WORDS:
        raise InputError(
            tr("Row {number} of the table has the split “{split}”.", number=number, split=split),
            cure=tr("Use train, valid or test, or leave it empty."),
        )
    if not texts.get("path"):
        raise InputError(
            tr("Row {number} of the table has no path.", number=number),
            cure=tr("Add it, or remove it."),
        )
    return Row(
        number=number,
        path=texts["path"],
        label=texts.get("label") or None,
        split=SPLIT_WORDS[split.lower()],
        group=texts.get("group") or None,
    )


def _columns(header: list[str], options: TableOptions) -> dict[str, int]:
    usual = TableOptions()
    columns: dict[str, int] = {}
    for name in ("path", "label", "split", "group"):
        wanted = getattr(options, f"{name}_column").strip()
        count = header.count(wanted.casefold())
        may_lack = name in ("split", "group") and wanted in ("", getattr(usual, f"{name}_column"))
        if count == 1:
            columns[name] = header.index(wanted.casefold())
        elif count > 1 or not may_lack:
            raise InputError(
                tr("The table has several columns “{wanted}”.", wanted=wanted)
                if count
                else tr("The table has no column “{wanted}”.", wanted=wanted),
                cure=tr("Its columns are: {header}.", header=", ".join(header)),
            )
    return columns
