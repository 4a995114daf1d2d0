"""The values at one place of a plot: an upright line, and a box beside it."""

from __future__ import annotations

from typing import Final

import pyqtgraph as pg

from petstudio.ui.theme import FontRole, Theme

_IN_FRONT: Final = 100
_BESIDE: Final = 0.04  # of the width of the box
_OFF_THE_AXIS: Final = 0.06  # of its height


class PlotValues:
    """Made once for a plot; the box is on the side with more room."""

    def __init__(self, plot: pg.PlotItem, *, is_low: bool = False) -> None:
        """The box hangs from the upper edge; one that `is_low` stands at the lower one."""
        self.line = pg.InfiniteLine(angle=90)
        self.box = pg.TextItem()
        self._plot = plot
        self._is_low = is_low
        for item in (self.line, self.box):
            item.setZValue(_IN_FRONT)
            plot.addItem(item, ignoreBounds=True)
        self.hide()

    def show(self, x: float, text: str) -> None:
        (left, right), (bottom, top) = self._plot.vb.viewRange()
        beside = 1 + _BESIDE if x > (left + right) / 2 else -_BESIDE
        self.line.setValue(x)
        self.box.setText(text)
        self.box.setAnchor((beside, 1 + _OFF_THE_AXIS if self._is_low else 0))
        self.box.setPos(x, bottom if self._is_low else top)
        self._set_visible(True)

    def hide(self) -> None:
        self._set_visible(False)

    def dress(self, theme: Theme) -> None:
        """Take every pen and brush from the theme."""
        tokens = theme.tokens
        self.line.setPen(pg.mkPen(tokens.control, width=1))
        self.box.fill = pg.mkBrush(tokens.raised)
        self.box.border = pg.mkPen(tokens.line)
        self.box.setColor(tokens.text)
        self.box.setFont(theme.font(FontRole.CAPTION))

    def _set_visible(self, is_visible: bool) -> None:
        self.line.setVisible(is_visible)
        self.box.setVisible(is_visible)
