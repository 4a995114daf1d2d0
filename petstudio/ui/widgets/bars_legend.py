"""The legend of stacked bars: a square of each piece, and what it counts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QPainter

from petstudio.bridge.models import spoken_label
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.legend import Legend, LegendEntry
from petstudio.ui.widgets.series_look import series_color

_MARK: Final = 14
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


class BarsLegend(Legend):
    """Painted with the brushes of the bars."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, mark=_MARK)

    def show_names(self, names: Sequence[str]) -> None:
        """Name the pieces, from the bottom to the top."""
        entries = [
            LegendEntry(name=spoken_label(name), paint=partial(self._draw_square, series))
            for series, name in enumerate(names)
        ]
        self.show_entries(entries, ", ".join(entry.name for entry in entries))

    def _draw_square(self, series: int, painter: QPainter, box: QRectF) -> None:
        square = QRectF(0, 0, _MARK - 1, _MARK - 1)
        square.moveCenter(box.center())
        painter.setPen(self._theme.color("line"))
        painter.setBrush(bar_brush(self._theme, series))
        painter.drawRect(square)
