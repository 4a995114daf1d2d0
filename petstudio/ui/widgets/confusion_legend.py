"""The legend of the confusion grid: one ramp for what is right, one for what is wrong."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from petstudio.api.language import tr
from petstudio.ui.theme import FontRole, Theme

_RIGHT, _WRONG = tr("right"), tr("wrong")
_RAMP: Final = QSize(84, 10)
_GAP: Final = 8
_BETWEEN: Final = 16


class ConfusionLegend(QWidget):
    """Painted with the stops of the cells."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Blue: right. Orange: wrong. More colour: more pictures."))
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        letters = self._letters()
        words = letters.horizontalAdvance(_RIGHT) + letters.horizontalAdvance(_WRONG)
        width = 2 * (_RAMP.width() + _GAP) + words + _BETWEEN + 2
        return QSize(width, max(20, letters.height()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens, left = self._theme.tokens, 0
        for word, stops in ((_RIGHT, tokens.ramp_right), (_WRONG, tokens.ramp_wrong)):
            left = self._paint_ramp(painter, left, stops) + _GAP
            left = self._paint_word(painter, left, word) + _BETWEEN
        painter.end()

    def _paint_ramp(self, painter: QPainter, left: int, stops: tuple[str, ...]) -> int:
        top = (self.height() - _RAMP.height()) / 2
        ramp = QRectF(left + 0.5, top + 0.5, _RAMP.width() - 1, _RAMP.height() - 1)
        colors = QLinearGradient(ramp.topLeft(), ramp.topRight())
        for number, stop in enumerate(stops):
            colors.setColorAt(number / (len(stops) - 1), stop)
        painter.setPen(QPen(self._theme.color("line"), 1))
        painter.setBrush(colors)
        painter.drawRoundedRect(ramp, 4, 4)
        return left + _RAMP.width()

    def _paint_word(self, painter: QPainter, left: int, word: str) -> int:
        width = self._letters().horizontalAdvance(word)
        painter.setFont(self._theme.font(FontRole.SMALL))
        painter.setPen(self._theme.color("text2"))
        painter.drawText(
            QRect(left, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, word
        )
        return left + width

    def _letters(self) -> QFontMetrics:
        return QFontMetrics(self._theme.font(FontRole.SMALL))
