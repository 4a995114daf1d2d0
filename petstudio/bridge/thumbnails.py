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
from petstudio.config.settings import SettingsFile
from petstudio.images.pixel_file import PixelFile
from petstudio.images.thumbnails import thumbnail
from petstudio.project.layout import pictures_folder

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
        self._kept: PixelFile | None = None
        self._retired: list[PixelFile] = []

    def look_in(self, project: Path | None) -> None:
        """Use what training has kept of a project's pictures; None decodes all of them again."""
        if self._kept is not None:
            self._retired.append(self._kept)  # a thread may be reading it
        self._kept = None
        if project is not None:
            cache_folder = SettingsFile().values.cache_folder
            self._kept = PixelFile(pictures_folder(project, cache_folder))

    def request(self, path: Path, side: int) -> None:
        """Ask for one; it comes with `arrived`, unless newer requests have pushed it out."""
        with self._lock:
            self._waiting.pop((path, side), None)
            self._waiting[path, side] = None
            if len(self._waiting) > MOST_WAITING:
                del self._waiting[next(iter(self._waiting))]
        self._pool.submit(_make_newest, self._take_newest, self._relay.post, self._kept)

    def shutdown(self) -> None:
        """Drop what waits and end the threads."""
        with self._lock:
            self._waiting.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self.look_in(None)
        for file in self._retired:
            file.close()

    def _take_newest(self) -> tuple[Path, int] | None:
        with self._lock:
            return self._waiting.popitem()[0] if self._waiting else None

    @Slot(object)
    def _deliver(self, thumbnails: tuple[Thumbnail, ...]) -> None:
        self.arrived.emit(thumbnails)


def _make_newest(
    take: Callable[[], tuple[Path, int] | None],
    post: Callable[[object], None],
    kept: PixelFile | None,
) -> None:
    wanted = take()
    if wanted is not None:
        post(_make(*wanted, kept))


def _make(path: Path, side: int, kept: PixelFile | None) -> Thumbnail:
    try:
        image = thumbnail(path, side, kept)
    except PetStudioError as error:
        return Thumbnail(path=path, side=side, problem=str(error))
    return Thumbnail(
        path=path, side=side, width=image.width, height=image.height, pixels=image.tobytes()
    )
