"""Bars of an evaluation view: a stack for each row, with a piece for each column."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from petstudio.api.events import ViewMade
from petstudio.api.language import tr
from petstudio.api.views import ViewRow
from petstudio.bridge.models import spoken_label
from petstudio.jobs.view_texts import value_text
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.bars_legend import BarsLegend, bar_brush

_HELP: Final = tr("Bars. Left and Right choose one, Esc none.")
_LEAST_HEIGHT: Final = 220
_LEFT_WIDTH: Final = 62
_WIDTH: Final = 0.8  # of the distance between two bars
_LEAST_TOP: Final = 1e-9
_HEADROOM: Final = 1.06
_TICKS: Final = 5


class ViewBars(QWidget):
    """A bar picks its pictures, by mouse and by keys."""

    row_chosen = Signal(object)
    """The ViewRow that the user chose, or None."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: ViewMade | None = None
        self._chosen: int | None = None
        self._bars: list[pg.BarGraphItem] = []
        self.plot = pg.PlotWidget()
        self.legend = BarsLegend(theme)
        self.setObjectName("evaluate.more.bars")
        self.setAccessibleName(_HELP)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self._build()
        theme.changed.connect(self._dress)
        self._dress()

    @property
    def chosen(self) -> ViewRow | None:
        """The row that the user chose."""
        if self._shown is None or self._chosen is None:
            return None
        return self._shown.rows[self._chosen]

    def show_view(self, view: ViewMade, label: str | None) -> None:
        """Show bars; the one with this label is chosen, if it is there."""
        labels = [row.label for row in view.rows]
        self._chosen = labels.index(label) if label in labels else None
        self._shown = view
        self.setAccessibleDescription(". ".join(row_text(view, row) for row in view.rows))
        self.legend.show_names([column.label for column in view.columns])
        self._scale()
        self._draw()

    def sizeHint(self) -> QSize:
        return QSize(480, 320)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_bars()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._shown.rows) - 1 if self._shown is not None else -1
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right if last >= 0:
                step = 1 if event.key() == Qt.Key.Key_Right else -1
                at = 0 if self._chosen is None else self._chosen + step
                self._choose(min(max(at, 0), last))
            case Qt.Key.Key_Escape if self._chosen is not None:
                self._choose(None)
            case _:
                super().keyPressEvent(event)

    def _build(self) -> None:
        plot = self.plot.getPlotItem()
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.getViewBox().setMouseEnabled(False, False)
        plot.getViewBox().disableAutoRange()
        plot.showGrid(y=True, alpha=0.12)
        plot.getAxis("left").setWidth(_LEFT_WIDTH)
        plot.getAxis("bottom").setStyle(tickLength=0)
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.scene().sigMouseClicked.connect(self._on_clicked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.legend, 0, Qt.AlignmentFlag.AlignRight)
        layout.addWidget(self.plot, 1)

    def _scale(self) -> None:
        view, plot = self._shown, self.plot.getPlotItem()
        assert view is not None
        top = max((sum(value or 0 for value in row.values) for row in view.rows), default=0)
        top = max(top, _LEAST_TOP)
        plot.setXRange(-0.5, max(1, len(view.rows)) - 0.5, padding=0.01)
        plot.setYRange(0, top * _HEADROOM, padding=0)
        ticks = _ticks(top)
        plot.getAxis("left").setTicks([[(at, value_text(at, view.columns[0])) for at in ticks]])
        self._name_bars()

    def _name_bars(self) -> None:
        """Name as many bars as there is room for."""
        if self._shown is None:
            return
        names = [spoken_label(row.label) for row in self._shown.rows]
        widest = max((self.fontMetrics().horizontalAdvance(name) for name in names), default=0)
        room = max(1, self.width() - _LEFT_WIDTH)
        step = max(1, -(-(widest + 12) * len(names) // room))
        ticks = [(at, name) for at, name in enumerate(names) if at % step == 0]
        self.plot.getPlotItem().getAxis("bottom").setTicks([ticks])

    def _draw(self) -> None:
        view, plot = self._shown, self.plot.getPlotItem()
        for bars in self._bars:
            plot.removeItem(bars)
        self._bars = []
        if view is None:
            return
        places, base = np.arange(len(view.rows)), np.zeros(len(view.rows))
        for series in range(len(view.columns)):
            heights = np.array([row.values[series] or 0.0 for row in view.rows])
            bars = pg.BarGraphItem(
                x=places,
                y0=base,
                height=heights,
                width=_WIDTH,
                brushes=[bar_brush(self._theme, series)] * len(places),
                pens=self._pens(series, heights.tolist()),
            )
            plot.addItem(bars, ignoreBounds=True)
            self._bars.append(bars)
            base = base + heights

    def _pens(self, series: int, heights: list[float]) -> list[QPen]:
        """Return the edges of the pieces; one without a height has none."""
        edge = pg.mkPen(self._theme.color("text"), width=2)
        line, none = pg.mkPen(bar_brush(self._theme, series).color()), pg.mkPen(None)
        pens = [edge if at == self._chosen else line for at in range(len(heights))]
        return [pen if height else none for pen, height in zip(pens, heights, strict=True)]

    def _choose(self, at: int | None) -> None:
        self._chosen = at
        self._draw()
        self.row_chosen.emit(self.chosen)

    @Slot(object)
    def _on_clicked(self, event: MouseClickEvent) -> None:
        place = event.scenePos()
        at = round(self.plot.getPlotItem().getViewBox().mapSceneToView(place).x())
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        count = len(self._shown.rows) if self._shown is not None else 0
        self._choose(at if 0 <= at < count else None)

    @Slot()
    def _dress(self) -> None:
        self.plot.setBackground(self._theme.color("surface"))
        for side in ("bottom", "left"):
            axis = self.plot.getPlotItem().getAxis(side)
            axis.setPen(self._theme.color("line"))
            axis.setTextPen(self._theme.color("text3"))
            axis.setTickFont(self._theme.font(FontRole.CAPTION))
        self._draw()


def row_text(view: ViewMade, row: ViewRow) -> str:
    """Return a row in words: 80 to 90 %: Right 12, Wrong 3."""
    values = (
        f"{column.label} {value_text(value, column)}"
        for column, value in zip(view.columns, row.values, strict=True)
    )
    return f"{spoken_label(row.label)}: {', '.join(values)}"


def _ticks(top: float) -> list[float]:
    step = 10.0 ** np.floor(np.log10(top / _TICKS))
    step *= next(factor for factor in (1, 2, 5, 10) if factor * step * _TICKS >= top)
    return [float(at * step) for at in range(int(top / step + 1e-9) + 1)]
