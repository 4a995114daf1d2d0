"""How often pictures of each confidence are right, as bars beside the ideal diagonal."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent

from petstudio.api.language import tr
from petstudio.engine.analysis.calibration import BINS, Reliability
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.share_plot import SharePlot

_BELOW: Final = tr("probability of the predicted class")
_LEFT: Final = tr("right")
_HELP: Final = tr("Accuracy by probability. Left and Right choose a bar, Esc none.")
_WIDTH: Final = 0.92  # of a bin


class ReliabilityPlot(SharePlot):
    """Bars reach up to the accuracy; a short line on each is the mean probability."""

    bin_chosen = Signal(object)
    """The number of the bin that the user chose, or None."""

    def __init__(self, theme: Theme) -> None:
        self._shown: Reliability | None = None
        self._chosen: int | None = None
        self._ideal = pg.PlotDataItem([0, 1], [0, 1])
        self._bars = pg.BarGraphItem(x=[], height=[], width=_WIDTH / BINS)
        self._means = pg.ScatterPlotItem(symbol="o", size=8)
        super().__init__(theme, below=_BELOW, left=_LEFT, name="evaluate.reliability")
        for item in (self._bars, self._ideal, self._means):
            self.view.addItem(item, ignoreBounds=True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_HELP)
        self.clicked.connect(self._on_place_clicked)

    def show_reliability(self, shown: Reliability) -> None:
        self._shown = shown
        if self._chosen is not None and not shown.images[self._chosen]:
            self._chosen = None
        filled = np.flatnonzero(shown.images).tolist()
        self.setAccessibleDescription(". ".join(bin_text(shown, number) for number in filled))
        self._draw()

    @property
    def chosen(self) -> int | None:
        """The bin that the user chose."""
        return self._chosen

    def keyPressEvent(self, event: QKeyEvent) -> None:
        filled = np.flatnonzero(self._shown.images).tolist() if self._shown is not None else []
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right if filled:
                step = 1 if event.key() == Qt.Key.Key_Right else -1
                at = filled.index(self._chosen) + step if self._chosen in filled else 0
                self._choose(filled[min(max(at, 0), len(filled) - 1)])
            case Qt.Key.Key_Escape if self._chosen is not None:
                self._choose(None)
            case _:
                super().keyPressEvent(event)

    @Slot(object)
    def _on_place_clicked(self, place: tuple[float, float]) -> None:
        number = int(place[0] * BINS)
        is_filled = self._shown is not None and 0 <= number < BINS and self._shown.images[number]
        self._choose(number if is_filled else None)

    def _choose(self, number: int | None) -> None:
        self._chosen = number
        self._draw()
        self.bin_chosen.emit(number)

    def _draw(self) -> None:
        if self._shown is None:
            return
        filled = np.flatnonzero(self._shown.images)
        places = (filled + 0.5) / BINS
        color, chosen = self._theme.tokens.series[0], self._theme.color("accent_p")
        colors = [chosen if number == self._chosen else color for number in filled.tolist()]
        edge = self._theme.color("text")
        self._bars.setOpts(
            x=places,
            height=self._shown.accuracy[filled],
            width=_WIDTH / BINS,
            brushes=[pg.mkBrush(color) for color in colors],
            pens=[
                pg.mkPen(edge, width=2) if number == self._chosen else pg.mkPen(None)
                for number in filled.tolist()
            ],
        )
        self._means.setData(self._shown.confidence[filled], self._shown.confidence[filled])

    @Slot()
    def _dress(self) -> None:
        super()._dress()
        self._ideal.setPen(pg.mkPen(self._theme.tokens.series[1], width=2, dash=(3, 2)))
        self._means.setBrush(pg.mkBrush(self._theme.color("surface")))
        self._means.setPen(pg.mkPen(self._theme.tokens.series[1], width=2))
        self._draw()


def bin_text(shown: Reliability, number: int) -> str:
    """Return a bar in words: Probability 47 to 53 %, 12 of 15 right."""
    low, high = (100 * edge / BINS for edge in (number, number + 1))
    images = int(shown.images[number])
    right = round(float(shown.accuracy[number]) * images)
    return tr(
        "Probability {low:.0f} to {high:.0f} %, {right:,} of {images:,} right",
        low=low,
        high=high,
        right=right,
        images=images,
    )
