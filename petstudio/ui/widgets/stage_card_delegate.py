"""Draws the cards of the recipe and the arrows between them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.stage_card import CardLook, StageCard

CARD_GAP: Final = 36
CARD_ROLE: Final = Qt.ItemDataRole.UserRole
WIDTH_ROLE: Final = Qt.ItemDataRole.UserRole + 1
_RADIUS: Final = 8
_PADDING: Final = 12
_ICON: Final = 16
_ICONS: Final = {
    CardLook.NEXT: ("circle", "text3"),
    CardLook.RUNNING: ("play-circle-fill", "accent"),
    CardLook.DONE: ("check-circle-fill", "ok"),
    CardLook.STOPPED: ("stop-circle", "warn"),
    CardLook.ASIDE: ("arrow-bend-down-left", "text3"),
    CardLook.ADD: ("plus", "text2"),
}
_AnyIndex = QModelIndex | QPersistentModelIndex


class StageCardDelegate(QStyledItemDelegate):
    """A card takes the width of its row less the gap behind it, in which an arrow may stand."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    @staticmethod
    def card_height(metrics: QFontMetrics) -> int:
        return max(54, 2 * metrics.height() + 22)

    def sizeHint(self, option: QStyleOptionViewItem, index: _AnyIndex) -> QSize:
        width = index.data(WIDTH_ROLE)
        return QSize(width + _gap_behind(index), self.card_height(option.fontMetrics))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        card: StageCard = index.data(CARD_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRect(option.rect)
        rect.setWidth(rect.width() - _gap_behind(index))
        if card.look not in (CardLook.ADD, CardLook.ASIDE) and not _is_last(index):
            self._paint_arrow(painter, rect)
        self._paint_frame(painter, rect, card, option)
        if card.look is CardLook.ADD:
            self._paint_add(painter, rect, card)
        else:
            self._paint_words(painter, rect, card)
        if card.look is CardLook.RUNNING:
            self._paint_bar(painter, rect, card.fraction)
        painter.restore()

    def _paint_frame(
        self, painter: QPainter, rect: QRect, card: StageCard, option: QStyleOptionViewItem
    ) -> None:
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        is_running = card.look is CardLook.RUNNING
        is_aside = card.look is CardLook.ASIDE
        fill = "selected" if is_running or is_chosen else "hover" if is_hovered else "surface"
        fill = "sunken" if is_aside else fill
        edge = "err" if card.has_problem else "accent" if is_running or is_chosen else "line"
        pen = QPen(self._theme.color(edge), 2 if edge != "line" else 1)
        if card.look in (CardLook.ADD, CardLook.STOPPED, CardLook.ASIDE) and edge == "line":
            pen = QPen(self._theme.color("control"), 1, Qt.PenStyle.DashLine)
        inset = pen.widthF() / 2
        painter.setPen(pen)
        painter.setBrush(self._theme.color(fill))
        frame = rect.toRectF().adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(frame, _RADIUS - inset, _RADIUS - inset)

    def _paint_arrow(self, painter: QPainter, rect: QRect) -> None:
        color = self._theme.color("control")
        middle = rect.center().y() + 0.5
        start, end = rect.right() + 1.0, float(rect.right() + CARD_GAP - 1)
        painter.setPen(QPen(color, 1))
        painter.drawLine(QPointF(start, middle), QPointF(end - 4, middle))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        head = [
            QPointF(end, middle),
            QPointF(end - 6, middle - 3.5),
            QPointF(end - 6, middle + 3.5),
        ]
        painter.drawPolygon(QPolygonF(head))

    def _paint_words(self, painter: QPainter, rect: QRect, card: StageCard) -> None:
        bold = self._theme.font(FontRole.BODY, QFont.Weight.DemiBold)
        small = self._theme.font(FontRole.SMALL)
        line, small_line = QFontMetrics(bold).height(), QFontMetrics(small).height()
        top = rect.top() + (rect.height() - line - small_line - 2) // 2
        first = QRect(rect.left() + _PADDING, top, rect.width() - 2 * _PADDING, line)
        self._paint_icon(painter, first, card)
        first.setLeft(first.left() + _ICON + 8)
        second = QRect(first.left(), first.bottom() + 3, first.width(), small_line)
        taken = self._paint_result(painter, first, card, bold)
        first.setRight(first.right() - taken)
        color = self._theme.color("text2" if card.look is CardLook.ASIDE else "text")
        self._paint_line(painter, first, card.title, bold, color)
        self._paint_line(painter, second, _second_line(card), small, self._theme.color("text2"))

    def _paint_icon(self, painter: QPainter, line: QRect, card: StageCard) -> None:
        name, token = ("warning-fill", "err") if card.has_problem else _ICONS[card.look]
        top = line.center().y() - _ICON // 2 + 1
        self._theme.icon(name, token).paint(painter, QRect(line.left(), top, _ICON, _ICON))

    def _paint_result(self, painter: QPainter, line: QRect, card: StageCard, font: QFont) -> int:
        """Return the width that the result takes at the right end of the line."""
        if not card.result:
            return 0
        width = QFontMetrics(font).horizontalAdvance(card.result)
        painter.setFont(font)
        painter.setPen(self._theme.color("text2" if card.look is CardLook.ASIDE else "text"))
        painter.drawText(
            line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, card.result
        )
        if not card.is_best:
            return width + 8
        top = line.center().y() - _ICON // 2 + 1
        star = QRect(line.right() - width - _ICON - 3, top, _ICON, _ICON)
        self._theme.icon("star-fill", "warn_fill").paint(painter, star)
        return width + _ICON + 12

    def _paint_add(self, painter: QPainter, rect: QRect, card: StageCard) -> None:
        font = self._theme.font(FontRole.BODY, QFont.Weight.Medium)
        width = QFontMetrics(font).horizontalAdvance(card.title)
        left = rect.center().x() - (width + _ICON + 8) // 2
        line = QRect(left, rect.top(), width + _ICON + 10, rect.height())
        self._paint_icon(painter, line, card)
        line.setLeft(left + _ICON + 8)
        self._paint_line(painter, line, card.title, font, self._theme.color("text2"))

    def _paint_bar(self, painter: QPainter, rect: QRect, fraction: float) -> None:
        track = QRect(rect.left() + _PADDING, rect.bottom() - 6, rect.width() - 2 * _PADDING, 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("line"))
        painter.drawRoundedRect(track, 1.5, 1.5)
        track.setWidth(round(track.width() * fraction))
        painter.setBrush(self._theme.color("accent"))
        painter.drawRoundedRect(track, 1.5, 1.5)

    @staticmethod
    def _paint_line(painter: QPainter, rect: QRect, text: str, font: QFont, color: QColor) -> None:
        elided = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.setFont(font)
        painter.setPen(color)
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, elided)


def _is_last(index: _AnyIndex) -> bool:
    return index.row() == index.model().rowCount() - 1


def _gap_behind(index: _AnyIndex) -> int:
    look = index.data(CARD_ROLE).look
    is_end = look is CardLook.ADD or (look is CardLook.ASIDE and _is_last(index))
    return 0 if is_end else CARD_GAP


def _second_line(card: StageCard) -> str:
    is_aside = card.look is CardLook.ASIDE
    return f"{card.detail}, {card.look.value}" if is_aside else card.detail
