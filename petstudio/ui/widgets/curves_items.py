"""The lines, names and values of a chart of curves, and how the theme dresses them."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Final

import pyqtgraph as pg
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFont

from petstudio.bridge.run_curves import CurvePoint, RunCurve
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.plot_values import PlotValues
from petstudio.ui.widgets.series_look import LOOKS, series_color, series_pen

_MARKER: Final = 8
_CLICK_WIDTH: Final = 10  # pixels around a line in which a click is meant for it
_WIDER: Final = 1.5  # is the line of the chosen run


class CurvesItems(QObject):
    """Lines and names are made anew for other curves; the values at a place stay."""

    picked = Signal(int)
    """The number of the run whose line was clicked."""

    def __init__(self, plot: pg.PlotItem, theme: Theme) -> None:
        super().__init__()
        self._plot = plot
        self._theme = theme
        self._chosen: int | None = None
        self._numbers: dict[int, int] = {}
        self._names: dict[int, pg.TextItem] = {}
        self.lines: dict[int, pg.PlotDataItem] = {}
        """The line of each series."""
        self.values = PlotValues(plot)

    def show(self, curves: dict[int, RunCurve], value: Callable[[CurvePoint], float]) -> None:
        """Draw these curves in place of the others, by their series."""
        for item in (*self.lines.values(), *self._names.values()):
            self._plot.removeItem(item)
        self.lines.clear()
        self._names.clear()
        self._numbers = {series: curve.number for series, curve in curves.items()}
        for series, curve in curves.items():
            places = [(float(point.epoch), value(point)) for point in curve.points]
            self._add_line(series, places)
            self._add_name(series, places)
            self._dress_series(series)

    def choose(self, number: int | None) -> None:
        """Draw the line of a run wider than the others."""
        self._chosen = number
        for series in self.lines:
            self._dress_series(series)

    def dress(self) -> None:
        """Take the colours and fonts of the theme as it is now."""
        self.values.dress(self._theme)
        for series in self.lines:
            self._dress_series(series)

    def _add_line(self, series: int, places: list[tuple[float, float]]) -> None:
        xs, ys = [x for x, _ in places], [y for _, y in places]
        line = pg.PlotDataItem(xs, ys, connect="finite", antialias=True)
        line.setCurveClickable(True, width=_CLICK_WIDTH)
        line.sigClicked.connect(partial(self._pick, self._numbers[series]))
        # A line of one point would not be seen.
        line.setSymbol(LOOKS[series].marker or ("o" if len(places) == 1 else None))
        line.setSymbolSize(_MARKER)
        self.lines[series] = line
        self._plot.addItem(line, ignoreBounds=True)

    def _add_name(self, series: int, places: list[tuple[float, float]]) -> None:
        """Write the number of the run at the end of its line."""
        finite = [place for place in places if math.isfinite(place[1])]
        if finite:
            name = pg.TextItem(str(self._numbers[series]), anchor=(0.5, 1.1))
            name.setPos(*finite[-1])
            self._names[series] = name
            self._plot.addItem(name, ignoreBounds=True)

    def _dress_series(self, series: int) -> None:
        line, color = self.lines[series], series_color(self._theme, series)
        extra = _WIDER if self._numbers[series] == self._chosen else 0.0
        line.setPen(series_pen(self._theme, series, extra=extra))
        line.setSymbolPen(pg.mkPen(color, width=1.5))
        line.setSymbolBrush(self._theme.color("surface"))
        if series in self._names:
            self._names[series].setColor(color)
            self._names[series].setFont(self._theme.font(FontRole.SMALL, QFont.Weight.DemiBold))

    def _pick(self, number: int, *_what_was_clicked: object) -> None:
        self.picked.emit(number)
