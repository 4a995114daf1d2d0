"""Filling the cache folder of a project with decoded pictures."""

from __future__ import annotations

import errno
import io
import logging
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock, Thread
from typing import Final

from PIL import Image

from petstudio.api.language import tr
from petstudio.images.pixel_appender import PixelAppender
from petstudio.images.pixel_queue import BatchRules, PixelEntry, PixelQueue
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
_MOST_WAITING: Final = 256 << 20  # bytes of memory, where the disk is slower than the decoding
_JPEG_SHARE: Final = 20  # a small JPEG takes no less than this part of its pixels
_DISK_FULL: Final = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


class PixelWriter:
    """Keeps decoded pictures; safe to use from several threads and processes.

    A thread of its own writes them in batches, so nobody waits for the disk. It never fails: when
    the disk does, it says so once and keeps nothing more.
    """

    def __init__(
        self, folder: Path, budget: int, *, notice: Callable[[str], None] = logger.warning
    ) -> None:
        """Keep at most `budget` bytes in the folder, which is made; a damaged one is emptied.

        `notice` may be called from the writing thread.
        """
        self._folder = folder
        self._budget = budget
        self._notice = notice
        self._lock = Lock()
        self._queue = PixelQueue(
            BatchRules(
                pictures=_BATCH_PICTURES,
                bytes=_BATCH_BYTES,
                seconds=_BATCH_SECONDS,
                most_waiting=_MOST_WAITING,
            )
        )
        self._used = 0
        self._thread: Thread | None = None
        self._appender: PixelAppender | None = None
        try:
            self._appender = PixelAppender(folder, budget)
            self._used = self._appender.used
        except (OSError, sqlite3.Error) as error:
            self._stop(error)

    def close(self) -> None:
        """Write what waits and let the files go."""
        self._queue.close()
        if self._thread is not None:
            self._thread.join()
        self._let_go()

    def flush(self) -> None:
        """Write what waits; returns when it can be found by everybody."""
        self._queue.flush()

    def waiting(self, path: Path, version: FileVersion) -> tuple[PixelRecord, Picture] | None:
        """Return a picture that was given but is not on the disk yet."""
        found = self._queue.find(path_key(path))
        return (found.record, found.picture) if found and found.record.version == version else None

    def add(
        self,
        path: Path,
        version: FileVersion,
        short_side: int,
        picture: Picture,
        *,
        reserve: int = 0,
    ) -> PixelKind | None:
        """Keep a picture; return how, or None if there is no room left or the disk is too slow.

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
        if not self._queue.put(PixelEntry(record=record, pixels=pixels, picture=picture)):
            return None
        self._start()
        return kind

    def _fitting(self, picture: Picture, reserve: int) -> tuple[PixelKind, Pixels] | None:
        if self._appender is None or not self._queue.has_room_for(picture):
            return None
        with self._lock:
            room = self._budget - self._used - self._queue.pending
        if len(picture.pixels) + reserve <= room:
            return PixelKind.RAW, picture.pixels
        if room < len(picture.pixels) // _JPEG_SHARE:
            return None
        small = _small_jpeg(picture)
        return (PixelKind.JPEG, small) if len(small) <= room else None

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                # A daemon, so that a program that forgets to close can end all the same.
                self._thread = Thread(target=self._write_on, name="picture cache", daemon=True)
                self._thread.start()

    def _write_on(self) -> None:
        while batch := self._queue.take():
            used = self._try_to_write(batch)
            with self._lock:
                self._used = used
                self._queue.done()

    def _try_to_write(self, batch: Sequence[PixelEntry]) -> int:
        if self._appender is not None:
            try:
                return self._appender.write(batch, leave_free=LEAVE_FREE)
            except (OSError, sqlite3.Error) as error:
                if getattr(error, "sqlite_errorname", "") != "SQLITE_BUSY":
                    self._stop(error)
        return self._used

    def _stop(self, error: Exception) -> None:
        self._let_go()
        self._notice(_explain(self._folder, error))

    def _let_go(self) -> None:
        appender, self._appender = self._appender, None
        if appender is not None:
            appender.close()


def _small_jpeg(picture: Picture) -> bytes:
    size = (picture.width, picture.height)
    image = Image.frombuffer("RGB", size, bytes(picture.pixels), "raw", "RGB", 0, 1)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=JPEG_QUALITY)
    return stream.getvalue()


def _explain(folder: Path, error: Exception) -> str:
    code = error.errno if isinstance(error, OSError) else None
    if code in _DISK_FULL or getattr(error, "sqlite_errorname", "") == "SQLITE_FULL":
        why, cure = tr("the disk is full"), tr("Free some space, or choose another cache folder.")
    else:
        why = getattr(error, "strerror", None) or str(error)
        cure = tr("Choose another cache folder in the settings.")
    return tr(
        "No more pictures are kept in {folder}: {why}. They are decoded each time, "
        "which is slower. {cure}",
        folder=folder,
        why=why,
        cure=cure,
    )
