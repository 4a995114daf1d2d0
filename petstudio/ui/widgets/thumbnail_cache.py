"""Pixmaps of pictures, fetched in the background and kept while they are in use."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QPixmap

from petstudio.bridge.thumbnails import Thumbnail, ThumbnailLoader

MOST_BYTES: Final = 96 << 20
LEAST_KEPT: Final = 200  # what a large window shows at once; with fewer it would ask for ever
_BYTES_PER_DOT: Final = 4
AGAIN_S: Final = 1.0


class ThumbnailCache(QObject):
    """Asks for each picture once; the ones not looked at for longest are forgotten first.

    One that cannot be read is asked for again when it is looked at later: it may be back.
    """

    changed = Signal()
    """Some pictures have arrived."""

    def __init__(self, parent: QObject | None = None, *, least_kept: int = LEAST_KEPT) -> None:
        """`least_kept` pictures are kept, however large they are."""
        super().__init__(parent)
        self._least_kept = least_kept
        self._bytes = 0
        self._loader = ThumbnailLoader(self)
        self._loader.arrived.connect(self._take)
        self._kept: OrderedDict[tuple[Path, int], QPixmap] = OrderedDict()
        self._failed_at: dict[tuple[Path, int], float] = {}

    def pixmap(self, path: Path, side: int) -> QPixmap | None:
        """Return the picture, an empty one if it cannot be read, or None while it is on its way.

        `side` is in the units of the layout; screens with more pixels get more.
        """
        key = (path, round(side * _pixel_ratio()))
        if key not in self._kept:
            self._loader.request(*key)
            return None
        now = time.monotonic()
        if now - self._failed_at.get(key, math.inf) > AGAIN_S:
            self._failed_at[key] = now
            self._loader.request(*key)
        self._kept.move_to_end(key)
        return self._kept[key]

    def look_in(self, project: Path | None) -> None:
        """Make the pictures of what the project's training has kept, where it has."""
        self._loader.look_in(project)

    def shutdown(self) -> None:
        self._loader.shutdown()

    @Slot(object)
    def _take(self, thumbnails: tuple[Thumbnail, ...]) -> None:
        for thumbnail in thumbnails:
            key = (thumbnail.path, thumbnail.side)
            self._bytes -= _size_of(self._kept.get(key))
            self._kept[key] = to_pixmap(thumbnail)
            self._bytes += _size_of(self._kept[key])
            self._failed_at.pop(key, None)
            if self._kept[key].isNull():
                self._failed_at[key] = time.monotonic()
        while self._bytes > MOST_BYTES and len(self._kept) > self._least_kept:
            key, pixmap = self._kept.popitem(last=False)
            self._failed_at.pop(key, None)
            self._bytes -= _size_of(pixmap)
        self.changed.emit()


def _size_of(pixmap: QPixmap | None) -> int:
    return pixmap.width() * pixmap.height() * _BYTES_PER_DOT if pixmap is not None else 0


def to_pixmap(thumbnail: Thumbnail) -> QPixmap:
    """Return the picture as Qt draws it; an empty one if it cannot be read."""
    if not thumbnail.pixels:
        return QPixmap()
    image = QImage(
        thumbnail.pixels,
        thumbnail.width,
        thumbnail.height,
        3 * thumbnail.width,
        QImage.Format.Format_RGB888,
    )
    # A pixmap keeps its own copy of the pixels.
    pixmap = QPixmap.fromImage(image)
    pixmap.setDevicePixelRatio(_pixel_ratio())
    return pixmap


def _pixel_ratio() -> float:
    app = QGuiApplication.instance()
    return app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
