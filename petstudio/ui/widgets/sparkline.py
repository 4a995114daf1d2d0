"""A small curve without axes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from petstudio.ui.theme import Theme


class Sparkline(QWidget):
    """Zero is at the bottom; the numbers beside it say the rest."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._values: tuple[float, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_values(self, values: Sequence[float]) -> None:
        self._values = tuple(values)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 32)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if len(self._values) < 2:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.tokens.series[2]), 1.5))
        painter.drawPolyline(QPolygonF(self._points()))

    def _points(self) -> list[QPointF]:
        step = (self.width() - 2) / (len(self._values) - 1)
        scale = (self.height() - 4) / (max(self._values) or 1.0)
        bottom = self.height() - 2
        return [QPointF(1 + i * step, bottom - v * scale) for i, v in enumerate(self._values)]
