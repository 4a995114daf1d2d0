"""Which part of a large confusion table the map shows, and how large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRect

_LARGEST_FITTED: Final = 8
_ZOOMS: Final = (1, 2, 3, 4, 6, 8, 12, 16, 24)


@dataclass(frozen=True, kw_only=True)
class MapView:
    """The table is drawn `side` pixels wide; the window's corner is at `left` and `top` of it.

    Above one pixel a cell the side is a whole multiple of the classes; below, several cells share
    a pixel.
    """

    classes: int
    side: int
    left: int = 0
    top: int = 0

    @property
    def cell(self) -> float:
        return self.side / self.classes

    @property
    def is_pooled(self) -> bool:
        return self.side < self.classes

    def start(self, place: int) -> int:
        """Return the first pixel, of the whole table, that a row or column has a part in."""
        if not self.is_pooled:
            return place * (self.side // self.classes)
        # The last pixel whose cells, as `under` gives them, begin at this place or before.
        return ((place + 1) * self.side - 1) // self.classes

    def rect(self, row: int, column: int, rows: int = 1, columns: int = 1) -> QRect:
        """Return the pixels of the window that a cell, or a block of them, has a part in."""
        x, y = self.start(column), self.start(row)
        right = max(x + 1, self.start(column + columns))
        bottom = max(y + 1, self.start(row + rows))
        return QRect(x - self.left, y - self.top, right - x, bottom - y)

    def under(self, point: QPoint) -> tuple[range, range] | None:
        """Return the rows and the columns that share the pixel; None beside the table."""
        x, y = point.x() + self.left, point.y() + self.top
        if not (0 <= x < self.side and 0 <= y < self.side):
            return None
        return self._sharing(y), self._sharing(x)

    def zoomed(self, side: int, about: QPoint) -> MapView:
        """Return the view of another size in which this point of the window stays in place."""
        factor = side / self.side
        left = round((self.left + about.x()) * factor) - about.x()
        top = round((self.top + about.y()) * factor) - about.y()
        return MapView(classes=self.classes, side=side, left=max(0, left), top=max(0, top))

    def _sharing(self, pixel: int) -> range:
        first = pixel * self.classes // self.side
        return range(first, max(first + 1, (pixel + 1) * self.classes // self.side))


def fitted_side(classes: int, room: int) -> int:
    """Return how wide the table is drawn where all of it is in sight in `room` pixels."""
    return classes * min(room // classes, _LARGEST_FITTED) if room >= classes else max(1, room)


def zoom_sides(classes: int, room: int) -> list[int]:
    """Return all sizes of the table, from that at which all of it is in sight."""
    fitted = fitted_side(classes, room)
    return [fitted, *(classes * zoom for zoom in _ZOOMS if classes * zoom > fitted)]
