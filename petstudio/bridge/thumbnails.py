"""Small pictures made by threads, the ones asked for last first."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.errors import PetStudioError
from petstudio.bridge.relay import EventRelay
from petstudio.images.thumbnails import thumbnail

MOST_WAITING: Final = 256
_THREADS: Final = 2


@dataclass(frozen=True, kw_only=True)
class Thumbnail:
    """A picture that fits into a square of `side` pixels: 3 bytes (RGB) a pixel, row by row.

    A file that cannot be read has no pixels and a `problem`.
    """

    path: Path
    side: int
    width: int = 0
    height: int = 0
    pixels: bytes = b""
    problem: str = ""


class ThumbnailLoader(QObject):
    """Makes thumbnails in the background; forgets the oldest requests when there are too many."""

    arrived = Signal(object)
    """A tuple of Thumbnails."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._relay = EventRelay(self)
        self._relay.batch_arrived.connect(self._deliver)
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="thumbnail")
        self._lock = Lock()
        self._waiting: dict[tuple[Path, int], None] = {}

    def request(self, path: Path, side: int) -> None:
        """Ask for one; it comes with `arrived`, unless newer requests have pushed it out."""
        with self._lock:
            self._waiting.pop((path, side), None)
            self._waiting[path, side] = None
            if len(self._waiting) > MOST_WAITING:
                del self._waiting[next(iter(self._waiting))]
        self._pool.submit(_make_newest, self._take_newest, self._relay.post)

    def shutdown(self) -> None:
        """Drop what waits and end the threads."""
        with self._lock:
            self._waiting.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _take_newest(self) -> tuple[Path, int] | None:
        with self._lock:
            return self._waiting.popitem()[0] if self._waiting else None

    @Slot(object)
    def _deliver(self, thumbnails: tuple[Thumbnail, ...]) -> None:
        self.arrived.emit(thumbnails)


def _make_newest(
    take: Callable[[], tuple[Path, int] | None], post: Callable[[object], None]
) -> None:
    wanted = take()
    if wanted is not None:
        post(_make(*wanted))


def _make(path: Path, side: int) -> Thumbnail:
    try:
        image = thumbnail(path, side)
    except PetStudioError as error:
        return Thumbnail(path=path, side=side, problem=str(error))
    return Thumbnail(
        path=path, side=side, width=image.width, height=image.height, pixels=image.tobytes()
    )
