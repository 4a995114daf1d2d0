"""The legend of the loss plot: line, dashes with circles, star."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen

from petstudio.api.language import tr
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.legend import Legend, LegendEntry, draw_line
from petstudio.ui.widgets.series_look import series_color

_TRAIN, _VALIDATION, _BEST = tr("train"), tr("validation"), tr("best")
_SPOKEN: Final = tr("Solid line: train. Dashes with circles: validation. Star: best.")
_STAR: Final = 16


class PlotLegend(Legend):
    """Line style and colour are those of the plot."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.show_train(is_shown=True)

    def show_train(self, *, is_shown: bool) -> None:
        """Leave out the line of the batches where the plot has none."""
        train = LegendEntry(name=_TRAIN, paint=self._draw_train)
        others = (
            LegendEntry(name=_VALIDATION, paint=self._draw_validation),
            LegendEntry(name=_BEST, paint=self._draw_star),
        )
        self.show_entries((train, *others) if is_shown else others, _SPOKEN)

    def _draw_train(self, painter: QPainter, box: QRectF) -> None:
        draw_line(painter, box, QPen(series_color(self._theme, 0), 2))

    def _draw_validation(self, painter: QPainter, box: QRectF) -> None:
        draw_line(painter, box, QPen(series_color(self._theme, 1), 2))
        painter.setBrush(self._theme.color("surface"))
        painter.drawEllipse(box.center(), 4, 4)

    def _draw_star(self, painter: QPainter, box: QRectF) -> None:
        star = QRectF(0, 0, _STAR, _STAR)
        star.moveCenter(box.center())
        self._theme.icon("star-fill", "warn_fill").paint(painter, star.toRect())
