"""A large confusion table as a picture that can be zoomed and moved."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt, Slot
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from petstudio.bridge.cell_selection import CellSelection
from petstudio.bridge.confusion_codes import pooled
from petstudio.bridge.shown_confusion import ShownConfusion
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.confusion_geometry import Hit
from petstudio.ui.widgets.confusion_marks import paint_frame, paint_ring
from petstudio.ui.widgets.confusion_pad import CellPad
from petstudio.ui.widgets.confusion_ramps import cells_image
from petstudio.ui.widgets.confusion_view import MapView, fitted_side, zoom_sides

_FRAME: Final = 1
_LEAST_GRID: Final = 8
_WHEEL_NOTCH: Final = 120


class ConfusionMap(CellPad):
    """The wheel zooms, the middle button and the scroll bars move; the lens is a frame on it."""

    def __init__(self, theme: Theme, selection: CellSelection, keys: QWidget) -> None:
        super().__init__(theme, selection, keys)
        self.lens = QRect()
        """The columns (x) and rows (y) that are under the lens."""
        self._side = 0
        self._is_fitted = True
        self._picture: QImage | None = None
        self._grip: QPoint | None = None
        self.setObjectName("evaluate.confusion.map")

    def show_confusion(self, shown: ShownConfusion) -> None:
        is_other_size = self.shown is None or self.shown.size != shown.size
        super().show_confusion(shown)
        self._picture = None
        if is_other_size:
            self.fit()

    @property
    def view(self) -> MapView:
        """What is in sight now."""
        classes = self.shown.size if self.shown else 1
        left, top = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        return MapView(classes=classes, side=max(1, self._side), left=left, top=top)

    def show_lens(self, lens: QRect) -> None:
        if lens != self.lens:
            self.lens = lens
            self.viewport().update()

    def fit(self) -> None:
        """Show all of it."""
        self._is_fitted = True
        if self.shown is not None and self.shown.size:
            self._show_view(self.view.at(0, 0), fitted_side(self.shown.size, self._room()))

    def zoom(self, steps: int, about: QPoint | None = None) -> None:
        """Draw it larger or smaller, around a point of the viewport or around the lens."""
        if self.shown is None or not self.shown.size:
            return
        sides = zoom_sides(self.shown.size, self._room())
        at = sum(side < self._side for side in sides) + steps
        side = sides[min(max(at, 0), len(sides) - 1)]
        self._is_fitted = side == sides[0]
        about = self._middle() if about is None else about
        self._show_view(self.view.zoomed(side, about), side)

    def look_at(self, row: int, column: int) -> None:
        """Bring a cell into sight, into the middle if it was out of sight."""
        cell = self.view.rect(row, column)
        if not self.viewport().rect().contains(cell):
            far = cell.center() - self.viewport().rect().center()
            self._move_by(far)

    def hit(self, point: QPoint) -> Hit | None:
        under = self.view.under(point - QPoint(_FRAME, _FRAME))
        return Hit(*self.shown.worst(*under)) if under and self.shown else None

    def nearest(self, point: QPoint) -> Hit:
        view, room = self.view, self.viewport().rect()
        room.setRight(min(room.right(), _FRAME + view.side - 1 - view.left))
        room.setBottom(min(room.bottom(), _FRAME + view.side - 1 - view.top))
        x = min(max(point.x(), _FRAME), room.right())
        y = min(max(point.y(), _FRAME), room.bottom())
        hit = self.hit(QPoint(x, y))
        assert hit is not None
        return hit

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_fitted:
            self.fit()
        else:
            self._show_view(self.view, self._side)

    def scrollContentsBy(self, _x: int, _y: int) -> None:
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._move_by(QPoint(-turn.y() or -turn.x(), 0))
        elif abs(turn.x()) > abs(turn.y()):
            self._move_by(QPoint(-turn.x(), 0))
        elif turn.y():
            notches = turn.y() / _WHEEL_NOTCH
            self.zoom(round(notches) or (1 if notches > 0 else -1), event.position().toPoint())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.MiddleButton:
            self._grip = event.position().toPoint()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self._grip is None:
            super().mouseMoveEvent(event)
        else:
            self._move_by(self._grip - point)
            self._grip = point

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.MiddleButton:
            self._grip = None
            self.viewport().unsetCursor()
        else:
            super().mouseReleaseEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self.theme.color("surface"))
        if self.shown is not None and self.shown.size:
            view = self.view
            seen = self.viewport().rect() & QRect(0, 0, view.side + 2, view.side + 2)
            paint_frame(painter, self.theme, seen.adjusted(1, 1, -1, -1), "line")
            painter.setClipRect(seen.adjusted(1, 1, -1, -1))
            painter.translate(_FRAME, _FRAME)
            self._paint_bands(painter, view)
            self._paint_cells(painter, view)
            self._paint_marks(painter, view)
        painter.end()

    def _paint_bands(self, painter: QPainter, view: MapView) -> None:
        whole = QRect(-view.left, -view.top, view.side, view.side)
        painter.fillRect(whole, self.theme.color("sunken"))
        band = self.banded()
        if band is not None and band.row is not None and band.column is not None:
            cell, tint = view.rect(band.row, band.column), self.theme.color("selected")
            painter.fillRect(QRect(whole.left(), cell.top(), whole.width(), cell.height()), tint)
            painter.fillRect(QRect(cell.left(), whole.top(), cell.width(), whole.height()), tint)

    def _paint_cells(self, painter: QPainter, view: MapView) -> None:
        if self._picture is None:
            self._picture = self._drawn(view)
        if view.is_pooled:
            painter.drawImage(QRect(-view.left, -view.top, view.side, view.side), self._picture)
            return
        # Only what is in sight: the scaling of Qt is not exact over thousands of pixels.
        cell = view.side // view.classes
        columns, rows = self.width() // cell + 2, self.height() // cell + 2
        seen = QRect(view.left // cell, view.top // cell, columns, rows)
        seen &= self._picture.rect()
        block = view.rect(seen.y(), seen.x(), seen.height(), seen.width())
        painter.drawImage(block, self._picture, seen)
        if cell >= _LEAST_GRID:
            self._paint_grid(painter, view, cell)

    def _drawn(self, view: MapView) -> QImage:
        """Return the whole table as a picture: a pixel a cell, or as many as the screen has."""
        assert self.shown is not None
        side = round(view.side * self.devicePixelRatioF()) if view.is_pooled else view.classes
        codes = self.shown.codes
        return cells_image(pooled(codes, side) if side < view.classes else codes, self.colors)

    def _paint_grid(self, painter: QPainter, view: MapView, cell: int) -> None:
        hair, room = self.theme.color("hair"), self.viewport().rect()
        for x in range(-(view.left % cell), room.right() + 1, cell):
            painter.fillRect(x, 0, 1, room.height(), hair)
        for y in range(-(view.top % cell), room.bottom() + 1, cell):
            painter.fillRect(0, y, room.width(), 1, hair)

    def _paint_marks(self, painter: QPainter, view: MapView) -> None:
        assert self.shown is not None
        places = self.shown.places(self.selection.pairs).tolist()
        cells = [view.rect(row, column) for row, column in places]
        painter.setPen(self.theme.color("focus"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if cells:
            painter.drawRects([cell.adjusted(-1, -1, 0, 0) for cell in cells])
        if not self.lens.isEmpty():
            lens = self.lens
            paint_ring(
                painter, self.theme, view.rect(lens.y(), lens.x(), lens.height(), lens.width())
            )
        if self.drag is not None and not self.drag.is_cell:
            rows, columns = self.drag.ranges(view.classes)
            block = view.rect(rows.start, columns.start, len(rows), len(columns))
            paint_frame(painter, self.theme, block, "focus", 2)

    def _middle(self) -> QPoint:
        """Return the middle of the lens where it is in sight, else that of the window."""
        lens, room = self.lens, self.viewport().rect()
        middle = self.view.rect(lens.y(), lens.x(), lens.height(), lens.width()).center()
        return middle if room.contains(middle) else room.center()

    def _room(self) -> int:
        size = self.maximumViewportSize()
        return max(1, min(size.width(), size.height()) - 2 * _FRAME)

    def _show_view(self, view: MapView, side: int) -> None:
        if side != self._side:
            self._side, self._picture = side, None
        fits, room = side <= self._room(), self.viewport().size()
        for bar, length, value in (
            (self.horizontalScrollBar(), room.width(), view.left),
            (self.verticalScrollBar(), room.height(), view.top),
        ):
            bar.setRange(0, 0 if fits else max(0, side + 2 * _FRAME - length))
            bar.setPageStep(length)
            bar.setSingleStep(max(1, side // view.classes))
            bar.setValue(value)
        self.viewport().update()

    def _move_by(self, far: QPoint) -> None:
        for bar, way in (
            (self.horizontalScrollBar(), far.x()),
            (self.verticalScrollBar(), far.y()),
        ):
            bar.setValue(bar.value() + way)

    @Slot()
    def _dress(self) -> None:
        self._picture = None
        super()._dress()
