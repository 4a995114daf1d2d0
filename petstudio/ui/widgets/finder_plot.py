"""The plot of a learning-rate sweep, on which a range of rates is chosen."""

from __future__ import annotations

import math
from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QSizePolicy, QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.bridge.figures import rate_text
from petstudio.bridge.live_sweep import LiveSweep
from petstudio.bridge.rate_range import Rates, rate_at
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.finder_places import place_flags, place_words
from petstudio.ui.widgets.finder_plot_items import FinderPlotItems
from petstudio.ui.widgets.finder_readings import loss_limits, reading_at
from petstudio.ui.widgets.finder_view import FinderView
from petstudio.ui.widgets.text import Text

_LEFT_AXIS_WIDTH: Final = 48
_AXIS_GAP: Final = 12
_MARGIN_DECADES: Final = 0.1  # of the view beyond the sweep
_LEAST_HEIGHT: Final = 180
_WIDEST_TICK: Final = "0.000"
_AXIS_NAME: Final = tr("learning rate")
_EMPTY: Final = tr("The curve appears here once the sweep has begun.")
_SPOKEN: Final = tr("Range of learning rates; the card's menu has the curve as a table")


class FinderPlot(QWidget):
    """Draws a LiveSweep when told to; once that has ended, rates can be chosen on it."""

    rates_moved = Signal(object)
    """The rates, while the user moves them by mouse or key."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sweep: LiveSweep | None = None
        self._rates: Rates = ()
        self._is_following = True
        self._shows_all = False
        self.view = FinderView()
        self.handles = self.view.handles
        self.items = FinderPlotItems(self.view.getPlotItem())
        self._note = Text(_EMPTY, kind="label", parent=self)
        self._build()
        self._connect()
        self._dress()
        self.show_sweep(None)

    @property
    def note(self) -> str:
        """The sentence over the plot, empty if there is none."""
        return "" if self._note.isHidden() else self._note.text()

    def show_sweep(self, sweep: LiveSweep | None) -> None:
        """Draw another sweep from its beginning."""
        self._sweep = sweep
        self._is_following = True
        self._shows_all = False
        self.show_rates(())
        self.items.show_ghosts(sweep.ghosts if sweep is not None else ())
        self.items.values.hide()
        self.redraw()

    def show_rates(self, rates: Rates) -> None:
        """Show the chosen rates, without a signal; none where there is no curve to choose on."""
        self._rates = rates
        bounds = self._sweep.bounds if self._sweep is not None else None
        if rates and bounds is not None:
            low, high = (math.log10(bound) for bound in bounds)
            self.handles.show_places(tuple(math.log10(rate) for rate in rates), (low, high))
        else:
            self.handles.hide()
        self._write_rates()

    def jump(self, rate: float) -> None:
        """Let the handle that was moved last go to a rate, as if the user had moved it there."""
        self.handles.jump(math.log10(rate))

    def fit(self) -> None:
        """Show all there is, also where the loss had diverged."""
        self._is_following = True
        self._shows_all = True
        self.redraw()

    def picture(self) -> QPixmap:
        grabbed: QPixmap = self.view.grab()
        return grabbed

    def redraw(self) -> None:
        """Draw the sweep as it is now."""
        self.items.show_curves(self._sweep)
        self.items.show_marks(self._sweep)
        self._draw_note()
        if self._is_following:
            self._follow()
        self._place_texts()

    def show_values_at(self, place: float) -> None:
        """Put the value box at a place in log10 units, if there is a curve."""
        bounds = self._sweep.bounds if self._sweep is not None else None
        if self._sweep is None or bounds is None or not bounds[0] <= 10.0**place <= bounds[1]:
            self.items.values.hide()
            return
        self.items.values.show(place, reading_at(self._sweep, 10.0**place))

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._note.setGeometry(self.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.items.values.hide()
        return super().eventFilter(watched, event)

    def _draw_note(self) -> None:
        has_axes = self._sweep is not None
        self._note.setVisible(self._sweep is None or not len(self._sweep.rates))
        for axis in (self.view.axis, self.view.left):
            # Only when it changes: any style makes pyqtgraph draw the axis anew.
            if axis.style["showValues"] != has_axes:
                axis.setStyle(showValues=has_axes)

    def _follow(self) -> None:
        low, high = self._planned_places()
        box = self.view.box
        box.setXRange(low - _MARGIN_DECADES, high + _MARGIN_DECADES, padding=0.0)
        bottom, top = loss_limits(self._sweep, shows_all=self._shows_all)
        box.setYRange(bottom, top, padding=0.0)

    def _planned_places(self) -> tuple[float, float]:
        started = self._sweep.started if self._sweep is not None else None
        if started is None:
            return -7.0, 1.0
        return math.log10(started.start_rate), math.log10(started.end_rate)

    def _write_rates(self) -> None:
        self.items.show_rates(self._rates)
        self._place_texts()
        self.view.setAccessibleDescription(_spoken(self._rates))

    def _place_texts(self) -> None:
        edges = self.handles.places if self._rates else ()
        place_flags(self.view.box, self.items, edges)
        place_words(self.view.box, self.items, edges)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.view.setObjectName("training.finder.plot")
        self.view.setAccessibleName(_SPOKEN)
        # A graphics view asks for far more height than the page has; the card takes what is left.
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.view.hideButtons()
        plot = self.view.getPlotItem()
        plot.setLogMode(x=True, y=False)
        plot.showGrid(x=True, y=True, alpha=0.10)
        for axis in (self.view.axis, self.view.left):
            axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._note.raise_()
        self._note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _connect(self) -> None:
        self._theme.changed.connect(self._dress)
        self.handles.moved.connect(self._on_handles_moved)
        self.view.box.fit_wanted.connect(self.fit)
        self.view.box.sigRangeChangedManually.connect(self._on_view_moved)
        self.view.box.sigRangeChanged.connect(self._on_range_changed)
        self.view.box.sigResized.connect(self._on_range_changed)
        self.view.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self.view.viewport().installEventFilter(self)

    @Slot()
    def _dress(self) -> None:
        tokens = self._theme.tokens
        font = self._theme.font(FontRole.CAPTION)
        self.view.setBackground(tokens.surface)
        for axis in (self.view.axis, self.view.left):
            axis.setPen(pg.mkPen(tokens.line))
            axis.setTextPen(pg.mkPen(tokens.text3))
            axis.setStyle(tickLength=0, tickTextOffset=6, tickFont=font)
        letters = QFontMetrics(font)
        style = {
            "color": tokens.text3,
            "font-size": f"{font.pointSizeF():.2f}pt",
        }
        self.view.axis.setLabel(_AXIS_NAME, **style)
        self.view.axis.setHeight(2 * letters.height() + _AXIS_GAP)
        widest = letters.horizontalAdvance(_WIDEST_TICK)
        self.view.left.setWidth(max(_LEFT_AXIS_WIDTH, widest + _AXIS_GAP))
        self.handles.dress(self._theme)
        self.items.dress(self._theme)

    @Slot()
    def _on_handles_moved(self) -> None:
        bounds = self._sweep.bounds if self._sweep is not None else None
        if bounds is None:
            return
        places, former = self.handles.places, self._rates
        # An end that stayed keeps the rate that was typed, however many digits that has.
        self._rates = tuple(
            rate if math.log10(rate) == place else rate_at(place, bounds)
            for place, rate in zip(places, former, strict=True)
        )
        self._write_rates()
        self.rates_moved.emit(self._rates)

    @Slot(object)
    def _on_view_moved(self, _enabled: object) -> None:
        self._is_following = False

    @Slot(object)
    @Slot(object, object, object)
    def _on_range_changed(self, *_what: object) -> None:
        self._place_texts()

    @Slot(object)
    def _on_mouse_moved(self, place: QPointF) -> None:
        if self.view.box.sceneBoundingRect().contains(place):
            self.show_values_at(self.view.box.mapSceneToView(place).x())
        else:
            self.items.values.hide()


def _spoken(rates: Rates) -> str:
    texts = [rate_text(rate) for rate in rates]
    return tr("{low} to {high}", low=texts[0], high=texts[1]) if len(texts) == 2 else "".join(texts)
