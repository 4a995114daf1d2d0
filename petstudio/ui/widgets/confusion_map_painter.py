"""Paints a confusion map: frame, groups, cells and marks, in this order."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPainter

from petstudio.ui.theme import Theme
from petstudio.ui.widgets.confusion_geometry import Hit
from petstudio.ui.widgets.confusion_marks import HALO, paint_frame, paint_ring
from petstudio.ui.widgets.confusion_view import MapView

_GROUP_MARK: Final = 2
_LEAST_GRID: Final = 8


class MapPainter:
    """One painting of `view` into the rectangle `room` of the widget."""

    def __init__(self, painter: QPainter, theme: Theme, view: MapView, room: QRect) -> None:
        self._painter = painter
        self._theme = theme
        self._view = view
        self._room = room

    def paint_frame(self, *, is_focused: bool) -> None:
        token, width = ("focus", 2) if is_focused else ("line", 1)
        paint_frame(self._painter, self._theme, self._room, token, width)

    def paint_groups(self, groups: tuple[range, ...]) -> None:
        """Draw a mark at the left and at the top beside each group."""
        color, room = self._theme.color("control"), self._room
        for group in groups:
            block = self._view.rect(group.start, group.start, len(group), len(group))
            block = block.translated(room.topLeft()).adjusted(0, 0, -1, -1) & room
            self._painter.fillRect(0, block.top(), _GROUP_MARK, block.height(), color)
            self._painter.fillRect(block.left(), 0, block.width(), _GROUP_MARK, color)

    def begin_table(self, corner: QPoint) -> None:
        """Draw inside the frame from now on, from the corner of the table."""
        self._painter.setClipRect(self._room)
        self._painter.translate(corner)

    def paint_ground(self, band: Hit | None) -> None:
        """Fill the empty cells, and tint the row and the column of the band."""
        view = self._view
        whole = QRect(-view.left, -view.top, view.side, view.side)
        self._painter.fillRect(whole, self._theme.color("sunken"))
        if band is None or band.row is None or band.column is None:
            return
        cell, tint = view.rect(band.row, band.column), self._theme.color("selected")
        self._painter.fillRect(whole.left(), cell.top(), view.side, cell.height(), tint)
        self._painter.fillRect(cell.left(), whole.top(), cell.width(), view.side, tint)

    def paint_cells(self, picture: QImage) -> None:
        """Draw the picture of all cells, enlarged without smoothing where a cell has pixels."""
        view = self._view
        if view.is_pooled:
            target = QRect(-view.left, -view.top, view.side, view.side)
            self._painter.drawImage(target, picture)
            return
        # Only what is in sight: the scaling of Qt is not exact over thousands of pixels.
        cell = view.side // view.classes
        columns, rows = self._room.width() // cell + 2, self._room.height() // cell + 2
        seen = QRect(view.left // cell, view.top // cell, columns, rows) & picture.rect()
        block = view.rect(seen.y(), seen.x(), seen.height(), seen.width())
        self._painter.drawImage(block, picture, seen)
        if cell >= _LEAST_GRID:
            self._paint_grid(cell)

    def paint_marks(self, chosen: NDArray[np.intp], lens: QRect) -> None:
        """Frame the chosen cells (rows and columns), and what is under the lens."""
        view = self._view
        cells = [view.rect(row, column) for row, column in chosen.tolist()]
        self._painter.setPen(self._theme.color("focus"))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        if cells:
            self._painter.drawRects([cell.adjusted(-1, -1, 0, 0) for cell in cells])
        if not lens.isEmpty():
            block = view.rect(lens.y(), lens.x(), lens.height(), lens.width())
            inside = QRect(QPoint(0, 0), self._room.size()).adjusted(HALO, HALO, -HALO, -HALO)
            if inside.intersects(block):
                paint_ring(self._painter, self._theme, block & inside)

    def paint_block(self, rows: range, columns: range) -> None:
        """Frame the block that is being dragged."""
        block = self._view.rect(rows.start, columns.start, len(rows), len(columns))
        paint_frame(self._painter, self._theme, block, "focus", 2)

    def _paint_grid(self, cell: int) -> None:
        hair, view, room = self._theme.color("hair"), self._view, self._room
        for x in range(-(view.left % cell), room.width() + 1, cell):
            self._painter.fillRect(x, 0, 1, room.height(), hair)
        for y in range(-(view.top % cell), room.height() + 1, cell):
            self._painter.fillRect(0, y, room.width(), 1, hair)
