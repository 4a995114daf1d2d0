"""Pictures that were decoded before, read from the cache folder of a project.

The folder may be deleted at any time, and several processes may read and fill it at once. A
picture comes back only if its file has not changed and its bytes are the ones that were written.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from threading import Lock

from petstudio.api.errors import ImageError
from petstudio.images.decoding import read_kept_jpeg
from petstudio.images.pixel_data import DataFile, is_data_name
from petstudio.images.pixel_index import INDEX_NAME, PixelIndex
from petstudio.images.pixel_records import (
    FileVersion,
    Picture,
    PixelKind,
    PixelRecord,
    path_key,
)


class PixelFile:
    """Reads kept pictures; safe to use from several threads. What is not there is just not found.

    It may be opened before there is anything, and sees what others add later.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._index: PixelIndex | None = None
        self._identity: tuple[int, int] | None = None
        self._files: dict[str, DataFile] = {}
        self._verified: set[tuple[str, int]] = set()
        self._wrong: set[tuple[str, int]] = set()

    def __enter__(self) -> PixelFile:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the files go; pictures that were given out stay good."""
        with self._lock:
            self._forget_index()
            for file in self._files.values():
                file.close()
            self._files.clear()

    def find(self, path: Path, version: FileVersion) -> PixelRecord | None:
        """Return where this version of a file is kept."""
        with self._lock:
            try:
                index = self._current_index()
                record = index.find(path_key(path)) if index else None
            except sqlite3.Error:
                self._forget_index()  # damaged or busy; the picture is decoded instead
                return None
        if record is None or record.version != version or _bytes_of(record) in self._wrong:
            return None
        return record

    def picture(self, record: PixelRecord) -> Picture | None:
        """Return the picture; None if its bytes are not the ones that were written.

        Writing to the pixels changes nothing but this copy.
        """
        if record.kind is PixelKind.RAW and _bytes_of(record) in self._verified:
            return self.mapped(record) or self._checked(record)
        return self._checked(record)

    def mapped(self, record: PixelRecord) -> Picture | None:
        """Return a raw picture that was checked before, in place; None if that cannot be."""
        file = self._file(record.data) if _bytes_of(record) in self._verified else None
        view = file.view(record.offset, record.length) if file else None
        if view is None:
            return None
        return Picture(height=record.height, width=record.width, pixels=view)

    def _checked(self, record: PixelRecord) -> Picture | None:
        file = self._file(record.data)
        content = file.read(record.offset, record.length) if file else None
        if content is None or not record.matches(content):
            self._wrong.add(_bytes_of(record))
            return None
        if record.kind is PixelKind.JPEG:
            return _from_jpeg(record, content)
        self._verified.add(_bytes_of(record))
        return Picture(height=record.height, width=record.width, pixels=content)

    def _file(self, name: str) -> DataFile | None:
        with self._lock:
            if name not in self._files and is_data_name(name):
                with contextlib.suppress(OSError):
                    self._files[name] = DataFile(self._folder / name)
            return self._files.get(name)

    def _current_index(self) -> PixelIndex | None:
        identity = _identity(self._folder / INDEX_NAME)
        if identity != self._identity:  # it was made, deleted or made anew
            self._forget_index()
        if self._index is None and identity is not None:
            self._index = PixelIndex(self._folder / INDEX_NAME)
            self._identity = identity
        return self._index

    def _forget_index(self) -> None:
        if self._index is not None:
            self._index.close()
        self._index, self._identity = None, None


def _bytes_of(record: PixelRecord) -> tuple[str, int]:
    return record.data, record.offset


def _from_jpeg(record: PixelRecord, content: bytearray) -> Picture | None:
    try:
        image = read_kept_jpeg(bytes(content), (record.width, record.height))
    except ImageError:
        return None
    return Picture(height=record.height, width=record.width, pixels=bytearray(image.tobytes()))


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
