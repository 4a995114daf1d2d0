"""Filling the cache folder of a project with decoded pictures."""

from __future__ import annotations

import errno
import io
import logging
import shutil
import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Final

from PIL import Image

from petstudio.images.pixel_data import DataFile
from petstudio.images.pixel_folder import open_folder
from petstudio.images.pixel_index import PixelIndex
from petstudio.images.pixel_records import (
    FileVersion,
    Picture,
    PixelKind,
    PixelRecord,
    Pixels,
    checksum,
    path_key,
)

logger = logging.getLogger(__name__)

JPEG_QUALITY: Final = 90
LEAVE_FREE: Final = 256 << 20  # bytes of the disk that checkpoints and the project may need
_BATCH_PICTURES: Final = 64
_BATCH_BYTES: Final = 32 << 20
_BATCH_SECONDS: Final = 1.0
_JPEG_SHARE: Final = 20  # a small JPEG takes no less than this part of its pixels
_DISK_FULL: Final = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


class PixelWriter:
    """Keeps decoded pictures in batches; safe to use from several threads and processes.

    It never fails: when the disk does, it says so once and keeps nothing more.
    """

    def __init__(
        self, folder: Path, budget: int, *, notice: Callable[[str], None] = logger.warning
    ) -> None:
        """Keep at most `budget` bytes in the folder, which is made; a damaged one is emptied."""
        self._folder = folder
        self._budget = budget
        self._notice = notice
        self._lock = Lock()
        self._writing = Lock()
        self._waiting: dict[bytes, tuple[PixelRecord, Pixels, Picture]] = {}
        self._in_hand: dict[bytes, tuple[PixelRecord, Pixels, Picture]] = {}
        self._waiting_bytes = 0
        self._oldest = 0.0
        self._used = 0
        self._file: tuple[str, DataFile] | None = None
        self._index: PixelIndex | None = None
        try:
            self._index, self._used = open_folder(folder, budget)
        except (OSError, sqlite3.Error) as error:
            self._stop(error)

    def close(self) -> None:
        """Write what waits and let the files go."""
        self.flush()
        with self._writing:
            self._let_go()

    def waiting(self, path: Path, version: FileVersion) -> tuple[PixelRecord, Picture] | None:
        """Return a picture that was given but is not on the disk yet."""
        key = path_key(path)
        with self._lock:
            found = self._waiting.get(key) or self._in_hand.get(key)
        return (found[0], found[2]) if found and found[0].version == version else None

    def add(
        self,
        path: Path,
        version: FileVersion,
        short_side: int,
        picture: Picture,
        *,
        reserve: int = 0,
    ) -> PixelKind | None:
        """Keep a picture; return how, or None if there is no room left.

        `reserve` is how many bytes to leave for others: what does not fit beside them becomes a
        small JPEG.
        """
        content = self._fitting(picture, reserve)
        if content is None:
            return None
        kind, pixels = content
        key = path_key(path)
        numbers = (short_side, picture.height, picture.width)
        record = PixelRecord(
            path=key,
            version=version,
            short_side=short_side,
            data="",
            offset=0,
            length=len(pixels),
            height=picture.height,
            width=picture.width,
            kind=kind,
            checksum=checksum(pixels, key, version, numbers, kind),
        )
        if self._put(record, pixels, picture):
            self.flush()
        return kind

    def flush(self) -> None:
        """Write what waits; returns when it can be found by everybody."""
        with self._writing:
            with self._lock:
                self._in_hand, self._waiting = self._waiting, {}
                self._waiting_bytes = 0
            if self._in_hand and self._index is not None:
                self._try_to_write(self._index)
            with self._lock:
                self._in_hand = {}

    def _fitting(self, picture: Picture, reserve: int) -> tuple[PixelKind, Pixels] | None:
        if self._index is None:
            return None
        with self._lock:
            room = self._budget - self._used - self._waiting_bytes
        if len(picture.pixels) + reserve <= room:
            return PixelKind.RAW, picture.pixels
        if room < len(picture.pixels) // _JPEG_SHARE:
            return None
        small = _small_jpeg(picture)
        return (PixelKind.JPEG, small) if len(small) <= room else None

    def _put(self, record: PixelRecord, pixels: Pixels, picture: Picture) -> bool:
        """Take a picture into the batch; True if it is time to write."""
        now = time.monotonic()
        with self._lock:
            if not self._waiting:
                self._oldest = now
            self._waiting[record.path] = (record, pixels, picture)
            self._waiting_bytes += record.length
            return (
                len(self._waiting) >= _BATCH_PICTURES
                or self._waiting_bytes >= _BATCH_BYTES
                or now - self._oldest >= _BATCH_SECONDS
            )

    def _try_to_write(self, index: PixelIndex) -> None:
        try:
            self._require_free_disk()
            with index.transaction():
                self._write(index)
        except (OSError, sqlite3.Error) as error:
            if getattr(error, "sqlite_errorname", "") != "SQLITE_BUSY":
                self._stop(error)

    def _write(self, index: PixelIndex) -> None:
        """Write bytes first, then name them: what is named is whole, even after a kill."""
        name, start = self._place(index)
        file, end, records = self._data_file(name), start, []
        try:
            for record, pixels, _ in self._in_hand.values():
                if end + record.length <= self._budget:
                    file.write(end, pixels)
                    records.append(replace(record, data=name, offset=end))
                    end += record.length
            index.add(records, end)
        except (OSError, sqlite3.Error):
            file.cut(start)
            raise
        with self._lock:
            self._used = end

    def _place(self, index: PixelIndex) -> tuple[str, int]:
        name, start = index.place()
        if self._data_file(name).size() >= start:
            return name, start
        # Somebody cut it off. Written on, it would be as long as before, with nothing inside.
        index.start_anew()
        return index.place()

    def _data_file(self, name: str) -> DataFile:
        if self._file is None or self._file[0] != name:
            self._close_file()
            self._file = name, DataFile(self._folder / name, writable=True)
        return self._file[1]

    def _require_free_disk(self) -> None:
        needed = sum(record.length for record, _, _ in self._in_hand.values())
        if shutil.disk_usage(self._folder).free < needed + LEAVE_FREE:
            raise OSError(errno.ENOSPC, "the disk is nearly full")

    def _stop(self, error: Exception) -> None:
        self._let_go()
        self._notice(_explain(self._folder, error))

    def _let_go(self) -> None:
        self._close_file()
        index, self._index = self._index, None
        if index is not None:
            index.close()

    def _close_file(self) -> None:
        if self._file is not None:
            self._file[1].close()
        self._file = None


def _small_jpeg(picture: Picture) -> bytes:
    size = (picture.width, picture.height)
    image = Image.frombuffer("RGB", size, bytes(picture.pixels), "raw", "RGB", 0, 1)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=JPEG_QUALITY)
    return stream.getvalue()


def _explain(folder: Path, error: Exception) -> str:
    code = error.errno if isinstance(error, OSError) else None
    if code in _DISK_FULL or getattr(error, "sqlite_errorname", "") == "SQLITE_FULL":
        why, cure = "the disk is full", "Free some space, or choose another cache folder."
    else:
        why = getattr(error, "strerror", None) or str(error)
        cure = "Choose another cache folder in the settings."
    return (
        f"No more pictures are kept in {folder}: {why}. They are decoded each time, which is "
        f"slower. {cure}"
    )
