"""Paints a confusion board: cells, numbers, labels and marks, in this order."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from petstudio.api.language import shown_number, tr
from petstudio.bridge.confusion_table import Pair
from petstudio.bridge.confusion_words import cell_number
from petstudio.bridge.figures import percent_text
from petstudio.bridge.models import spoken_label
from petstudio.bridge.shown_confusion import ShownConfusion
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.confusion_geometry import LARGE, BoardGeometry, BoardStyle, Hit
from petstudio.ui.widgets.confusion_ramps import LookupTable, cells_image, ink_on

CORNER: Final = (tr("predicted →"), tr("actual ↓"))
_ALL_NUMBERS: Final = 22  # pixels; smaller cells say only what is wrong more than once
_LEAST_ERROR: Final = 2
_LABEL_GAP: Final = 6
_LARGE_NUMBERS: Final = 72
_NUMBER_PADDING: Final = 4
_NARROWEST: Final = 0.6  # of the usual width of letters


class BoardPainter:
    """One painting of what `shown` has in the part that `geometry` shows."""

    def __init__(
        self,
        painter: QPainter,
        theme: Theme,
        shown: ShownConfusion,
        style: BoardStyle,
        geometry: BoardGeometry,
    ) -> None:
        self._painter = painter
        self._theme = theme
        self._shown = shown
        self._style = style
        self._geometry = geometry

    def paint_ground(self, band: Hit | None) -> None:
        """Fill the empty cells, and tint the row and the column of the band, labels included."""
        geometry, tint = self._geometry, self._theme.color("selected")
        self._painter.fillRect(geometry.cells, self._theme.color("sunken"))
        row_of_band, column_of_band = (band.row, band.column) if band else (None, None)
        if row_of_band is not None and row_of_band in geometry.rows:
            row = geometry.row_label(row_of_band)
            row.setRight(geometry.cells.right())
            self._painter.fillRect(row, tint)
        if column_of_band is not None and column_of_band in geometry.columns:
            column = geometry.column_label(column_of_band)
            column.setBottom(geometry.cells.bottom())
            self._painter.fillRect(column, tint)

    def paint_cells(self, colors: LookupTable) -> None:
        """Draw the cells as one small picture, enlarged, and the lines between them."""
        geometry = self._geometry
        rows, columns = geometry.rows, geometry.columns
        codes = self._shown.codes[rows.start : rows.stop, columns.start : columns.stop]
        self._painter.drawImage(geometry.cells, cells_image(codes, colors))
        if self._style is LARGE:
            self._paint_lines(self._theme.color("surface"), range(1, len(columns)))
        else:
            self._paint_lines(self._theme.color("hair"), range(len(columns) + 1))
        for row in rows:
            for column in columns:
                if codes[row - rows.start, column - columns.start]:
                    code = codes[row - rows.start, column - columns.start]
                    self._paint_number(row, column, QColor.fromRgba(int(colors[code])))

    def paint_labels(self, chosen: frozenset[Pair]) -> None:
        """Write the names, bold beside cells that are chosen."""
        geometry, order = self._geometry, self._shown.order
        actual, predicted = {pair[0] for pair in chosen}, {pair[1] for pair in chosen}
        for row in geometry.rows:
            box = geometry.row_label(row).adjusted(0, 0, -_LABEL_GAP, 0)
            self._paint_label(box, int(order[row]), actual, Qt.AlignmentFlag.AlignRight)
        for column in geometry.columns:
            box = geometry.column_label(column)
            if geometry.is_turned:
                self._paint_turned(box, int(order[column]), predicted)
            else:
                self._paint_label(box, int(order[column]), predicted, Qt.AlignmentFlag.AlignHCenter)
        self._paint_corner()

    def _paint_lines(self, color: QColor, between: range) -> None:
        cells, step, width = self._geometry.cells, self._geometry.cell, self._style.line
        for number in between:
            along = number * step - width // 2
            across = QRect(cells.left(), cells.top() + along, cells.width() + 1, width)
            down = QRect(cells.left() + along, cells.top(), width, cells.height() + 1)
            if number * step <= cells.height():
                self._painter.fillRect(across, color)
            if number * step <= cells.width():
                self._painter.fillRect(down, color)

    def _paint_number(self, row: int, column: int, ground: QColor) -> None:
        table, pair = self._shown.table, self._shown.pair(row, column)
        is_shown = self._geometry.cell >= _ALL_NUMBERS or (
            pair[0] != pair[1] and table.counts[pair] >= _LEAST_ERROR
        )
        if not is_shown:
            return
        box = self._geometry.rect(row, column).adjusted(1, 1, 0, 0)
        self._painter.setPen(ink_on(ground))
        if self._style is LARGE:
            self._paint_two_lines(box, pair)
        else:
            number = cell_number(table, pair, as_percent=self._shown.as_percent)
            self._paint_fitting(box, number, (FontRole.GRID,))

    def _paint_two_lines(self, box: QRect, pair: Pair) -> None:
        lines = (
            shown_number(self._shown.table.counts[pair]),
            percent_text(self._shown.table.share(pair)),
        )
        large, small = reversed(lines) if self._shown.as_percent else lines
        is_large = self._geometry.cell >= _LARGE_NUMBERS
        roles = (FontRole.FIGURE if is_large else FontRole.SECTION, FontRole.GRID)
        above, below = (
            QFontMetrics(self._theme.font(role)).height() for role in (roles[0], FontRole.CAPTION)
        )
        top = box.top() + (box.height() - above - below) // 2
        upper = QRect(box.left(), top, box.width(), above)
        lower = QRect(box.left(), top + above, box.width(), below)
        self._paint_fitting(upper, large, roles)
        self._paint_fitting(
            lower, small, (FontRole.BODY, FontRole.GRID), weight=QFont.Weight.Normal
        )

    def _paint_fitting(
        self,
        box: QRect,
        text: str,
        roles: tuple[FontRole, ...],
        weight: QFont.Weight = QFont.Weight.DemiBold,
    ) -> None:
        """Write the text in the first size that fits, at last in narrow letters, or not at all."""
        room = box.width() - (_NUMBER_PADDING if self._style is LARGE else 0)
        font, share = QFont(), 0.0
        for role in roles:
            font = self._theme.font(role, weight)
            share = room / QFontMetrics(font).horizontalAdvance(text)
            if share >= 1:
                break
        if share < 1:
            font.setStretch(int(100 * share))
        if share >= _NARROWEST:
            self._painter.setFont(font)
            self._painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_turned(self, box: QRect, index: int, chosen: set[int]) -> None:
        self._painter.save()
        self._painter.translate(QPoint(box.left(), box.bottom() + 1))
        self._painter.rotate(-90)
        along = QRect(_LABEL_GAP, 0, box.height() - _LABEL_GAP, box.width())
        self._paint_label(along, index, chosen, Qt.AlignmentFlag.AlignLeft)
        self._painter.restore()

    def _paint_label(
        self, box: QRect, index: int, chosen: set[int], side: Qt.AlignmentFlag
    ) -> None:
        is_chosen = index in chosen
        weight = QFont.Weight.Bold if is_chosen else self._style.weight
        font = self._theme.font(self._style.role, weight)
        name = spoken_label(self._shown.table.classes[index])
        shown = QFontMetrics(font).elidedText(name, Qt.TextElideMode.ElideRight, box.width())
        is_strong = is_chosen or self._style is LARGE
        self._painter.setFont(font)
        self._painter.setPen(self._theme.color("text" if is_strong else "text2"))
        one_line = Qt.TextFlag.TextSingleLine | Qt.AlignmentFlag.AlignVCenter
        self._painter.drawText(box, side | one_line, shown)

    def _paint_corner(self) -> None:
        corner = self._geometry.corner
        box = QRect(0, 0, corner.x() - _LABEL_GAP, corner.y() - _LABEL_GAP)
        self._painter.setFont(self._theme.font(FontRole.CAPTION))
        self._painter.setPen(self._theme.color("text3"))
        for text, side in zip(
            CORNER, (Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom), strict=True
        ):
            self._painter.drawText(box, Qt.AlignmentFlag.AlignRight | side, text)
