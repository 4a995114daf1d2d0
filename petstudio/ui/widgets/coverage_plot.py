"""How right the answers are, the more pictures are answered; a line shows the threshold."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent

from petstudio.api.language import tr
from petstudio.engine.analysis.thresholds import CoverageCurve
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.share_plot import SharePlot

_BELOW: Final = tr("pictures that get an answer")
_LEFT: Final = tr("right answers")
_HELP: Final = tr("Accuracy of the answers over their share. Left and Right move the threshold.")
_LINE: Final = 2.0
_ALMOST: Final = 0.999  # all right is shown from 90 per cent


class CoveragePlot(SharePlot):
    """Drag the line, click, or use the arrow keys."""

    threshold_moved = Signal(object)
    """The threshold, 0 to 1, that the user moved to."""

    def __init__(self, theme: Theme) -> None:
        self._curve: CoverageCurve | None = None
        self._place = 0
        self._is_showing = False
        self._line = pg.PlotDataItem(antialias=True)
        self._mark = pg.InfiniteLine(angle=90, movable=True, bounds=(0, 1))
        self._dot = pg.ScatterPlotItem(size=9)
        super().__init__(theme, below=_BELOW, left=_LEFT, name="evaluate.coverage")
        for item in (self._line, self._mark, self._dot):
            self.view.addItem(item, ignoreBounds=True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_HELP)
        self._mark.sigPositionChanged.connect(self._on_dragged)
        self.clicked.connect(self._on_place_clicked)

    def show_curve(self, curve: CoverageCurve) -> None:
        self._curve = curve
        self._line.setData(curve.coverage, curve.accuracy)
        # In whole tenths, so that a good model's curve is more than a line at the top.
        self.show_from(math.floor(10 * min(curve.accuracy, default=0.0) * _ALMOST) / 10)

    def show_threshold(self, threshold: float) -> None:
        """Put the line where so much is answered."""
        curve = self._curve
        if curve is None or not len(curve.thresholds):
            return
        answered = curve.at(threshold).images
        self._place = max(0, int(np.searchsorted(curve.answered, answered)))
        self._is_showing = True
        self._mark.setPos(answered / max(1, curve.images))
        self._is_showing = False
        found = curve.at(threshold)
        self._dot.setData([answered / curve.images], [found.share] if answered else [1.0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or self._curve is None:
            super().keyPressEvent(event)
        else:
            self._take(self._place + step)

    @Slot(object)
    def _on_dragged(self, mark: pg.InfiniteLine) -> None:
        if not self._is_showing:
            self._go_to(float(mark.value()))

    @Slot(object)
    def _on_place_clicked(self, place: tuple[float, float]) -> None:
        self._go_to(place[0])

    def _go_to(self, share: float) -> None:
        if self._curve is not None and len(self._curve.thresholds):
            self._take(int(np.abs(self._curve.coverage - share).argmin()))

    def _take(self, place: int) -> None:
        curve = self._curve
        if curve is None or not len(curve.thresholds):
            return
        self._place = min(max(place, 0), len(curve.thresholds) - 1)
        is_all = self._place == len(curve.thresholds) - 1
        self.threshold_moved.emit(0.0 if is_all else float(curve.thresholds[self._place]))

    @Slot()
    def _dress(self) -> None:
        super()._dress()
        first = self._theme.color("accent")
        self._line.setPen(pg.mkPen(self._theme.tokens.series[0], width=_LINE))
        self._mark.setPen(pg.mkPen(first, width=_LINE))
        self._mark.setHoverPen(pg.mkPen(first, width=2 * _LINE))
        self._dot.setPen(pg.mkPen(self._theme.color("surface"), width=1))
        self._dot.setBrush(pg.mkBrush(first))
