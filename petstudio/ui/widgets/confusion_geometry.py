"""Where the cells and labels of a confusion board are, in pixels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QFont, QFontMetrics

from petstudio.ui.theme import FontRole, Theme

MOST_LARGE: Final = 12
MOST_ON_BOARD: Final = 60
MOST_ON_MAP: Final = 200
"""Of more classes, cells share pixels, and only groups can be told apart."""
LENS_SIDE: Final = 18
_LABEL_GAP: Final = 6
_LETTERS_LARGE: Final = 36
_LETTERS_ROW: Final = 22
_LETTERS_COLUMN: Final = 11
_CORNER_LINES: Final = 2


@dataclass(frozen=True)
class Hit:
    """What lies under a point: a cell, or the head of a row (no column) or of a column (no row)."""

    row: int | None = None
    column: int | None = None


@dataclass(frozen=True, kw_only=True)
class BoardStyle:
    """Sizes of cells in pixels, `line` between them, and how the labels are written."""

    least: int
    largest: int
    line: int
    role: FontRole
    weight: QFont.Weight
    most: int = MOST_ON_BOARD
    """How many cells are in sight at most, each way."""


LARGE: Final = BoardStyle(
    least=44, largest=150, line=4, role=FontRole.SECTION, weight=QFont.Weight.DemiBold
)
SMALL: Final = BoardStyle(
    least=14, largest=40, line=1, role=FontRole.GRID, weight=QFont.Weight.Normal
)
LENS: Final = BoardStyle(
    least=14,
    largest=24,
    line=1,
    role=FontRole.GRID,
    weight=QFont.Weight.Normal,
    most=LENS_SIDE,
)


@dataclass(frozen=True, kw_only=True)
class LabelRoom:
    """What labels need at the left and at the top; turned ones are read from below."""

    left: int
    top: int
    is_turned: bool


@dataclass(frozen=True, kw_only=True)
class BoardGeometry:
    """The part of the table in sight; `corner` is where its first cell begins."""

    corner: QPoint
    cell: int
    rows: range
    columns: range
    is_turned: bool

    @property
    def cells(self) -> QRect:
        size = QSize(self.cell * len(self.columns), self.cell * len(self.rows))
        return QRect(self.corner, size)

    def rect(self, row: int, column: int) -> QRect:
        """Return the pixels of a cell."""
        x = self.corner.x() + (column - self.columns.start) * self.cell
        y = self.corner.y() + (row - self.rows.start) * self.cell
        return QRect(x, y, self.cell, self.cell)

    def row_label(self, row: int) -> QRect:
        y = self.corner.y() + (row - self.rows.start) * self.cell
        return QRect(0, y, self.corner.x(), self.cell)

    def column_label(self, column: int) -> QRect:
        x = self.corner.x() + (column - self.columns.start) * self.cell
        return QRect(x, 0, self.cell, self.corner.y())

    def hit(self, point: QPoint) -> Hit | None:
        row, column = self._row(point.y()), self._column(point.x())
        is_row, is_column = row in self.rows, column in self.columns
        if is_row and is_column:
            return Hit(row, column)
        if is_row and point.x() < self.corner.x():
            return Hit(row=row)
        if is_column and point.y() < self.corner.y():
            return Hit(column=column)
        return None

    def nearest(self, point: QPoint) -> Hit:
        """Return the cell under the point or, beside the cells, the one next to it."""
        row, column = self._row(point.y()), self._column(point.x())
        return Hit(
            min(max(row, self.rows.start), self.rows.stop - 1),
            min(max(column, self.columns.start), self.columns.stop - 1),
        )

    def _row(self, y: int) -> int:
        return self.rows.start + (y - self.corner.y()) // self.cell

    def _column(self, x: int) -> int:
        return self.columns.start + (x - self.corner.x()) // self.cell


def board_style(classes: int) -> BoardStyle:
    """Return how a board for so many classes looks; above 60 it is the lens of a map."""
    if classes > MOST_ON_BOARD:
        return LENS
    return SMALL if classes > MOST_LARGE else LARGE


def longest_label(theme: Theme, style: BoardStyle, names: Iterable[str]) -> int:
    """Return the width of the widest of these names in pixels."""
    letters = QFontMetrics(theme.font(style.role, QFont.Weight.Bold))
    return max(map(letters.horizontalAdvance, names), default=0)


def label_room(
    theme: Theme, style: BoardStyle, longest: int, corner: Iterable[str], cell: int
) -> LabelRoom:
    """Return the room for labels beside cells of this size; `corner` stands where they meet."""
    letters = QFontMetrics(theme.font(style.role, QFont.Weight.Bold))
    captions = QFontMetrics(theme.font(FontRole.CAPTION))
    letter, is_large = letters.averageCharWidth(), style is LARGE
    left = min(longest, letter * (_LETTERS_LARGE if is_large else _LETTERS_ROW))
    left = max(left, *map(captions.horizontalAdvance, corner))
    is_turned = not is_large or longest > cell - style.line
    most = letter * (_LETTERS_ROW if is_large else _LETTERS_COLUMN)
    top = min(longest, most) if is_turned else letters.height()
    top = max(top, _CORNER_LINES * captions.height())
    return LabelRoom(left=left + _LABEL_GAP, top=top + _LABEL_GAP, is_turned=is_turned)


def least_cell(theme: Theme, style: BoardStyle) -> int:
    """Return the smallest side of a cell in which its lines have room, with any font."""
    roles = (style.role, FontRole.CAPTION) if style is LARGE else (style.role,)
    return max(style.least, sum(QFontMetrics(theme.font(role)).height() for role in roles))


def board_cell(style: BoardStyle, classes: int, room: QSize, least: int) -> int:
    """Return the side of a cell where `room` is free for all of them."""
    wanted = max(1, min(classes, style.most))
    return min(max(least, min(room.width(), room.height()) // wanted), max(least, style.largest))


def board_geometry(
    size: QSize, classes: int, cell: int, labels: LabelRoom, style: BoardStyle
) -> BoardGeometry:
    """Return the geometry of the first cells that fit; none of the others is cut through."""
    most = min(classes, style.most)
    rows = min(most, max(1, (size.height() - labels.top - 1) // cell))
    columns = min(most, max(1, (size.width() - labels.left - 1) // cell))
    return BoardGeometry(
        corner=QPoint(labels.left, labels.top),
        cell=cell,
        rows=range(rows),
        columns=range(columns),
        is_turned=labels.is_turned,
    )
