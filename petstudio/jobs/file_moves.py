"""One file goes elsewhere; while it has both names they hold the same, so no kill loses it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from io import FileIO
from pathlib import Path

from petstudio.api.language import tr
from petstudio.config.atomic import sync_folder
from petstudio.jobs.file_copies import (
    Content,
    LinkRefusedError,
    Note,
    bring,
    second_name,
    verified_copy,
)


def move_file(source: Path, names: Iterable[Path], part: Path, note: Note) -> None:
    """Give a file the first free one of these names in place of its own.

    Raises:
        OSError: it cannot be read or removed, or was changed meanwhile; then it is where it was.
        MachineError: the place refuses it.
    """
    before = source.stat()
    place = bring(source, names, part, _same_file_or_copy, note)
    try:
        sync_folder(place.parent)
        _remove(source, before)
    except OSError:
        place.unlink()
        raise


def _same_file_or_copy(source: FileIO, part: Path) -> Content:
    try:
        return second_name(source, part)
    except LinkRefusedError:  # another file system, or one without second names
        return verified_copy(source, part)


def _remove(source: Path, before: os.stat_result) -> None:
    if _version(source.stat()) != _version(before):
        raise OSError(0, tr("it was changed meanwhile"))
    source.unlink()


def _version(stat: os.stat_result) -> tuple[int, int, int, int]:
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns
