"""The legend of stacked bars: a square of each piece, and what it counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QBrush, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from petstudio.bridge.models import spoken_label
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.series_look import series_color

_MARK: Final = 14
_GAP: Final = 6
_BETWEEN: Final = 16
_PATTERNS: Final = (
    Qt.BrushStyle.SolidPattern,
    Qt.BrushStyle.BDiagPattern,
    Qt.BrushStyle.Dense4Pattern,
    Qt.BrushStyle.HorPattern,
)


def bar_brush(theme: Theme, series: int) -> QBrush:
    """Return what fills a piece: colour and pattern come together."""
    colors = len(theme.tokens.series)
    return QBrush(series_color(theme, series % colors), _PATTERNS[series % len(_PATTERNS)])


class BarsLegend(QWidget):
    """Painted with the brushes of the bars."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._names: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def show_names(self, names: Sequence[str]) -> None:
        """Name the pieces, from the bottom to the top."""
        self._names = tuple(spoken_label(name) for name in names)
        self.setAccessibleName(", ".join(self._names))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        words = sum(self._letters().horizontalAdvance(name) for name in self._names)
        marks = len(self._names) * (_MARK + _GAP + _BETWEEN)
        return QSize(words + marks, max(20, self._letters().height()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._theme.font(FontRole.SMALL))
        left = 0
        for series, name in enumerate(self._names):
            box = QRect(left, (self.height() - _MARK) // 2, _MARK, _MARK)
            painter.setPen(self._theme.color("line"))
            painter.setBrush(bar_brush(self._theme, series))
            painter.drawRect(box)
            width = self._letters().horizontalAdvance(name)
            words = QRect(box.right() + _GAP, 0, width + 2, self.height())
            painter.setPen(self._theme.color("text2"))
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, name)
            left = words.right() + _BETWEEN

    def _letters(self) -> QFontMetrics:
        return QFontMetrics(self._theme.font(FontRole.SMALL))
