"""Draws the layer groups as blocks in a row: how large, frozen or at which rate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from petstudio.api.events import GroupPlan
from petstudio.api.language import tr
from petstudio.bridge.figures import parameters_text
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.layer_words import is_frozen, state_words

BLOCK_GAP: Final = 8
_RADIUS: Final = 6
_PADDING: Final = 10
_LOCK: Final = 14
_FAINTEST: Final = 0.12
_STRONGEST: Final = 0.48  # text on it keeps a contrast of 4.5 in both themes


def lay_out(groups: Sequence[GroupPlan], left: int, size: QSize) -> list[QRect]:
    """Return a rectangle for each group, as wide as the logarithm of its parameters is large."""
    sizes = [math.log10(max(10, group.parameters)) for group in groups]
    room = size.width() - left - BLOCK_GAP * max(0, len(sizes) - 1)
    rects, edge = [], float(left)
    for share in sizes:
        width = room * share / sum(sizes)
        rects.append(QRect(round(edge), 0, round(width), size.height()))
        edge += width + BLOCK_GAP
    return rects


class BlockPainter:
    """Paints one row; the tint rises with the rate, a frozen block is sunken and has a lock."""

    def __init__(self, theme: Theme, painter: QPainter, groups: Sequence[GroupPlan]) -> None:
        self._theme = theme
        self._painter = painter
        self._rates = [math.log10(g.rate) for g in groups if not is_frozen(g) and g.rate > 0]

    def paint(self, rect: QRect, group: GroupPlan) -> None:
        self._paint_frame(rect, group)
        self._paint_words(rect.adjusted(_PADDING, 6, -_PADDING, -6), group)

    def _paint_frame(self, rect: QRect, group: GroupPlan) -> None:
        if is_frozen(group):
            self._painter.setPen(QPen(self._theme.color("hair"), 1))
            self._painter.setBrush(self._theme.color("sunken"))
        else:
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(self._tint(group.rate))
        frame = rect.toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        self._painter.drawRoundedRect(frame, _RADIUS, _RADIUS)

    def _tint(self, rate: float) -> QColor:
        span = max(self._rates) - min(self._rates) if self._rates else 0.0
        height = (math.log10(rate) - min(self._rates)) / span if span > 0 and rate > 0 else 1.0
        color = self._theme.color("accent")
        color.setAlphaF(_FAINTEST + (_STRONGEST - _FAINTEST) * height)
        return color

    def _paint_words(self, rect: QRect, group: GroupPlan) -> None:
        bold = self._theme.font(FontRole.BODY, QFont.Weight.DemiBold)
        line = QFontMetrics(bold).height()
        first = QRect(rect.left(), rect.top(), rect.width(), line)
        second = QRect(rect.left(), rect.bottom() - line + 1, rect.width(), line)
        self._painter.setPen(self._theme.color("text2" if is_frozen(group) else "text"))
        self._paint_name(first, group, bold)
        self._paint_state(second, group)

    def _paint_name(self, line: QRect, group: GroupPlan, bold: QFont) -> None:
        small = self._theme.font(FontRole.SMALL)
        count = parameters_text(group.parameters)
        room = line.width() - QFontMetrics(small).horizontalAdvance(count) - 8
        name = tr(group.name)
        if QFontMetrics(bold).horizontalAdvance(name) >= room:  # both are rounded
            # The name matters more; the tool tip has both.
            count, room = "", line.width()
        self._paint_text(line, Qt.AlignmentFlag.AlignRight, count, small)
        name = QFontMetrics(bold).elidedText(name, Qt.TextElideMode.ElideRight, room)
        self._paint_text(line, Qt.AlignmentFlag.AlignLeft, name, bold)

    def _paint_state(self, line: QRect, group: GroupPlan) -> None:
        if is_frozen(group):
            lock = QRect(line.left(), line.center().y() - _LOCK // 2 + 1, _LOCK, _LOCK)
            self._theme.icon("lock-simple-fill", "text2").paint(self._painter, lock)
            line.setLeft(line.left() + _LOCK + 6)
        font = self._theme.font(FontRole.BODY)
        state = QFontMetrics(font).elidedText(
            state_words(group), Qt.TextElideMode.ElideRight, line.width()
        )
        self._paint_text(line, Qt.AlignmentFlag.AlignLeft, state, font)

    def _paint_text(self, line: QRect, side: Qt.AlignmentFlag, text: str, font: QFont) -> None:
        self._painter.setFont(font)
        self._painter.drawText(line, side | Qt.AlignmentFlag.AlignVCenter, text)
