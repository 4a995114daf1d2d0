"""The rate of each layer group as a row of tiles that fill with the rate."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from petstudio.api.events import GroupPlan
from petstudio.api.language import tr
from petstudio.bridge.figures import rate_text
from petstudio.bridge.rate_range import Rates
from petstudio.engine.layer_groups import group_rates
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.text import plain_tip

FROZEN: Final = tr("frozen")
_GAP: Final = 6
_RADIUS: Final = 6
_PADDING: Final = 10
_LOCK: Final = 14
_FEWEST_LETTERS: Final = 6  # of a name, before groups are left out
_LOWEST_FILL: Final = 0.14
_HIGHEST_FILL: Final = 0.80
_OPACITY: Final = 0.20


class GroupRatesRow(QWidget):
    """Every group has its own rate between the ends; frozen ones have none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._groups: tuple[GroupPlan, ...] = ()
        self._rates: Rates = ()
        self.setObjectName("training.finder.groups")
        self.setAccessibleName(tr("Rate of each layer group"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def words(self) -> tuple[tuple[str, str], ...]:
        """Name and rate of each group, as they are shown."""
        return tuple(
            (tr(group.name), rate_text(rate) if rate > 0 else FROZEN)
            for group, rate in zip(self._groups, self._rates, strict=True)
        )

    def show_groups(self, groups: tuple[GroupPlan, ...], rates: Rates) -> None:
        """Show the groups with what one rate or a range gives each; none without rates."""
        self._groups = groups if rates else ()
        spread = group_rates(rates, len(groups)) if rates and groups else ()
        self._rates = tuple(
            rate if group.rate > 0 else 0.0 for group, rate in zip(groups, spread, strict=False)
        )
        spoken = "; ".join(f"{name} {rate}" for name, rate in self.words)
        self.setAccessibleDescription(spoken)
        self.setToolTip(plain_tip(spoken))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, max(34, self.fontMetrics().height() + 14))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = self._shown()
        for index, rect in zip(shown, self._tiles(len(shown)), strict=True):
            self._paint_tile(painter, rect, self._rates[index])
            self._paint_words(painter, rect.adjusted(_PADDING, 0, -_PADDING, 0), index)

    def _shown(self) -> list[int]:
        """Return all groups, or as many as fit, from the first to the last."""
        widest = max((self._width_of(*words) for words in self.words), default=0)
        fitting = max(2, (self.width() + _GAP) // (widest + _GAP))
        count = len(self._groups)
        if count <= fitting:
            return list(range(count))
        return [round(index * (count - 1) / (fitting - 1)) for index in range(fitting)]

    def _tiles(self, count: int) -> list[QRect]:
        width = (self.width() - _GAP * (count - 1)) / max(1, count)
        return [
            QRect(round(index * (width + _GAP)), 0, round(width), self.height())
            for index in range(count)
        ]

    def _paint_tile(self, painter: QPainter, rect: QRect, rate: float) -> None:
        outline = QPainterPath()
        outline.addRoundedRect(rect.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        painter.fillPath(outline, self._theme.color("sunken"))
        if rate > 0:
            filled = QRectF(rect)
            filled.setTop(rect.bottom() + 1 - rect.height() * self._fill(rate))
            part = QPainterPath()
            part.addRect(filled)
            color = self._theme.color("accent")
            color.setAlphaF(_OPACITY)
            painter.fillPath(outline & part, color)
        painter.setPen(QPen(self._theme.color("hair"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(outline)

    def _fill(self, rate: float) -> float:
        """Return how full the tile is: by the logarithm, from the lowest rate to the highest."""
        places = [math.log10(other) for other in self._rates if other > 0]
        span = max(places) - min(places)
        height = (math.log10(rate) - min(places)) / span if span > 0 else 1.0
        return _LOWEST_FILL + (_HIGHEST_FILL - _LOWEST_FILL) * height

    def _paint_words(self, painter: QPainter, rect: QRect, index: int) -> None:
        name, rate = self.words[index]
        is_frozen = rate == FROZEN
        painter.setFont(self._theme.font(FontRole.BODY, QFont.Weight.DemiBold))
        painter.setPen(self._theme.color("text2" if is_frozen else "text"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | middle, rate)
        rest = rect.adjusted(0, 0, -self._bold().horizontalAdvance(rate) - 6, 0)
        if is_frozen:
            lock = QRect(rest.right() - _LOCK, rest.center().y() - _LOCK // 2 + 1, _LOCK, _LOCK)
            self._theme.icon("lock-simple-fill", "text2").paint(painter, lock)
            rest.setRight(lock.left() - 4)
        font = self._theme.font(FontRole.SMALL)
        shown = QFontMetrics(font).elidedText(name, Qt.TextElideMode.ElideRight, rest.width())
        painter.setFont(font)
        painter.setPen(self._theme.color("text2"))
        painter.drawText(rest, Qt.AlignmentFlag.AlignLeft | middle, shown)

    def _width_of(self, name: str, rate: str) -> int:
        """Return how wide a tile is in which the name can be told from others."""
        letters = QFontMetrics(self._theme.font(FontRole.SMALL)).horizontalAdvance(
            name[:_FEWEST_LETTERS]
        )
        lock = _LOCK if rate == FROZEN else 0
        return letters + lock + self._bold().horizontalAdvance(rate) + 2 * _PADDING + 8

    def _bold(self) -> QFontMetrics:
        return QFontMetrics(self._theme.font(FontRole.BODY, QFont.Weight.DemiBold))
