"""The most likely classes of a picture, each with its probability and a bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from petstudio.api.events import TopClass
from petstudio.bridge.figures import probability_text
from petstudio.bridge.models import spoken_label
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.tile_painting import paint_bar

_BAR_HEIGHT: Final = 4
_AROUND_BAR: Final = 4
_GAP: Final = 6


class LikelyBars(QWidget):
    """As high as the number of classes that it has room for, so that nothing below it moves."""

    def __init__(self, theme: Theme, *, rows: int) -> None:
        super().__init__()
        self._theme = theme
        self._rows = rows
        self._top: tuple[TopClass, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_classes(self, top: Sequence[TopClass]) -> None:
        self._top = tuple(top[: self._rows])
        words = [
            f"{spoken_label(found.label)} {probability_text(found.probability)}" for found in top
        ]
        self.setAccessibleName(", ".join(words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._rows * self._row_height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, found in enumerate(self._top):
            box = QRect(0, place * self._row_height(), self.width(), self._row_height())
            self._paint_row(painter, box, found, is_first=place == 0)
        painter.end()

    def _paint_row(self, painter: QPainter, box: QRect, found: TopClass, *, is_first: bool) -> None:
        weight = QFont.Weight.DemiBold if is_first else QFont.Weight.Normal
        painter.setFont(self._theme.font(FontRole.BODY, weight))
        painter.setPen(self._theme.color("text"))
        share = probability_text(found.probability)
        line = QRect(box.left(), box.top(), box.width(), painter.fontMetrics().height())
        painter.drawText(line, Qt.AlignmentFlag.AlignRight, share)
        room = line.width() - painter.fontMetrics().horizontalAdvance(share) - 12
        name = painter.fontMetrics().elidedText(
            spoken_label(found.label), Qt.TextElideMode.ElideRight, room
        )
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, name)
        top = line.bottom() + _AROUND_BAR
        track = QRectF(box.left(), top, box.width(), _BAR_HEIGHT)
        color = QColor(self._theme.tokens.series[0])
        color.setAlphaF(1.0 if is_first else 0.7)
        paint_bar(painter, track, found.probability, color, self._theme.color("hair"))

    def _row_height(self) -> int:
        line = QFontMetrics(self._theme.font(FontRole.BODY)).height()
        return line + _BAR_HEIGHT + _AROUND_BAR + _GAP
