"""Draws a row of the most confused pairs: its count in a square, two lines beside it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from petstudio.api.events import ConfusedPair
from petstudio.api.language import shown_number, tr
from petstudio.bridge.confused_pairs import ConfusedPairModel
from petstudio.bridge.models import Index, spoken_label
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.confusion_ramps import ink_on, ramp_color
from petstudio.ui.widgets.text import plain_tip

_SQUARE: Final = 22
_PADDING: Final = 8
_RADIUS: Final = 4
_GROUND_RADIUS: Final = 6
_LINE_GAP: Final = 1


class MostConfusedDelegate(QStyledItemDelegate):
    """The tool tip has both names in full."""

    def __init__(self, theme: Theme, parent: QAbstractItemView) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        first, second = self._fonts()
        lines = QFontMetrics(first).height() + QFontMetrics(second).height()
        return QSize(160, max(_SQUARE, lines + _LINE_GAP) + _PADDING + 4)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        _option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        if event.type() is not QEvent.Type.ToolTip or not index.isValid():
            return False
        QToolTip.showText(event.globalPos(), plain_tip(str(index.data())), view)
        return True

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        pair: ConfusedPair = index.data(ConfusedPairModel.PAIR)
        row = QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, row.adjusted(0, 1, 0, -1), option.state)
        square = QRect(QPoint(row.left() + _PADDING, 0), self._square())
        square.moveTop(row.center().y() - square.height() // 2 + 1)
        self._paint_count(painter, square, pair.count, index.data(ConfusedPairModel.SHADE))
        words = row.adjusted(square.right() - row.left() + 10, 0, -_PADDING, 0)
        self._paint_words(painter, words, pair)
        painter.restore()

    def _paint_ground(self, painter: QPainter, row: QRect, state: QStyle.StateFlag) -> None:
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        has_focus = is_selected and bool(state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(Qt.PenStyle.NoPen)
        if is_selected or is_hovered:
            painter.setBrush(self._theme.color("selected" if is_selected else "hover"))
            painter.drawRoundedRect(row, _GROUND_RADIUS, _GROUND_RADIUS)
        if has_focus:
            pen = painter.pen()
            pen.setStyle(Qt.PenStyle.SolidLine)
            pen.setColor(self._theme.color("focus"))
            pen.setWidth(2)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(row.adjusted(1, 1, -1, -1), _GROUND_RADIUS, _GROUND_RADIUS)

    def _paint_count(self, painter: QPainter, square: QRect, count: int, shade: float) -> None:
        color = ramp_color(self._theme.tokens.ramp_wrong, shade)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(square, _RADIUS, _RADIUS)
        painter.setPen(ink_on(color))
        painter.setFont(self._theme.font(FontRole.SMALL, QFont.Weight.DemiBold))
        painter.drawText(square, Qt.AlignmentFlag.AlignCenter, shown_number(count))

    def _paint_words(self, painter: QPainter, box: QRect, pair: ConfusedPair) -> None:
        first, second = self._fonts()
        upper, lower = QFontMetrics(first).height(), QFontMetrics(second).height()
        top = box.center().y() - (upper + lower + _LINE_GAP) // 2 + 1
        lines = (
            (spoken_label(pair.actual), first, "text", top, upper),
            (
                tr("taken for {label}", label=spoken_label(pair.predicted)),
                second,
                "text2",
                top + upper + 1,
                lower,
            ),
        )
        for text, font, token, y, height in lines:
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
            painter.setFont(font)
            painter.setPen(self._theme.color(token))
            painter.drawText(QRect(box.left(), y, box.width(), height), 0, shown)

    def _square(self) -> QSize:
        """Return a size for the largest count, so that all words begin below each other."""
        view = self.parent()
        assert isinstance(view, QAbstractItemView)
        first = view.model().index(0, 0).data(ConfusedPairModel.PAIR)
        letters = QFontMetrics(self._theme.font(FontRole.SMALL, QFont.Weight.DemiBold))
        width = letters.horizontalAdvance(shown_number(first.count)) + 8
        return QSize(max(_SQUARE, width), max(_SQUARE, letters.height() + 4))

    def _fonts(self) -> tuple[QFont, QFont]:
        return (
            self._theme.font(FontRole.BODY, QFont.Weight.Medium),
            self._theme.font(FontRole.SMALL),
        )
