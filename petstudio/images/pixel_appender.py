"""Writing batches of decoded pictures behind each other into the cache folder of a project."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from petstudio.images.pixel_data import DataFile
from petstudio.images.pixel_folder import open_folder
from petstudio.images.pixel_queue import PixelEntry


class PixelAppender:
    """Used by one thread at a time; everything raises OSError or sqlite3.Error.

    Attributes:
        used: bytes of the budget that are taken.
    """

    def __init__(self, folder: Path, budget: int) -> None:
        """Make the folder; a damaged one is emptied."""
        self._folder = folder
        self._budget = budget
        self._index, self.used = open_folder(folder, budget)
        self._file: tuple[str, DataFile] | None = None

    def write(self, batch: Sequence[PixelEntry], *, leave_free: int) -> int:
        """Write a batch, as far as the budget goes; return the bytes that are taken then."""
        self._require_free_disk(sum(entry.record.length for entry in batch) + leave_free)
        with self._index.transaction():
            return self._append(batch)

    def close(self) -> None:
        self._close_file()
        self._index.close()

    def _append(self, batch: Sequence[PixelEntry]) -> int:
        """Write bytes first, then name them: what is named is whole, even after a kill."""
        name, start = self._place()
        file, end, records = self._data_file(name), start, []
        try:
            for entry in batch:
                if end + entry.record.length <= self._budget:
                    file.write(end, entry.pixels)
                    records.append(replace(entry.record, data=name, offset=end))
                    end += entry.record.length
            self._index.add(records, end)
        except (OSError, sqlite3.Error):
            file.cut(start)
            raise
        return end

    def _place(self) -> tuple[str, int]:
        name, start = self._index.place()
        if self._data_file(name).size() >= start:
            return name, start
        # Somebody cut it off. Written on, it would be as long as before, with nothing inside.
        self._index.start_anew()
        return self._index.place()

    def _data_file(self, name: str) -> DataFile:
        if self._file is None or self._file[0] != name:
            self._close_file()
            self._file = name, DataFile(self._folder / name, writable=True)
        return self._file[1]

    def _require_free_disk(self, needed: int) -> None:
        if shutil.disk_usage(self._folder).free < needed:
            raise OSError(errno.ENOSPC, "the disk is nearly full")

    def _close_file(self) -> None:
        if self._file is not None:
            self._file[1].close()
        self._file = None
