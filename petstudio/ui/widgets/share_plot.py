"""A plot of one share against another, both from 0 to 100 per cent."""

from __future__ import annotations

from typing import Final

import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from petstudio.ui.theme import FontRole, Theme

_LEAST_HEIGHT: Final = 220
_LEFT_WIDTH: Final = 62
_PADDING: Final = 0.02
_TICKS: Final = 5


class SharePlot(QWidget):
    """Others add lines to `view` and dress them when the theme changes."""

    clicked = Signal(object)
    """The (x, y) that was clicked, as shares."""

    def __init__(self, theme: Theme, *, below: str, left: str, name: str) -> None:
        """`below` and `left` say what the axes are."""
        super().__init__()
        self._theme = theme
        self.view = pg.PlotWidget()
        self._titles = {"bottom": below, "left": left}
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self._build()
        theme.changed.connect(self._dress)
        self._dress()

    def sizeHint(self) -> QSize:
        return QSize(480, 320)

    def show_from(self, lowest: float) -> None:
        """Let the left axis begin at this share."""
        plot = self.view.getPlotItem()
        plot.setYRange(lowest, 1, padding=_PADDING)
        plot.getAxis("left").setTicks([_ticks(lowest)])

    def _build(self) -> None:
        plot = self.view.getPlotItem()
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.getViewBox().setMouseEnabled(False, False)
        plot.getViewBox().disableAutoRange()
        plot.setXRange(0, 1, padding=_PADDING)
        plot.showGrid(x=True, y=True, alpha=0.12)
        plot.getAxis("bottom").setTicks([_ticks(0.0)])
        self.show_from(0.0)
        plot.getAxis("left").setWidth(_LEFT_WIDTH)
        self.view.scene().sigMouseClicked.connect(self._on_clicked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)

    @Slot()
    def _dress(self) -> None:
        self.view.setBackground(self._theme.color("surface"))
        for side, title in self._titles.items():
            axis = self.view.getPlotItem().getAxis(side)
            axis.setPen(self._theme.color("line"))
            axis.setTextPen(self._theme.color("text3"))
            axis.setTickFont(self._theme.font(FontRole.CAPTION))
            axis.setLabel(title, color=self._theme.color("text3").name())

    @Slot(object)
    def _on_clicked(self, event: MouseClickEvent) -> None:
        place = event.scenePos()
        at = self.view.getPlotItem().getViewBox().mapSceneToView(place)
        self.clicked.emit((at.x(), at.y()))


def _ticks(lowest: float) -> list[tuple[float, str]]:
    places = (lowest + (1 - lowest) * step / _TICKS for step in range(_TICKS + 1))
    return [(place, f"{100 * place:.0f} %") for place in places]
