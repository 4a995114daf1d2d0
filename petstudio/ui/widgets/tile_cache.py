"""Finished tiles, so that scrolling past one again costs no more than copying it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

_MOST_KEPT: Final = 200  # a window's worth of the smallest tiles


class TileCache:
    """Knows a tile by all that it looks like; those not shown for longest are forgotten first."""

    def __init__(self) -> None:
        self._tiles: OrderedDict[Hashable, QPixmap] = OrderedDict()

    def tile(
        self, look: Hashable, size: QSize, ratio: float, draw: Callable[[QPainter], object]
    ) -> QPixmap:
        """Return the tile of this look and size; `ratio` is how many dots a pixel has."""
        key = (look, size.width(), size.height(), ratio)
        if key in self._tiles:
            self._tiles.move_to_end(key)
            return self._tiles[key]
        tile = QPixmap(size * ratio)
        tile.setDevicePixelRatio(ratio)
        tile.fill(Qt.GlobalColor.transparent)
        painter = QPainter(tile)
        draw(painter)
        painter.end()
        self._tiles[key] = tile
        if len(self._tiles) > _MOST_KEPT:
            self._tiles.popitem(last=False)
        return tile

    def clear(self) -> None:
        self._tiles.clear()
