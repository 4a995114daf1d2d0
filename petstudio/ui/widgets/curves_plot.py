"""The curves of several runs over each other: a value after each epoch of validation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QSizePolicy, QVBoxLayout, QWidget

from petstudio.bridge.figures import loss_text, percent_text
from petstudio.bridge.run_curves import CurvePoint, RunCurve
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.plot_axes import EpochAxis, MeasureAxis
from petstudio.ui.widgets.plot_readings import Measure
from petstudio.ui.widgets.plot_view_box import PlotViewBox
from petstudio.ui.widgets.series_look import LOOKS, series_color, series_pen
from petstudio.ui.widgets.text import Text

_EMPTY: Final = "Tick runs to see their curves."
_NO_VALUES: Final = "The ticked runs have no values after an epoch."
_LEFT_AXIS_WIDTH: Final = 48
_WIDEST_TICK: Final = "100 %"
_AXIS_GAP: Final = 10
_LEAST_HEIGHT: Final = 150
_MARKER: Final = 8
_CLICK_WIDTH: Final = 10  # pixels around a line in which a click is meant for it
_WIDER: Final = 1.5
_USUAL: Final = 0.98  # of all values; a wild one does not flatten the others
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
        self._chosen: int | None = None
        self._is_whole = False
        self._box = PlotViewBox()
        self._axis = EpochAxis()
        self._left = MeasureAxis()
        self._view = pg.PlotWidget(
            viewBox=self._box, axisItems={"bottom": self._axis, "left": self._left}
        )
        self._hover_line = pg.InfiniteLine(angle=90)
        self._hover_box = pg.TextItem(anchor=(0, 0))
        self._note = Text(_EMPTY, kind="label", parent=self)
        self.lines: dict[int, pg.PlotDataItem] = {}
        """The line of each series."""
        self._names: dict[int, pg.TextItem] = {}
        self._build()
        self._connect()
        self._dress()

    @property
    def note(self) -> str:
        """The sentence over the plot, empty if there is none."""
        return self._note.text()

    def show_curves(self, curves: Mapping[int, RunCurve]) -> None:
        """Draw other curves, by their series."""
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
        self._chosen = number
        for series, line in self.lines.items():
            line.setPen(self._pen(series))

    def fit(self) -> None:
        """Show all there is, also the wildest values."""
        self._is_whole = True
        self._place_view()

    def picture(self) -> QPixmap:
        grabbed: QPixmap = self._view.grab()
        return grabbed

    def place_of(self, number: int, point: int) -> QPointF:
        """Return where a point of a run's line is, in pixels of this widget."""
        curve = next(curve for curve in self._curves.values() if curve.number == number)
        x, y = curve.points[point].epoch, self._value(curve.points[point])
        scene = self._box.mapViewToScene(QPointF(x, y))
        in_view = self._view.mapFromScene(scene)
        return QPointF(self._view.viewport().mapTo(self, in_view))

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
        for item in (*self.lines.values(), *self._names.values()):
            self._view.removeItem(item)
        self.lines.clear()
        self._names.clear()
        for series, curve in self._curves.items():
            self._add_line(series, curve)
        self._note.setText("" if self._values() else _NO_VALUES if self._curves else _EMPTY)
        self._note.setVisible(bool(self._note.text()))
        for axis in (self._axis, self._left):
            axis.setStyle(showValues=bool(self._values()))
        self._show_values(None)
        self._place_view()

    def _add_line(self, series: int, curve: RunCurve) -> None:
        xs = [float(point.epoch) for point in curve.points]
        ys = [self._value(point) for point in curve.points]
        line = pg.PlotDataItem(xs, ys, connect="finite", antialias=True)
        line.setCurveClickable(True, width=_CLICK_WIDTH)
        line.sigClicked.connect(partial(self._pick, curve.number))
        marker = LOOKS[series].marker or ("o" if len(xs) == 1 else None)
        line.setSymbol(marker)
        line.setSymbolSize(_MARKER)
        self.lines[series] = line
        self._view.addItem(line, ignoreBounds=True)
        finite = [(x, y) for x, y in zip(xs, ys, strict=True) if math.isfinite(y)]
        if finite:
            name = pg.TextItem(str(curve.number), anchor=(0.5, 1.1))
            name.setPos(*finite[-1])
            self._names[series] = name
            self._view.addItem(name, ignoreBounds=True)
        self._dress_line(series)

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

    def _pen(self, series: int) -> Any:
        curve = self._curves.get(series)
        is_chosen = curve is not None and curve.number == self._chosen
        return series_pen(self._theme, series, extra=_WIDER if is_chosen else 0.0)

    def _dress_line(self, series: int) -> None:
        line, color = self.lines[series], series_color(self._theme, series)
        line.setPen(self._pen(series))
        line.setSymbolPen(pg.mkPen(color, width=1.5))
        line.setSymbolBrush(self._theme.color("surface"))
        if series in self._names:
            self._names[series].setColor(color)
            font = self._theme.font(FontRole.SMALL, QFont.Weight.DemiBold)
            self._names[series].setFont(font)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self._view.setObjectName("runs.plot")
        self._view.setAccessibleName("Curves of the ticked runs; its menu has the same as a table")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._view.hideButtons()
        self._view.getPlotItem().showGrid(x=True, y=True, alpha=0.10)
        for axis in (self._axis, self._left):
            axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        for item in (self._hover_line, self._hover_box):
            item.setZValue(100)
            self._view.addItem(item, ignoreBounds=True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._note.raise_()

    def _connect(self) -> None:
        self._theme.changed.connect(self._dress)
        self._box.fit_wanted.connect(self.fit)
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
        self._hover_line.setPen(pg.mkPen(tokens.control))
        self._hover_box.setColor(tokens.text)
        self._hover_box.fill = pg.mkBrush(tokens.raised)
        self._hover_box.border = pg.mkPen(tokens.line)
        self._hover_box.setFont(caption)
        self._redraw()

    def _show_values(self, epoch: int | None) -> None:
        """Put one box beside a line at an epoch, with the values of all runs there."""
        found = [] if epoch is None else self._texts_at(epoch)
        for item in (self._hover_line, self._hover_box):
            item.setVisible(bool(found))
        if epoch is None or not found:
            return
        (left, right), (_bottom, top) = self._box.viewRange()
        self._hover_line.setValue(epoch)
        self._hover_box.setAnchor((1, 0) if epoch > (left + right) / 2 else (0, 0))
        self._hover_box.setText("\n".join((f"epoch {epoch}", *found)))
        self._hover_box.setPos(epoch, top)

    def _texts_at(self, epoch: int) -> list[str]:
        write = percent_text if self._measure is Measure.ACCURACY else loss_text
        return [
            f"{curve.number} {curve.name[:24]}: {write(self._value(point))}"
            for _, curve in sorted(self._curves.items())
            for point in curve.points
            if point.epoch == epoch
        ]

    def _pick(self, number: int, *_what_was_clicked: object) -> None:
        self.run_picked.emit(number)

    @Slot(object)
    def _on_mouse_moved(self, place: QPointF) -> None:
        is_inside = self._box.sceneBoundingRect().contains(place)
        self._show_values(round(self._box.mapSceneToView(place).x()) if is_inside else None)
