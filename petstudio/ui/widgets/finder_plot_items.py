"""The curves, flags and marks of a sweep, and how the theme dresses them."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor, QFont

from petstudio.api.events import RateRule
from petstudio.api.language import tr
from petstudio.bridge.figures import rate_text
from petstudio.bridge.live_sweep import Ghost, LiveSweep
from petstudio.bridge.rate_range import decades_text
from petstudio.bridge.sweep_feed import MOST_GHOSTS
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.finder_marks import LOOKS, mark_color
from petstudio.ui.widgets.plot_values import PlotValues

RAW_OPACITY: Final = 0.28
GHOST_OPACITY: Final = 0.45
_GHOST_WIDTH: Final = 1.5
_GREY: Final = 5  # of the chart colours
_MARK_SIZE: Final = 12
_ABOVE_CURVES: Final = 10


class FinderPlotItems:
    """Made once for a plot; only data and pens change afterwards. Places are in log10 units."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self.raw = pg.PlotDataItem(connect="auto")
        self.smoothed = pg.PlotDataItem(connect="auto", antialias=True)
        self.ghosts = [pg.PlotDataItem(connect="auto", antialias=True) for _ in range(MOST_GHOSTS)]
        self.ghost_names = [pg.TextItem(anchor=(0, 0)) for _ in range(MOST_GHOSTS)]
        self.marks = {rule: _mark(look.symbol) for rule, look in LOOKS.items()}
        self.words = {rule: pg.TextItem() for rule in LOOKS}
        self.flags = (pg.TextItem(), pg.TextItem())
        self.decades = pg.TextItem(anchor=(0.5, 1))
        for item in (*self.ghosts, self.raw, self.smoothed):
            item.setDownsampling(auto=True, method="peak")
            item.setClipToView(True)
        for depth, item in enumerate(self._all()):
            item.setZValue(_ABOVE_CURVES + depth)
            plot.addItem(item, ignoreBounds=True)
        self.values = PlotValues(plot, is_low=True)

    def show_curves(self, sweep: LiveSweep | None) -> None:
        if sweep is None:
            self.raw.setData([], [])
            self.smoothed.setData([], [])
            return
        self.raw.setData(sweep.rates, sweep.losses)
        self.smoothed.setData(sweep.rates, sweep.smoothed_losses)

    def show_ghosts(self, ghosts: tuple[Ghost, ...]) -> None:
        """Draw earlier sweeps; only the newest one has its name beside it."""
        for index, (curve, name) in enumerate(zip(self.ghosts, self.ghost_names, strict=True)):
            name.setVisible(index == 0 and bool(ghosts))
            if index >= len(ghosts):
                curve.setData([], [])
                continue
            ghost = ghosts[index]
            curve.setData(ghost.rates, ghost.losses)
            name.setText(tr("earlier, stage {stage}", stage=ghost.stage + 1))
            name.setPos(math.log10(ghost.rates[0]), _floor_at_start(ghost))

    def show_marks(self, sweep: LiveSweep | None) -> None:
        """Put each suggestion on the curve, with its word and value."""
        found = {item.rule: item for item in sweep.suggestions} if sweep is not None else {}
        for rule, mark in self.marks.items():
            self.words[rule].setVisible(rule in found)
            if sweep is None or rule not in found:
                mark.setData(pos=[])
                continue
            rate = found[rule].rate
            mark.setData(pos=[(math.log10(rate), sweep.loss_at(rate))])
            self.words[rule].setText(f"{LOOKS[rule].word} {rate_text(rate)}")

    def place_of(self, rule: RateRule) -> tuple[float, float] | None:
        """Where the mark of a rule is; None where there is none."""
        points = self.marks[rule].points()
        return (points[0].pos().x(), points[0].pos().y()) if len(points) else None

    def show_rates(self, rates: tuple[float, ...]) -> None:
        """Write the rates on their flags, and how far they are apart; without any, hide all."""
        low, high = self.flags
        low.setVisible(len(rates) == 2)
        self.decades.setVisible(len(rates) == 2)
        high.setVisible(bool(rates))
        if rates:
            low.setText(rate_text(rates[0]))
            high.setText(rate_text(rates[-1]))
            self.decades.setText(decades_text(rates[0], rates[-1]))

    def dress(self, theme: Theme) -> None:
        """Take every pen and brush from the theme."""
        tokens = theme.tokens
        blue, grey = QColor(tokens.series[0]), QColor(tokens.series[_GREY])
        self.raw.setPen(pg.mkPen(_faint(blue, RAW_OPACITY), width=1))
        self.smoothed.setPen(pg.mkPen(blue, width=2))
        for ghost in self.ghosts:
            ghost.setPen(pg.mkPen(_faint(grey, GHOST_OPACITY), width=_GHOST_WIDTH))
        for rule, mark in self.marks.items():
            mark.setBrush(pg.mkBrush(mark_color(theme, rule)))
            mark.setPen(pg.mkPen(tokens.surface, width=1))
        self._dress_texts(theme)
        self.values.dress(theme)

    def _dress_texts(self, theme: Theme) -> None:
        tokens = theme.tokens
        caption = theme.font(FontRole.CAPTION, QFont.Weight.Medium)
        for name in self.ghost_names:
            name.setFont(theme.font(FontRole.CAPTION))
            name.setColor(tokens.text3)
        for words in self.words.values():
            words.setFont(caption)
            words.setColor(tokens.text2)
        for flag in self.flags:
            flag.setFont(theme.font(FontRole.SMALL, QFont.Weight.DemiBold))
            flag.setColor(tokens.on_accent)
            flag.fill = pg.mkBrush(tokens.accent)
            flag.border = pg.mkPen(tokens.accent)
        self.decades.setFont(caption)
        self.decades.setColor(tokens.accent_text)

    def _all(self) -> tuple[pg.GraphicsObject, ...]:
        return (
            *self.ghosts, *self.ghost_names, self.raw, self.smoothed, self.decades,
            *self.words.values(), *self.marks.values(), *self.flags,
        )  # fmt: skip


def _floor_at_start(ghost: Ghost) -> float:
    """Return the lowest loss above which a name under the curve's beginning would lie on it."""
    return float(np.nanmin(ghost.losses[: max(1, len(ghost.losses) // 4)]))


def _mark(symbol: str) -> pg.ScatterPlotItem:
    return pg.ScatterPlotItem(symbol=symbol, size=_MARK_SIZE, antialias=True)


def _faint(color: QColor, opacity: float) -> QColor:
    made = QColor(color)
    made.setAlphaF(opacity)
    return made
