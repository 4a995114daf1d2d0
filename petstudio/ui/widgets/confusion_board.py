"""The confusion table with names at its sides: all of it, or the part under the lens."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from petstudio.bridge.cell_selection import CellSelection
from petstudio.bridge.models import spoken_label
from petstudio.bridge.shown_confusion import ShownConfusion
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.confusion_board_painter import CORNER, BoardPainter
from petstudio.ui.widgets.confusion_geometry import (
    LENS,
    BoardGeometry,
    Hit,
    LabelRoom,
    board_cell,
    board_geometry,
    board_style,
    label_room,
    least_cell,
    longest_label,
)
from petstudio.ui.widgets.confusion_marks import paint_frame, paint_ring
from petstudio.ui.widgets.confusion_pad import CellPad

_AROUND: Final = 4  # pixels that a ring or a scroll bar's edge needs beyond the last cell
_BAR: Final = 10


class ConfusionBoard(CellPad):
    """Scrolls by whole cells where they do not all fit, so that names stay beside them."""

    moved = Signal()
    """Other cells are in sight."""

    def __init__(self, theme: Theme, selection: CellSelection, keys: QWidget) -> None:
        super().__init__(theme, selection, keys)
        self.style_of_board = LENS
        self._longest = 0
        self._looked_at: tuple[int, int] | None = None
        self.setObjectName("evaluate.confusion.board")
        theme.changed.connect(self._measure)

    def show_confusion(self, shown: ShownConfusion) -> None:
        super().show_confusion(shown)
        self.style_of_board = board_style(shown.size)
        self._measure()

    @property
    def geometry_of_cells(self) -> BoardGeometry:
        """Where the cells are that are in sight now."""
        fitted = self._geometry_in(self.viewport().size())
        top, left = self.verticalScrollBar().value(), self.horizontalScrollBar().value()
        return BoardGeometry(
            corner=fitted.corner,
            cell=fitted.cell,
            rows=range(top, top + len(fitted.rows)),
            columns=range(left, left + len(fitted.columns)),
            is_turned=fitted.is_turned,
        )

    def least_size(self) -> QSize:
        """Return the size in which as many cells can be seen as may be at once."""
        return self._size_for(self._least_cell())

    def largest_size(self) -> QSize:
        """Return the size beyond which cells do not grow."""
        return self._size_for(max(self.style_of_board.largest, self._least_cell()))

    def size_in(self, room: QSize) -> QSize:
        """Return the size that the cells need that can be seen in this room."""
        return self._size_for(self._measures(room)[1]).boundedTo(room)

    def look_at(self, row: int, column: int) -> None:
        """Bring a cell into the middle if it is out of sight."""
        self._looked_at = row, column
        seen = self.geometry_of_cells
        if row not in seen.rows or column not in seen.columns:
            self._center()

    def hit(self, point: QPoint) -> Hit | None:
        return self.geometry_of_cells.hit(point) if self.shown else None

    def nearest(self, point: QPoint) -> Hit:
        return self.geometry_of_cells.nearest(point)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self._center()

    def scrollContentsBy(self, _x: int, _y: int) -> None:
        self.viewport().update()
        self.moved.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self.theme.color("surface"))
        if self.shown is not None and self.shown.size:
            seen = self.geometry_of_cells
            parts = BoardPainter(painter, self.theme, self.shown, self.style_of_board, seen)
            parts.paint_ground(self.banded())
            parts.paint_cells(self.colors)
            parts.paint_labels(self.selection.pairs)
            if self.is_focused:
                paint_frame(painter, self.theme, seen.cells, "focus", 2)
            self._paint_marks(painter, seen)
        painter.end()

    def _paint_marks(self, painter: QPainter, seen: BoardGeometry) -> None:
        assert self.shown is not None
        for row, column in self._chosen_in(seen):
            paint_ring(painter, self.theme, seen.rect(row, column).adjusted(1, 1, 0, 0))
        current = self.selection.current
        if current is not None and current not in self.selection.pairs:
            row, column = self.shown.place(current)
            if row in seen.rows and column in seen.columns:
                cell = seen.rect(row, column).adjusted(1, 1, 0, 0)
                paint_ring(painter, self.theme, cell, Qt.PenStyle.DotLine)
        if self.drag is not None and not self.drag.is_cell:
            rows, columns = self.drag.ranges(self.shown.size)
            first = seen.rect(rows.start, columns.start)
            last = seen.rect(rows.stop - 1, columns.stop - 1)
            paint_frame(painter, self.theme, first.united(last) & seen.cells, "focus", 2)

    def _size_for(self, cell: int) -> QSize:
        labels = self._labels(cell)
        side = cell * min(self.shown.size if self.shown else 0, self.style_of_board.most)
        return QSize(labels.left + side, labels.top + side) + self._beyond()

    def _beyond(self) -> QSize:
        """Return what is needed right of the cells and below them."""
        pixels = _AROUND + (_BAR if self.style_of_board is LENS else 0)
        return QSize(pixels, pixels)

    def _least_cell(self) -> int:
        return least_cell(self.theme, self.style_of_board)

    def _chosen_in(self, seen: BoardGeometry) -> list[list[int]]:
        """Return rows and columns of the chosen cells in sight; of a large map there may be few."""
        assert self.shown is not None
        places = self.shown.places(self.selection.pairs)
        start = (seen.rows.start, seen.columns.start)
        stop = (seen.rows.stop, seen.columns.stop)
        inside: list[list[int]] = places[((places >= start) & (places < stop)).all(axis=1)].tolist()
        return inside

    def _labels(self, cell: int) -> LabelRoom:
        return label_room(self.theme, self.style_of_board, self._longest, CORNER, cell)

    def _geometry_in(self, size: QSize) -> BoardGeometry:
        """Return where the first cells are in a viewport of this size."""
        classes = self.shown.size if self.shown else 0
        labels, cell = self._measures(self.maximumViewportSize())
        return board_geometry(size, classes, cell, labels, self.style_of_board)

    def _measures(self, size: QSize) -> tuple[LabelRoom, int]:
        """Return the room for labels and the side of a cell."""
        style, classes = self.style_of_board, self.shown.size if self.shown else 0
        labels, cell = self._labels(style.largest), style.largest
        for _ in range(2):  # labels turn where the cells are too narrow for them
            room = size - QSize(labels.left, labels.top) - self._beyond()
            cell = board_cell(style, classes, room, self._least_cell())
            labels = self._labels(cell)
        return labels, cell

    @Slot()
    def _measure(self) -> None:
        names = map(spoken_label, self.shown.table.classes if self.shown else ())
        self._longest = longest_label(self.theme, self.style_of_board, names)
        self._arrange()

    def _arrange(self) -> None:
        size = self.shown.size if self.shown else 0
        seen, largest = self.geometry_of_cells, self._geometry_in(self.maximumViewportSize())
        # Scroll bars that are there take room, and must not be the reason for their own being.
        is_whole = len(largest.rows) == len(largest.columns) == size
        for bar, span in (
            (self.verticalScrollBar(), seen.rows),
            (self.horizontalScrollBar(), seen.columns),
        ):
            bar.setRange(0, 0 if is_whole else max(0, size - len(span)))
            bar.setPageStep(len(span))
        self.viewport().update()
        self.moved.emit()

    def _center(self) -> None:
        if self._looked_at is not None:
            row, column = self._looked_at
            seen = self.geometry_of_cells
            self.verticalScrollBar().setValue(row - len(seen.rows) // 2)
            self.horizontalScrollBar().setValue(column - len(seen.columns) // 2)
