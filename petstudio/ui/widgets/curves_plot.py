"""The curves of several runs over each other: a value after each epoch of validation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QSizePolicy, QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.bridge.figures import loss_text, percent_text
from petstudio.bridge.run_curves import CurvePoint, RunCurve
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.curves_items import CurvesItems
from petstudio.ui.widgets.plot_axes import EpochAxis, MeasureAxis
from petstudio.ui.widgets.plot_readings import Measure
from petstudio.ui.widgets.plot_view_box import PlotViewBox
from petstudio.ui.widgets.text import Text

_EMPTY: Final = tr("Tick runs to see their curves.")
_NO_VALUES: Final = tr("The ticked runs have no values after an epoch.")
_LEFT_AXIS_WIDTH: Final = 48
_WIDEST_TICK: Final = "100 %"
_AXIS_GAP: Final = 10
_LEAST_HEIGHT: Final = 150
_USUAL: Final = 0.8  # of all values; the wild first epochs of one run do not flatten the others
_MOST_TIMES: Final = 2.0
_HEADROOM: Final = 1.08


class CurvesPlot(QWidget):
    """Draws the curves that it is given, each with the look of its series."""

    run_picked = Signal(int)
    """The number of the run whose line was clicked."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._curves: dict[int, RunCurve] = {}
        self._measure = Measure.LOSS
        self._is_whole = False
        self._box = PlotViewBox()
        self._axis = EpochAxis()
        self._left = MeasureAxis()
        self._view = pg.PlotWidget(
            viewBox=self._box, axisItems={"bottom": self._axis, "left": self._left}
        )
        self.items = CurvesItems(self._view.getPlotItem(), theme)
        self._note = Text(_EMPTY, kind="label", parent=self)
        self._build()
        self._connect()
        self._dress()
        self._redraw()

    @property
    def note(self) -> str:
        """The sentence over the plot, empty if there is none."""
        return self._note.text()

    def show_curves(self, curves: Mapping[int, RunCurve]) -> None:
        """Draw other curves, by their series; the same ones stay as they are looked at."""
        if dict(curves) == self._curves:
            return
        self._curves = dict(curves)
        self._is_whole = False
        self._redraw()

    def show_measure(self, measure: Measure) -> None:
        self._measure = measure
        self._is_whole = False
        self._left.show_shares(is_share=measure is Measure.ACCURACY)
        self._redraw()

    def choose(self, number: int | None) -> None:
        """Draw the line of a run wider than the others."""
        self.items.choose(number)

    def fit(self) -> None:
        """Show all there is, also the wildest values."""
        self._is_whole = True
        self._place_view()

    def picture(self) -> QPixmap:
        grabbed: QPixmap = self._view.grab()
        return grabbed

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._note.setGeometry(self.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._show_values(None)
        return super().eventFilter(watched, event)

    def _value(self, point: CurvePoint) -> float:
        return point.accuracy if self._measure is Measure.ACCURACY else point.loss

    def _values(self) -> list[float]:
        points = (point for curve in self._curves.values() for point in curve.points)
        return sorted(value for value in map(self._value, points) if math.isfinite(value))

    def _redraw(self) -> None:
        self.items.show(self._curves, self._value)
        self._note.setText("" if self._values() else _NO_VALUES if self._curves else _EMPTY)
        self._note.setVisible(bool(self._note.text()))
        for axis in (self._axis, self._left):
            axis.setStyle(showValues=bool(self._values()))
        self._show_values(None)
        self._place_view()

    def _place_view(self) -> None:
        values = self._values()
        last = max((c.points[-1].epoch for c in self._curves.values() if c.points), default=1)
        first = min((c.points[0].epoch for c in self._curves.values() if c.points), default=1)
        self._box.setXRange(first - 1.0 if first <= 1 else first - 0.5, last + 0.3, padding=0.0)
        if not values:
            self._box.setYRange(0.0, 1.0, padding=0.0)
        elif self._measure is Measure.ACCURACY:
            floor = max(0.0, math.floor(10 * values[0] - 0.5) / 10)
            self._box.setYRange(floor, 1.0, padding=0.02)
        else:
            self._box.setYRange(0.0, _HEADROOM * self._highest(values), padding=0.0)

    def _highest(self, values: list[float]) -> float:
        if self._is_whole:
            return values[-1]
        usual = values[int(_USUAL * (len(values) - 1))]
        return max(usual, min(values[-1], _MOST_TIMES * usual), 1e-3)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self._view.setObjectName("runs.plot")
        self._view.setAccessibleName(
            tr("Curves of the ticked runs; its menu has the same as a table")
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._view.hideButtons()
        self._view.getPlotItem().showGrid(x=True, y=True, alpha=0.10)
        for axis in (self._axis, self._left):
            axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._note.raise_()

    def _connect(self) -> None:
        self._theme.changed.connect(self._dress)
        self._box.fit_wanted.connect(self.fit)
        self.items.picked.connect(self.run_picked)
        self._view.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self._view.viewport().installEventFilter(self)

    @Slot()
    def _dress(self) -> None:
        tokens, caption = self._theme.tokens, self._theme.font(FontRole.CAPTION)
        letters = QFontMetrics(caption)
        self._view.setBackground(tokens.surface)
        for axis in (self._axis, self._left):
            axis.setPen(pg.mkPen(tokens.line))
            axis.setTextPen(pg.mkPen(tokens.text3))
            axis.setStyle(tickLength=0, tickTextOffset=6, tickFont=caption)
        self._axis.setHeight(letters.height() + _AXIS_GAP)
        widest = letters.horizontalAdvance(_WIDEST_TICK)
        self._left.setWidth(max(_LEFT_AXIS_WIDTH, widest + _AXIS_GAP))
        self.items.dress()

    def _show_values(self, epoch: int | None) -> None:
        """Put one box beside a line at an epoch, with the values of all runs there."""
        found = [] if epoch is None else self._texts_at(epoch)
        if epoch is None or not found:
            self.items.values.hide()
            return
        self.items.values.show(epoch, "\n".join((tr("epoch {epoch}", epoch=epoch), *found)))

    def _texts_at(self, epoch: int) -> list[str]:
        write = percent_text if self._measure is Measure.ACCURACY else loss_text
        return [
            f"{curve.number} {curve.name[:24]}: {write(self._value(point))}"
            for _, curve in sorted(self._curves.items())
            for point in curve.points
            if point.epoch == epoch
        ]

    @Slot(object)
    def _on_mouse_moved(self, place: QPointF) -> None:
        is_inside = self._box.sceneBoundingRect().contains(place)
        self._show_values(round(self._box.mapSceneToView(place).x()) if is_inside else None)
