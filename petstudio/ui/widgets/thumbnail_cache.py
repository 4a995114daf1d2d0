"""Pixmaps of pictures, fetched in the background and kept while they are in use."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QPixmap

from petstudio.bridge.thumbnails import Thumbnail, ThumbnailLoader

MOST_KEPT: Final = 2000


class ThumbnailCache(QObject):
    """Asks for each picture once; the ones not looked at for longest are forgotten first."""

    changed = Signal()
    """Some pictures have arrived."""

    def __init__(self, parent: QObject | None = None, *, most_kept: int = MOST_KEPT) -> None:
        super().__init__(parent)
        self._most_kept = most_kept
        self._loader = ThumbnailLoader(self)
        self._loader.arrived.connect(self._take)
        self._kept: OrderedDict[tuple[Path, int], QPixmap] = OrderedDict()

    def pixmap(self, path: Path, side: int) -> QPixmap | None:
        """Return the picture, an empty one if it cannot be read, or None while it is on its way.

        `side` is in the units of the layout; screens with more pixels get more.
        """
        key = (path, round(side * _pixel_ratio()))
        if key not in self._kept:
            self._loader.request(*key)
            return None
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
            self._kept[thumbnail.path, thumbnail.side] = to_pixmap(thumbnail)
        while len(self._kept) > self._most_kept:
            self._kept.popitem(last=False)
        self.changed.emit()


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
