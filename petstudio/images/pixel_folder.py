"""The cache folder of a project, made ready for somebody who wants to fill it."""

from __future__ import annotations

import errno
import logging
import sqlite3
from pathlib import Path

from petstudio.images.pixel_data import is_data_name
from petstudio.images.pixel_index import INDEX_NAME, PixelIndex, is_damage, remove_index

logger = logging.getLogger(__name__)


def open_folder(folder: Path, budget: int) -> tuple[PixelIndex, int]:
    """Return the folder's index and how many bytes are in use; what cannot be used is emptied.

    Raises:
        OSError, sqlite3.Error: the disk, the rights or another process stand in the way.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if folder.is_symlink():
        raise OSError(errno.ELOOP, "it is a link to another place")
    index = _open_index(folder / INDEX_NAME)
    try:
        return index, _tidy(folder, index, budget)
    except (OSError, sqlite3.Error):
        index.close()
        raise


def _open_index(path: Path) -> PixelIndex:
    try:
        return PixelIndex(path, writable=True)
    except sqlite3.Error as error:
        if not is_damage(error):
            raise
        logger.info("The index %s is made anew: %s", path, error)
        remove_index(path)
        return PixelIndex(path, writable=True)


def _tidy(folder: Path, index: PixelIndex, budget: int) -> int:
    """Empty the cache when most of it is waste or it is above its budget; return what is used."""
    with index.transaction():
        _, size = index.place()
        if size > budget or index.live_bytes() < size // 2:
            index.start_anew()
        name, used = index.place()
    for file in folder.iterdir():
        if is_data_name(file.name) and file.name != name:
            _remove(file)
    return used


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:  # another process still reads it, on Windows; the next one will
        logger.info("%s cannot be removed yet: %s", file, error.strerror)
