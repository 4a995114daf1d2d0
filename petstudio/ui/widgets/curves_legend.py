"""The legend of the curves: a piece of each line, and the run that it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from petstudio.api.language import tr
from petstudio.bridge.run_curves import RunCurve
from petstudio.ui.widgets.legend import Legend, LegendEntry, draw_line
from petstudio.ui.widgets.series_look import series_pen


class CurvesLegend(Legend):
    """Where room is short, the numbers of the runs alone."""

    def show_curves(self, curves: Mapping[int, RunCurve]) -> None:
        """Name the lines, by their series."""
        entries = [
            LegendEntry(
                name=f"{curve.number} {curve.name}",
                short=str(curve.number),
                paint=partial(self._draw, series),
            )
            for series, curve in sorted(curves.items())
        ]
        spoken = ", ".join(entry.name for entry in entries)
        self.show_entries(
            entries, tr("Lines: {spoken}", spoken=spoken) if spoken else tr("No lines")
        )

    def _draw(self, series: int, painter: QPainter, box: QRectF) -> None:
        draw_line(painter, box, series_pen(self._theme, series))
