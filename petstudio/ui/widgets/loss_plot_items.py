"""The curves and marks of the loss plot, and how the theme dresses them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.plot_values import PlotValues

RAW_OPACITY: Final = 0.28
FUTURE_OPACITY: Final = 0.035
_DASHES: Final = (3, 2)  # in widths of the pen, so 6 and 4 pixels
_DOT_SIZE: Final = 9
_HIDDEN_SIZE: Final = 1
_STAR_SIZE: Final = 20
_RING_SIZE: Final = 17
_AT_TOP: Final = 0.97
_AT_BOTTOM: Final = 0.12
_BELOW_NAMES: Final = 0.88
_FLAG_STEP: Final = 0.09  # by which a flag stands lower than the one before it
_FLAG_ROWS: Final = 3
_BACKING_OPACITY: Final = 0.75
_ABOVE_CURVES: Final = 4.5  # of the depths of the items: below the star, the ring and the values


class LossPlotItems:
    """Made once for a plot; only data and pens change afterwards."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self.future = pg.LinearRegionItem(movable=False, pen=pg.mkPen(None))
        self.raw = pg.PlotDataItem(connect="auto")
        self.smoothed = pg.PlotDataItem(connect="auto", antialias=True)
        self.valid = pg.PlotDataItem(
            connect="finite", antialias=True, symbol="o", symbolSize=_DOT_SIZE
        )
        self.playhead = pg.InfiniteLine(angle=90)
        self.best = pg.ScatterPlotItem(symbol="star", size=_STAR_SIZE, antialias=True)
        self.ring = pg.ScatterPlotItem(symbol="o", size=_RING_SIZE, antialias=True)
        self.stage_ends: list[pg.InfiniteLine] = []
        self.flags: list[pg.InfiniteLine] = []
        self._plot = plot
        for depth, item in enumerate(self._all()):
            item.setZValue(depth)
            plot.addItem(item, ignoreBounds=True)
        # Peaks matter in the raw losses; the smoothed ones have none, and a line without zigzag is
        # painted in a fraction of the time.
        for curve, method in ((self.raw, "peak"), (self.smoothed, "subsample")):
            curve.setDownsampling(auto=True, method=method)
            curve.setClipToView(True)
        self.values = PlotValues(plot)

    def show_stages(self, names: tuple[str, ...], ends: tuple[int, ...]) -> None:
        """Mark the end of each stage with a line and its name at the top."""
        for line in self.stage_ends:
            self._plot.removeItem(line)
        self.stage_ends = [_stage_end(name, end) for name, end in zip(names, ends, strict=True)]
        for line in self.stage_ends:
            self._plot.addItem(line, ignoreBounds=True)

    def show_flags(self, marks: Sequence[tuple[float, str]], theme: Theme) -> None:
        """Mark where something was changed on the way; marks only ever become more in a run."""
        for line in self.flags[len(marks) :]:
            self._plot.removeItem(line)
        del self.flags[len(marks) :]
        for x, text in marks[len(self.flags) :]:
            line = _flag(text, x, len(self.flags) % _FLAG_ROWS)
            self.flags.append(line)
            self._plot.addItem(line, ignoreBounds=True)
            self._dress_flag(line, theme)

    def show_epochs(
        self, xs: NDArray[np.float64], values: NDArray[np.float64], best: int | None
    ) -> None:
        """Draw a dot for each epoch, and a star in place of the dot of the best one."""
        sizes = np.full(len(xs), _DOT_SIZE)
        if best is not None:
            sizes[best] = _HIDDEN_SIZE
        self.valid.setData(xs, values, symbolSize=sizes)
        self.best.setData(pos=[] if best is None else [(xs[best], values[best])])
        # Items without dots would still take a third of the time of painting.
        self.valid.setVisible(len(xs) > 0)
        self.best.setVisible(best is not None)

    def show_ring(self, place: tuple[float, float] | None) -> None:
        """Put the ring around the dot there, or take it away."""
        self.ring.setData(pos=[] if place is None else [place])
        self.ring.setVisible(place is not None)

    def place_stage_names(self, *, at_top: bool) -> None:
        """Keep the names out of the way of curves that run along the top."""
        for line in self.stage_ends:
            line.label.setPosition(_AT_TOP if at_top else _AT_BOTTOM)

    def dress(self, theme: Theme) -> None:
        """Take every pen and brush from the theme."""
        tokens = theme.tokens
        train, valid = theme.tokens.series[0], theme.tokens.series[1]
        self.raw.setVisible(not tokens.has_high_contrast)
        self.raw.setPen(pg.mkPen(_faint(train, RAW_OPACITY), width=1))
        self.smoothed.setPen(pg.mkPen(train, width=2))
        dashed = pg.mkPen(valid, width=2)
        dashed.setDashPattern(_DASHES)
        self.valid.setPen(dashed)
        self.valid.setSymbolPen(pg.mkPen(valid, width=2))
        self.valid.setSymbolBrush(pg.mkBrush(tokens.surface))
        self.best.setBrush(pg.mkBrush(tokens.warn_fill))
        self.best.setPen(pg.mkPen(tokens.surface, width=1))
        self.ring.setBrush(pg.mkBrush(None))
        self.ring.setPen(pg.mkPen(tokens.focus, width=2))
        self.playhead.setPen(pg.mkPen(tokens.accent, width=2))
        self.future.setBrush(pg.mkBrush(_faint(tokens.text, FUTURE_OPACITY)))
        self.values.dress(theme)
        self.dress_stages(theme)
        for line in self.flags:
            self._dress_flag(line, theme)

    def _dress_flag(self, line: pg.InfiniteLine, theme: Theme) -> None:
        line.setPen(pg.mkPen(theme.tokens.warn_fill, width=1, style=Qt.PenStyle.DashLine))
        _dress_label(line, theme)

    def dress_stages(self, theme: Theme) -> None:
        dotted = pg.mkPen(theme.tokens.control, width=1, style=Qt.PenStyle.DotLine)
        for line in self.stage_ends:
            line.setPen(dotted if line is not self.stage_ends[-1] else pg.mkPen(None))
            _dress_label(line, theme)

    def _all(self) -> tuple[pg.GraphicsObject, ...]:
        return (
            self.future, self.raw, self.smoothed, self.valid, self.playhead, self.best, self.ring,
        )  # fmt: skip


def _stage_end(name: str, end: int) -> pg.InfiniteLine:
    # Both anchors alike: the name stays left of its line wherever the view is.
    options = {"position": _AT_TOP, "anchors": [(1.0, 0.0), (1.0, 0.0)]}
    return _upright(end, name, options)


def _flag(text: str, x: float, row: int) -> pg.InfiniteLine:
    # Lower than the names of the stages, and on the other side of its line.
    place = _BELOW_NAMES - row * _FLAG_STEP
    options = {"position": place, "anchors": [(0.0, 0.0), (0.0, 0.0)]}
    return _upright(x, f"⚑ {text}", options)


def _upright(x: float, text: str, options: Mapping[str, object]) -> pg.InfiniteLine:
    line = pg.InfiniteLine(pos=x, angle=90, label=text, labelOpts=options)
    line.setZValue(_ABOVE_CURVES)
    return line


def _dress_label(line: pg.InfiniteLine, theme: Theme) -> None:
    line.label.fill = pg.mkBrush(_faint(theme.tokens.surface, _BACKING_OPACITY))
    line.label.setColor(theme.tokens.text3)
    line.label.setFont(theme.font(FontRole.CAPTION))


def _faint(color: str, opacity: float) -> QColor:
    made = QColor(color)
    made.setAlphaF(opacity)
    return made
