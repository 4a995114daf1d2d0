"""Fixes of labels that wait to be applied, and labels that were found right: one small file."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path, PurePosixPath
from typing import Final

from petstudio.api.errors import IntegrityError, OptionError
from petstudio.api.language import tr
from petstudio.config.atomic import write_text
from petstudio.config.mapping import from_mapping, to_mapping
from petstudio.project.layout import PENDING_FIXES
from petstudio.project.names import label_problem, stays_inside
from petstudio.project.own_files import read_own_file
from petstudio.project.records import ImageRecord
from petstudio.project.table_rows import json_table

_DAMAGED: Final = ".damaged"
_MOST_BYTES: Final = 1 << 30


class FixKind(Enum):
    """What is to become of a picture."""

    RELABEL = "relabel"
    EXCLUDE = "exclude"
    LABEL_IS_RIGHT = "label is right"


@dataclass(frozen=True, kw_only=True)
class Fix:
    """What a person wants for one picture; `label` is the one it had then, `to` its new one."""

    image: int
    path: str
    label: str
    kind: FixKind
    to: str = ""


@dataclass(frozen=True, kw_only=True)
class Tray:
    """Fixes that wait, the oldest first, and labels that were found right before."""

    fixes: tuple[Fix, ...] = ()
    checked: tuple[Fix, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sorted:
    """A tray without what is done or does not fit the data of today any more.

    `stale` counts fixes that were dropped though nobody applied them.
    """

    tray: Tray
    stale: int = 0


class _Standing(Enum):
    DUE = 0
    DONE = 1
    STALE = 2


def load_tray(project: Path) -> Tray:
    """Read the fixes of a project.

    Raises:
        IntegrityError: the file is damaged. It was put aside, so that the next one can be kept.
    """
    path = project / PENDING_FIXES
    try:
        content = read_own_file(path, most_bytes=_MOST_BYTES)
        return Tray() if content is None else _parsed(content.decode())
    except (IntegrityError, ValueError, OptionError, RecursionError) as error:
        raise IntegrityError(
            tr("The pending fixes cannot be read, so there are none."), cure=_put_aside(path)
        ) from error


def save_tray(project: Path, tray: Tray) -> None:
    """Keep the fixes; MachineError if they cannot be written."""
    write_text(project / PENDING_FIXES, json.dumps(to_mapping(tray), indent=1))


def sorted_out(tray: Tray, records: Mapping[int, ImageRecord]) -> Sorted:
    """Compare fixes with the pictures as they are now; they follow those that were moved."""
    standings = [_standing(fix, records.get(fix.image)) for fix in tray.fixes]
    return Sorted(
        tray=Tray(fixes=_due(tray.fixes, records), checked=_due(tray.checked, records)),
        stale=standings.count(_Standing.STALE),
    )


def _due(fixes: Iterable[Fix], records: Mapping[int, ImageRecord]) -> tuple[Fix, ...]:
    return tuple(
        replace(fix, path=records[fix.image].path)
        for fix in fixes
        if _standing(fix, records.get(fix.image)) is _Standing.DUE
    )


def _standing(fix: Fix, record: ImageRecord | None) -> _Standing:
    # After a restored snapshot another file may have the number; one that was moved has its name.
    if record is None or not _may_be_called(fix.path, record.path):
        return _Standing.STALE
    is_out = fix.kind is FixKind.EXCLUDE and record.excluded
    if is_out or (fix.kind is FixKind.RELABEL and record.label == fix.to):
        return _Standing.DONE
    is_same = record.label == fix.label and not record.excluded
    return _Standing.DUE if is_same else _Standing.STALE


def _may_be_called(before: str, now: str) -> bool:
    """True for the same name, or one that got a number or lost it where the other was in use."""
    old, new = PurePosixPath(before), PurePosixPath(now)
    number = max(old.stem, new.stem, key=len).removeprefix(min(old.stem, new.stem, key=len))
    return old.suffix == new.suffix and bool(re.fullmatch(r"(-\d+)?", number))


def _parsed(text: str) -> Tray:
    tray = from_mapping(Tray, json_table(text))
    for fix in (*tray.fixes, *tray.checked):
        _check(fix)
    return tray


def _check(fix: Fix) -> None:
    """Raise ValueError for what PetStudio does not write."""
    labels = (fix.label, fix.to) if fix.kind is FixKind.RELABEL else (fix.label,)
    if not stays_inside(fix.path) or any(map(label_problem, labels)):
        raise ValueError(f"no fix for image {fix.image}")


def _put_aside(path: Path) -> str:
    """Give the damaged file another name, and say which."""
    aside = path.with_name(path.name + _DAMAGED)
    with contextlib.suppress(OSError):
        path.replace(aside)
        return tr("The file was kept as {aside}.", aside=aside.name)
    return ""
