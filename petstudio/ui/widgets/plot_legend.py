"""The legend of the loss plot: line, dashes with circles, star."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from petstudio.api.language import tr
from petstudio.ui.theme import FontRole, Theme

_MARK: Final = 22
_GAP: Final = 6
_BETWEEN: Final = 16
_WORDS: Final = (tr("train"), tr("validation"), tr("best"))


class PlotLegend(QWidget):
    """Painted with the pens of the plot, so that line style and colour agree."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._has_train = True
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(
            tr("Solid line: train. Dashes with circles: validation. Star: best.")
        )
        theme.changed.connect(self.update)

    def show_train(self, *, is_shown: bool) -> None:
        """Leave out the line of the batches where the plot has none."""
        self._has_train = is_shown
        self.update()

    def sizeHint(self) -> QSize:
        words = sum(self._metrics_width(word) for word in _WORDS)
        marks = len(_WORDS) * (_MARK + _GAP) + (len(_WORDS) - 1) * _BETWEEN
        return QSize(words + marks + 4, max(20, self.fontMetrics().height()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, middle = 0, self.height() / 2
        for index, word in enumerate(_WORDS):
            if index == 0 and not self._has_train:
                left += _MARK + _GAP + self._metrics_width(word) + _BETWEEN
                continue
            self._paint_mark(painter, index, left, middle)
            painter.setFont(self._theme.font(FontRole.SMALL))
            painter.setPen(self._theme.color("text2"))
            width = self._metrics_width(word)
            box = QRect(left + _MARK + _GAP, 0, width + 2, self.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, word)
            left += _MARK + _GAP + width + _BETWEEN

    def _paint_mark(self, painter: QPainter, index: int, left: int, middle: float) -> None:
        start, end = QPointF(left, middle), QPointF(left + _MARK, middle)
        if index == 2:
            star = QRect(left + 4, round(middle) - 8, 16, 16)
            self._theme.icon("star-fill", "warn_fill").paint(painter, star)
            return
        pen = QPen(QColor(self._theme.tokens.series[index]), 2)
        painter.setPen(pen)
        painter.drawLine(start, end)
        if index == 1:
            painter.setBrush(self._theme.color("surface"))
            painter.drawEllipse(QPointF(left + _MARK / 2, middle), 4, 4)

    def _metrics_width(self, word: str) -> int:
        return QFontMetrics(self._theme.font(FontRole.SMALL)).horizontalAdvance(word)
