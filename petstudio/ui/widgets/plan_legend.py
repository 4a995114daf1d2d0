"""The legend of the rate plan: a line for each layer group that is drawn."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen

from petstudio.api.language import tr
from petstudio.ui.widgets.legend import Legend, LegendEntry, draw_line
from petstudio.ui.widgets.series_look import series_color
from petstudio.ui.widgets.text import plain_tip

# Of the head, the middle and the first group: blue, teal, thin grey.
LINES: Final = ((0, 2.0), (2, 2.0), (5, 1.5))


class PlanLegend(Legend):
    """The groups without a line are its tool tip."""

    def show_groups(self, names: tuple[str, ...], others: str) -> None:
        """Name the lines in the order of LINES; `others` says what has none."""
        entries = [
            LegendEntry(name=name, paint=partial(self._draw, series, width))
            for name, (series, width) in zip(names, LINES, strict=False)
        ]
        spoken = tr("Lines, from the highest: {names}", names=", ".join(names)) if names else ""
        self.show_entries(entries, spoken)
        self.setAccessibleDescription(others)
        self.setToolTip(plain_tip(others))

    def _draw(self, series: int, width: float, painter: QPainter, box: QRectF) -> None:
        draw_line(painter, box, QPen(series_color(self._theme, series), width))
