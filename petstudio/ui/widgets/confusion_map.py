"""A large confusion table as a picture that can be zoomed and moved."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Slot
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from petstudio.bridge.cell_selection import CellSelection
from petstudio.bridge.class_groups import group_text
from petstudio.bridge.confusion_codes import pooled
from petstudio.bridge.shown_confusion import ShownConfusion
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.confusion_geometry import Hit
from petstudio.ui.widgets.confusion_map_painter import MapPainter
from petstudio.ui.widgets.confusion_pad import CellPad
from petstudio.ui.widgets.confusion_ramps import cells_image
from petstudio.ui.widgets.confusion_view import MapView, fitted_side, zoom_sides

_FRAME: Final = 2
_EDGE: Final = 6  # for the marks of groups, left and top of the table
_WHEEL_NOTCH: Final = 120  # what a step of the wheel is to Qt; touch pads turn by less


class ConfusionMap(CellPad):
    """The wheel zooms, the middle button and the scroll bars move; the lens is a frame on it."""

    def __init__(self, theme: Theme, selection: CellSelection, keys: QWidget) -> None:
        super().__init__(theme, selection, keys)
        self.lens = QRect()
        """The columns (x) and rows (y) that are under the lens."""
        self._side = 0
        self._is_fitted = True
        self._picture: QImage | None = None
        self._turned = 0
        self._grip: QPoint | None = None
        self._groups: tuple[range, ...] = ()
        self.setObjectName("evaluate.confusion.map")

    def show_confusion(self, shown: ShownConfusion) -> None:
        is_other_size = self.shown is None or self.shown.size != shown.size
        super().show_confusion(shown)
        self._picture = None
        if is_other_size:
            self.fit()

    def show_groups(self, groups: tuple[range, ...]) -> None:
        """Mark the places of classes that belong together."""
        if bool(groups) != bool(self._groups):
            self._groups = groups
            self.fit()
        self._groups = groups
        self.viewport().update()

    @property
    def table_corner(self) -> QPoint:
        """Where the table begins in the viewport, as long as it is not moved."""
        inset = _FRAME + (_EDGE if self._groups else 0)
        return QPoint(inset, inset)

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
            side = fitted_side(self.shown.size, self._room())
            self._show_view(MapView(classes=self.shown.size, side=side))

    def zoom(self, steps: int, about: QPoint | None = None) -> None:
        """Draw it larger or smaller, around a point of the viewport or around the lens."""
        if self.shown is None or not self.shown.size:
            return
        sides = zoom_sides(self.shown.size, self._room())
        at = sum(side < self._side for side in sides) + steps
        side = sides[min(max(at, 0), len(sides) - 1)]
        self._is_fitted = side == sides[0]
        about = self._middle() if about is None else about
        self._show_view(self.view.zoomed(side, about - self.table_corner))

    def look_at(self, row: int, column: int) -> None:
        """Bring a cell into sight, into the middle if it was out of sight."""
        cell = self.view.rect(row, column).translated(self.table_corner)
        if not self.viewport().rect().contains(cell):
            far = cell.center() - self.viewport().rect().center()
            self._move_by(far)

    def hit(self, point: QPoint) -> Hit | None:
        under = self.view.under(point - self.table_corner)
        return Hit(*self.shown.worst(*under)) if under and self.shown else None

    def hint_at(self, point: QPoint) -> str:
        group = self._group_at(point)
        if group is None or self.shown is None:
            return super().hint_at(point)
        return group_text(self.shown, group)

    def nearest(self, point: QPoint) -> Hit:
        room = self._table_room()
        x = min(max(point.x(), room.left()), room.right())
        y = min(max(point.y(), room.top()), room.bottom())
        hit = self.hit(QPoint(x, y))
        assert hit is not None
        return hit

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_fitted:
            self.fit()
        else:
            self._show_view(self.view)

    def scrollContentsBy(self, _x: int, _y: int) -> None:
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._move_by(QPoint(-turn.y() or -turn.x(), 0))
        elif abs(turn.x()) > abs(turn.y()):
            self._move_by(QPoint(-turn.x(), 0))
        elif turn.y():
            self._turned += turn.y()
            steps = int(self._turned / _WHEEL_NOTCH)
            self._turned -= steps * _WHEEL_NOTCH
            self.zoom(steps, event.position().toPoint())
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
            parts = MapPainter(painter, self.theme, view, self._table_room())
            parts.paint_frame(is_focused=self.is_focused)
            parts.paint_groups(self._groups)
            parts.begin_table(self.table_corner)
            parts.paint_ground(self.banded())
            self._picture = self._picture or self._drawn(view)
            parts.paint_cells(self._picture)
            parts.paint_marks(self.shown.places(self.selection.pairs), self.lens)
            if self.drag is not None and not self.drag.is_cell:
                parts.paint_block(*self.drag.ranges(self.shown.size))
        painter.end()

    def _drawn(self, view: MapView) -> QImage:
        """Return the whole table as a picture: a pixel a cell, or as many as the screen has."""
        assert self.shown is not None
        side = round(view.side * self.devicePixelRatioF()) if view.is_pooled else view.classes
        codes = self.shown.codes
        return cells_image(pooled(codes, side) if side < view.classes else codes, self.colors)

    def _middle(self) -> QPoint:
        """Return the middle of the lens where it is in sight, else that of the table."""
        lens, room = self.lens, self._table_room()
        middle = self.view.rect(lens.y(), lens.x(), lens.height(), lens.width()).center()
        middle += self.table_corner
        return middle if room.contains(middle) else room.center()

    def _group_at(self, point: QPoint) -> range | None:
        """Return the group whose mark is under a point."""
        inside = point - self.table_corner
        is_left, is_above = inside.x() < 0, inside.y() < 0
        under = self.view.under(QPoint(max(0, inside.x()), max(0, inside.y())))
        if under is None or is_left == is_above:
            return None
        place = under[0 if is_left else 1].start
        return next((group for group in self._groups if place in group), None)

    def _room(self) -> int:
        size = self.maximumViewportSize()
        return max(1, min(size.width(), size.height()) - self.table_corner.x() - _FRAME)

    def _table_room(self) -> QRect:
        """Return the part of the viewport in which the table is."""
        view, corner, whole = self.view, self.table_corner, self.viewport().rect()
        size = QSize(view.side - view.left, view.side - view.top)
        return QRect(corner, size) & whole.adjusted(0, 0, -_FRAME, -_FRAME)

    def _show_view(self, view: MapView) -> None:
        if view.side != self._side:
            self._side, self._picture = view.side, None
        whole = view.side + self.table_corner.x() + _FRAME
        fits, room = view.side <= self._room(), self.viewport().size()
        for bar, length, value in (
            (self.horizontalScrollBar(), room.width(), view.left),
            (self.verticalScrollBar(), room.height(), view.top),
        ):
            bar.setRange(0, 0 if fits else max(0, whole - length))
            bar.setPageStep(length)
            bar.setSingleStep(max(1, view.side // view.classes))
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
