"""The live plot of a run: loss of every batch, smoothed, and after each epoch of validation."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QSizePolicy, QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.bridge.live_run import LiveRun
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.loss_plot_items import LossPlotItems
from petstudio.ui.widgets.plot_axes import EpochAxis, MeasureAxis
from petstudio.ui.widgets.plot_readings import (
    Measure,
    accuracy_floor,
    epoch_value,
    first_epoch,
    loss_ceiling,
    nearest_step,
    step_text,
)
from petstudio.ui.widgets.plot_view_box import PlotViewBox
from petstudio.ui.widgets.text import Text

_LEFT_AXIS_WIDTH: Final = 48
_WIDEST_TICK: Final = "100 %"
_WIDEST_EPOCH: Final = tr("stage 2, 10")
_AXIS_GAP: Final = 10
_RIGHT_ROOM: Final = 1.012  # half a dot beyond the last epoch
_LEAST_HEIGHT: Final = 120
_USUAL_PERCENTILE: Final = 98.0  # the first batches do not flatten all the others
_EMPTY: Final = tr("The curves appear here once a run has begun.")
_NO_ACCURACY: Final = tr("Accuracy appears here after the first epoch.")


class LossPlot(QWidget):
    """Draws a LiveRun when told to; follows the run until the user zooms or moves it."""

    epoch_picked = Signal(object)
    """The index in `LiveRun.epochs` of the dot that was clicked."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._run: LiveRun | None = None
        self._measure = Measure.LOSS
        self._percentile = _USUAL_PERCENTILE
        self._is_following = True
        self._picked: int | None = None
        self._paused = ""
        self._box = PlotViewBox()
        self._axis = EpochAxis()
        self._left = MeasureAxis()
        self._view = pg.PlotWidget(
            viewBox=self._box, axisItems={"bottom": self._axis, "left": self._left}
        )
        self.items = LossPlotItems(self._view.getPlotItem())
        self._note = Text(_EMPTY, kind="label", parent=self)
        self._build()
        self._connect()
        self._dress()
        self.redraw()

    def show_run(self, run: LiveRun | None) -> None:
        """Draw another run from its beginning."""
        self._run = run
        self._picked = None
        self._paused = ""
        self._percentile = _USUAL_PERCENTILE
        self._is_following = True
        stages = run.stages if run is not None else ()
        self.items.show_flags((), self._theme)
        names = tuple(
            tr("stage {number}, {name}", number=i + 1, name=stage.stage.name)
            for i, stage in enumerate(stages)
        )
        self.items.show_stages(names, tuple(stage.start + stage.stage.epochs for stage in stages))
        self.items.dress_stages(self._theme)
        self._axis.show_stages(tuple(stage.start for stage in stages))
        self.redraw()

    def show_measure(self, measure: Measure) -> None:
        self._measure = measure
        self._is_following = True
        self._left.show_shares(is_share=measure is Measure.ACCURACY)
        self.items.place_stage_names(at_top=measure is Measure.LOSS)
        self.redraw()

    def show_paused(self, since: str) -> None:
        """Veil the plot and say since when the run is paused; empty takes the veil away."""
        self._paused = since
        self.redraw()

    def pick_epoch(self, index: int | None) -> None:
        """Put a ring around the dot of an epoch."""
        self._picked = index
        self.redraw()

    def fit(self) -> None:
        """Show all there is, also the first batches, and follow the run again."""
        self._percentile = 100.0
        self._is_following = True
        self._follow()

    def picture(self) -> QPixmap:
        grabbed: QPixmap = self._view.grab()
        return grabbed

    @property
    def note(self) -> str:
        """The sentence over the plot, empty if there is none."""
        return self._note.text()

    def zoom_x(self, left: float, right: float) -> None:
        """Show this part of the run from now on, as the wheel does."""
        self._is_following = False
        self._box.setXRange(left, right, padding=0.0)

    def show_values_at(self, x: float) -> None:
        """Put the value box at the batch nearest to x."""
        step = nearest_step(self._run, x) if self._run is not None else None
        if self._run is None or step is None:
            self.items.values.hide()
            return
        self.items.values.show(float(self._run.x[step]), step_text(self._run, step))

    def redraw(self) -> None:
        """Draw the run as it is now."""
        run, items = self._run, self.items
        shows_steps = run is not None and self._measure is Measure.LOSS
        nothing = np.empty(0)
        x = run.x if run is not None and shows_steps else nothing
        items.raw.setData(x, run.losses if run is not None and shows_steps else nothing)
        items.smoothed.setData(
            x, run.smoothed_losses if run is not None and shows_steps else nothing
        )
        self._draw_epochs()
        marks = dict.fromkeys(run.marks) if run is not None else ()  # each move of a dot is an edit
        items.show_flags(tuple(marks), self._theme)
        self._draw_progress()
        self._draw_note()
        if self._is_following:
            self._follow()

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._place_note()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.items.values.hide()
        return super().eventFilter(watched, event)

    def _draw_epochs(self) -> None:
        epochs = self._run.epochs if self._run is not None else []
        xs = np.array([row.x for row in epochs])
        values = np.array([epoch_value(row, self._measure) for row in epochs])
        best = self._run.best if self._run is not None else None
        self.items.show_epochs(xs, values, epochs.index(best) if best is not None else None)
        picked = self._picked
        self.items.show_ring(None if picked is None else (xs[picked], values[picked]))

    def _draw_progress(self) -> None:
        """Show how far the run is: a line at the present, and what lies ahead in grey."""
        run = self._run
        is_going = run is not None and run.finished is None
        total = run.total_epochs if run is not None else 1
        position = run.position if run is not None else 0.0
        self.items.playhead.setVisible(is_going and position > 0)
        self.items.playhead.setValue(position)
        self.items.future.setVisible(run is not None and position < total)
        self.items.future.setRegion((0.0 if self._paused else position, total))

    def _draw_note(self) -> None:
        self._note.setText(self._note_text())
        self._note.setVisible(bool(self._note.text()))
        for axis in (self._axis, self._left):
            # Only when it changes: any style makes pyqtgraph draw the axis anew.
            if axis.style["showValues"] != (self._run is not None):
                axis.setStyle(showValues=self._run is not None)
        self._place_note()

    def _note_text(self) -> str:
        if self._paused:
            return self._paused
        if self._run is None:
            return _EMPTY
        has_epochs = bool(self._run.epochs)
        return _NO_ACCURACY if self._measure is Measure.ACCURACY and not has_epochs else ""

    def _follow(self) -> None:
        run = self._run
        first = first_epoch(run) if run is not None else 0
        total = run.total_epochs if run is not None else 1.0
        self._box.setXRange(first, first + (total - first) * _RIGHT_ROOM, padding=0.0)
        if run is None:
            self._box.setYRange(0.0, 1.0, padding=0.0)
        elif self._measure is Measure.ACCURACY:
            self._box.setYRange(accuracy_floor(run), 1.0, padding=0.02)
        else:
            self._box.setYRange(0.0, loss_ceiling(run, self._percentile), padding=0.0)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self._view.setObjectName("training.plot")
        self._view.setAccessibleName(tr("Plot of the run; its menu has the same as a table"))
        # A graphics view asks for far more height than the page has; the card takes what is left.
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._view.hideButtons()
        plot = self._view.getPlotItem()
        plot.showGrid(x=True, y=True, alpha=0.10)
        for axis in (self._axis, self._left):
            axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._note.raise_()
        self._note.setProperty("backed", True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _connect(self) -> None:
        self._theme.changed.connect(self._dress)
        self._box.fit_wanted.connect(self.fit)
        self._box.sigRangeChangedManually.connect(self._on_moved)
        self.items.valid.sigPointsClicked.connect(self._on_dot_clicked)
        self._view.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self._view.viewport().installEventFilter(self)

    @Slot()
    def _dress(self) -> None:
        tokens = self._theme.tokens
        self._view.setBackground(tokens.surface)
        for axis in (self._axis, self._left):
            axis.setPen(pg.mkPen(tokens.line))
            axis.setTextPen(pg.mkPen(tokens.text3))
            axis.setStyle(
                tickLength=0,
                tickTextOffset=6,
                tickFont=self._theme.font(FontRole.CAPTION),
            )
        letters = QFontMetrics(self._theme.font(FontRole.CAPTION))
        self._axis.setHeight(letters.height() + _AXIS_GAP)
        half = letters.horizontalAdvance(_WIDEST_EPOCH) // 2
        # The last label stands half beyond the end of its axis.
        self._view.getPlotItem().layout.setContentsMargins(0, 4, half, 0)
        widest = letters.horizontalAdvance(_WIDEST_TICK)
        self._left.setWidth(max(_LEFT_AXIS_WIDTH, widest + _AXIS_GAP))
        self.items.dress(self._theme)

    def _place_note(self) -> None:
        self._note.adjustSize()
        room = self._note.rect()
        room.moveCenter(self.rect().center())
        self._note.setGeometry(room)

    @Slot(object)
    def _on_moved(self, _enabled: object) -> None:
        self._is_following = False

    @Slot(object, object, object)
    def _on_dot_clicked(self, _curve: object, dots: Any, _event: object) -> None:
        assert self._run is not None
        x = dots[0].pos().x()
        index = next(i for i, row in enumerate(self._run.epochs) if row.x == x)
        self.epoch_picked.emit(index)

    @Slot(object)
    def _on_mouse_moved(self, place: QPointF) -> None:
        if self._box.sceneBoundingRect().contains(place):
            self.show_values_at(self._box.mapSceneToView(place).x())
        else:
            self.items.values.hide()
