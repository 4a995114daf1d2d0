"""The legend of the confusion grid: one ramp for what is right, one for what is wrong."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QLinearGradient, QPainter, QPen

from petstudio.api.language import tr
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.legend import Legend, LegendEntry

_SPOKEN: Final = tr("Blue: right. Orange: wrong. More colour: more pictures.")
_RAMP: Final = QSize(84, 10)


class ConfusionLegend(Legend):
    """Painted with the stops of the cells."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, mark=_RAMP.width())
        entries = (
            LegendEntry(name=tr("right"), paint=partial(self._draw_ramp, is_right=True)),
            LegendEntry(name=tr("wrong"), paint=partial(self._draw_ramp, is_right=False)),
        )
        self.show_entries(entries, _SPOKEN)

    def _draw_ramp(self, painter: QPainter, box: QRectF, *, is_right: bool) -> None:
        tokens = self._theme.tokens
        stops = tokens.ramp_right if is_right else tokens.ramp_wrong
        ramp = QRectF(0, 0, _RAMP.width() - 1, _RAMP.height() - 1)
        ramp.moveCenter(box.center())
        colors = QLinearGradient(ramp.topLeft(), ramp.topRight())
        for number, stop in enumerate(stops):
            colors.setColorAt(number / (len(stops) - 1), stop)
        painter.setPen(QPen(self._theme.color("line"), 1))
        painter.setBrush(colors)
        painter.drawRoundedRect(ramp, 4, 4)
