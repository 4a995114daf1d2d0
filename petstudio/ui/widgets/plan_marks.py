"""What stands upright in the rate plan: the present, borders of stages, the value box."""

from __future__ import annotations

from collections.abc import Iterable

import pyqtgraph as pg
from PySide6.QtCore import Qt

from petstudio.ui.theme import Theme
from petstudio.ui.widgets.plot_values import PlotValues


class PlanMarks:
    """Made once for a plot; only the borders come and go."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self.playhead = pg.InfiniteLine(angle=90)
        self.values = PlotValues(plot)
        self.borders: list[pg.InfiniteLine] = []
        self._border_pen = pg.mkPen(None)
        self._plot = plot

    def show_present(self, x: float, *, is_going: bool) -> None:
        """Put the line of the present at x; before and after a run there is none."""
        if self.playhead.value() != x:
            self.playhead.setValue(x)
        if self.playhead.isVisible() != (is_going and x > 0):
            self.playhead.setVisible(is_going and x > 0)

    def show_borders(self, places: Iterable[int]) -> None:
        """Draw a line where each stage but the first begins."""
        for border in self.borders:
            self._plot.removeItem(border)
        self.borders = [pg.InfiniteLine(pos=place, angle=90) for place in places]
        for border in self.borders:
            border.setPen(self._border_pen)
            self._plot.addItem(border, ignoreBounds=True)

    def dress(self, theme: Theme) -> None:
        tokens = theme.tokens
        self.playhead.setPen(pg.mkPen(tokens.accent, width=2))
        self._border_pen = pg.mkPen(tokens.control, width=1, style=Qt.PenStyle.DotLine)
        for border in self.borders:
            border.setPen(self._border_pen)
        self.values.dress(theme)
