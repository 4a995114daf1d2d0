"""The layer groups of the network as a strip of blocks: how large, frozen or at which rate."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from petstudio.api.events import GroupPlan
from petstudio.bridge.figures import parameters_text, rate_text
from petstudio.ui.theme import FontRole, Theme

_GAP: Final = 6
_RADIUS: Final = 6
_PADDING: Final = 10
_LOCK: Final = 14
_FAINTEST: Final = 0.12
_STRONGEST: Final = 0.48  # text on it keeps a contrast of 4.5 in both themes
_FROZEN: Final = "frozen"


class LayerStrip(QWidget):
    """Blocks grow with the logarithm of their parameters; the tint rises with the rate."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._groups: tuple[GroupPlan, ...] = ()
        self.setObjectName("training.layers")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_groups(self, groups: tuple[GroupPlan, ...]) -> None:
        if groups == self._groups:
            return
        self._groups = groups
        self.setAccessibleName("Layer groups")
        self.setAccessibleDescription("; ".join(_spoken(group) for group in groups))
        self.setToolTip("\n".join(_spoken(group) for group in groups))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, max(48, 2 * self.fontMetrics().height() + 16))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for group, rect in zip(self._groups, self._blocks(), strict=True):
            self._paint_block(painter, rect, group)
            self._paint_words(painter, rect.adjusted(_PADDING, 6, -_PADDING, -6), group)

    def _blocks(self) -> list[QRect]:
        sizes = [math.log10(max(10, group.parameters)) for group in self._groups]
        room = self.width() - _GAP * max(0, len(sizes) - 1)
        edges, left = [], 0.0
        for size in sizes:
            width = room * size / sum(sizes)
            edges.append(QRect(round(left), 0, round(width), self.height()))
            left += width + _GAP
        return edges

    def _paint_block(self, painter: QPainter, rect: QRect, group: GroupPlan) -> None:
        if group.rate > 0:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._tint(group.rate))
        else:
            painter.setPen(QPen(self._theme.color("hair"), 1))
            painter.setBrush(self._theme.color("sunken"))
        painter.drawRoundedRect(rect.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)

    def _tint(self, rate: float) -> QColor:
        rates = [math.log10(group.rate) for group in self._groups if group.rate > 0]
        span = max(rates) - min(rates)
        height = (math.log10(rate) - min(rates)) / span if span > 0 else 1.0
        color = self._theme.color("accent")
        color.setAlphaF(_FAINTEST + (_STRONGEST - _FAINTEST) * height)
        return color

    def _paint_words(self, painter: QPainter, rect: QRect, group: GroupPlan) -> None:
        bold = self._theme.font(FontRole.BODY, QFont.Weight.DemiBold)
        small = self._theme.font(FontRole.SMALL)
        first = QRect(rect.left(), rect.top(), rect.width(), QFontMetrics(bold).height())
        second = QRect(
            first.left(), rect.bottom() - first.height() + 1, rect.width(), first.height()
        )
        is_frozen = group.rate <= 0
        words = self._theme.color("text2" if is_frozen else "text")
        count = parameters_text(group.parameters)
        room = first.width() - QFontMetrics(small).horizontalAdvance(count) - 8
        if QFontMetrics(bold).horizontalAdvance(group.name) > room:
            # The name matters more; the tool tip has both.
            count, room = "", first.width()
        name = QFontMetrics(bold).elidedText(group.name, Qt.TextElideMode.ElideRight, room)
        painter.setPen(words)
        painter.setFont(bold)
        painter.drawText(first, Qt.AlignmentFlag.AlignLeft, name)
        painter.setFont(self._theme.font(FontRole.BODY))
        if is_frozen:
            lock = QRect(second.left(), second.center().y() - _LOCK // 2 + 1, _LOCK, _LOCK)
            self._theme.icon("lock-simple-fill", "text2").paint(painter, lock)
            second.setLeft(second.left() + _LOCK + 6)
        state = _FROZEN if is_frozen else rate_text(group.rate)
        painter.drawText(second, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, state)
        painter.setFont(small)
        painter.drawText(first, Qt.AlignmentFlag.AlignRight, count)


def _spoken(group: GroupPlan) -> str:
    state = f"rate {rate_text(group.rate)}" if group.rate > 0 else _FROZEN
    return f"{group.name}, {parameters_text(group.parameters)} parameters, {state}"
