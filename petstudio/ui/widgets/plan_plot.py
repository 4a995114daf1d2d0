"""The plot of the rates of all stages, in which those to come can be moved."""

from __future__ import annotations

from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QSizePolicy, QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.jobs.rate_plan import RatePlan
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.plan_curves import Editors, curves_of, highest_rate
from petstudio.ui.widgets.plan_handles import PlanHandles
from petstudio.ui.widgets.plan_legend import LINES
from petstudio.ui.widgets.plan_marks import PlanMarks
from petstudio.ui.widgets.plan_plot_items import PlanRateAxis, PlanViewBox, RateLines
from petstudio.ui.widgets.plan_words import values_text
from petstudio.ui.widgets.plot_axes import EpochAxis
from petstudio.ui.widgets.text import Text

# These four as in the plot of the losses above, so that epochs stand below each other.
_LEFT_AXIS_WIDTH: Final = 48
_WIDEST_EPOCH: Final = tr("stage 2, 10")
_AXIS_GAP: Final = 10
_RIGHT_ROOM: Final = 1.012
_WIDEST_RATE: Final = "5e-5"
# With them the page fits a window of 1440 x 900 as a whole, also below a banner and a branch.
_HEIGHT: Final = 94
_LEAST_HEIGHT: Final = 84  # its value box has three lines
_HEADROOM: Final = 1.12
_FOOTROOM: Final = 0.08  # for the lower half of a dot
_KEY_DECADES: Final = 0.05
_NOTHING: Final = tr("The rates of each stage appear here once the recipe has one.")
_NAME: Final = tr("Plot of the learning rates; its menu has the same as a table")
_MOVABLE: Final = tr(
    "Tab goes to the rates to come, Up and Down move them, Delete takes a move away"
)


class PlanPlot(QWidget):
    """Draws a RatePlan; while a run goes on, only the line of the present moves."""

    edited = Signal(object)
    """The RateEdit that the user made."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._plan: RatePlan | None = None
        self._editors: Editors = {}
        self._is_following = True
        self._box = PlanViewBox()
        self.handles = PlanHandles(self._box, self)
        self._axis = EpochAxis()
        self._left = PlanRateAxis()
        self._view = pg.PlotWidget(
            viewBox=self._box, axisItems={"bottom": self._axis, "left": self._left}
        )
        self.lines = RateLines(len(LINES))
        self.marks = PlanMarks(self._view.getPlotItem())
        self._note = Text(_NOTHING, kind="label", parent=self)
        self._build()
        self._connect()
        self._dress()
        self.show_plan(None, {}, _NOTHING)

    @property
    def note(self) -> str:
        """The sentence over the plot, empty if there is none."""
        return self._note.text() if not self._note.isHidden() else ""

    @property
    def chosen(self) -> int | None:
        """The epoch of the running stage whose handle the keys move."""
        return self.handles.chosen

    @property
    def has_handles(self) -> bool:
        """True while there are rates to come that can be moved."""
        return self.focusPolicy() != Qt.FocusPolicy.NoFocus

    def show_plan(self, plan: RatePlan | None, editors: Editors, note: str = "") -> None:
        """Draw another plan; without one, `note` says why."""
        self._plan, self._editors = plan, editors
        self.handles.activate(None, 0)
        self._is_following = True
        self._note.setText(note)
        self._note.setVisible(bool(note))
        starts = plan.starts if plan is not None else ()
        self._axis.show_stages(starts)
        self.marks.show_borders(starts[1:])
        for axis in (self._axis, self._left):
            axis.setStyle(showValues=plan is not None)
        self.marks.values.hide()
        self._draw_lines()
        self._follow()
        self._draw_handles()

    def move_to(self, position: float | None, *, is_going: bool) -> None:
        """Let the past end so many epochs after the start; None is before it."""
        x = 0.0 if position is None else position
        self.marks.show_present(x, is_going=is_going)
        self.lines.show_split(x)
        self._activate(x if is_going else None)

    @Slot()
    def redraw_edits(self) -> None:
        """Draw the edits as they are now."""
        self._draw_lines()
        self._draw_handles()
        if self._is_following and not self.handles.is_held:
            self._follow()

    def fit(self) -> None:
        """Show the whole plan again."""
        self._is_following = True
        self._follow()

    def picture(self) -> QPixmap:
        grabbed: QPixmap = self._view.grab()
        return grabbed

    def place_of(self, handle: int) -> QPointF:
        """Return where the handle of an epoch of the running stage stands in this widget."""
        scene = self.handles.place_of(handle)
        place = self._view.viewport().mapTo(self, QPointF(self._view.mapFromScene(scene)))
        return QPointF(place)

    def show_values_at(self, x: float) -> None:
        """Put the value box at the step that runs at x."""
        stage = self._plan.stage_at(x) if self._plan is not None else None
        if self._plan is None or stage is None:
            self.marks.values.hide()
            return
        self.marks.values.show(x, values_text(self._plan, stage, x, self._editors))

    def sizeHint(self) -> QSize:
        return QSize(400, _HEIGHT)

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._note.setGeometry(self.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.marks.values.hide()
        return super().eventFilter(watched, event)

    # Keys

    def focusNextPrevChild(self, next: bool) -> bool:
        """Go through the handles, then leave."""
        shown, chosen = self.handles.shown, self.handles.chosen
        if self.hasFocus() and chosen in shown:
            at = shown.index(chosen) + (1 if next else -1)
            if 0 <= at < len(shown):
                self.handles.choose(shown[at])
                return True
        return super().focusNextPrevChild(next)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        shown, chosen = self.handles.shown, self.handles.chosen
        if event.reason() == Qt.FocusReason.BacktabFocusReason:
            self.handles.choose(shown[-1] if shown else None)
        elif chosen not in shown or event.reason() == Qt.FocusReason.TabFocusReason:
            self.handles.choose(shown[0] if shown else None)
        else:
            self._draw_ring()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.handles.commit()
        self._draw_ring()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_wide = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        decades = 1.0 if is_wide else _KEY_DECADES
        match event.key():
            case Qt.Key.Key_Up:
                is_taken = self.handles.shift(decades)
            case Qt.Key.Key_Down:
                is_taken = self.handles.shift(-decades)
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                is_taken = self.handles.take_away()
            case Qt.Key.Key_Escape:
                is_taken = self.handles.let_go()
            case _:
                is_taken = False
        if not is_taken:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        # One edit for a key that is held, however often it repeats.
        if not event.isAutoRepeat():
            self.handles.commit()
        super().keyReleaseEvent(event)

    # The mouse

    def _take_hold(self, scene: QPointF) -> bool:
        if not self.handles.take_hold(scene):
            return False
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        return True

    @Slot(object)
    def _on_mouse_moved(self, scene: QPointF) -> None:
        is_inside = self._box.sceneBoundingRect().contains(scene)
        on_handle = is_inside and self.handles.handle_at(scene) is not None
        cursor = Qt.CursorShape.SizeVerCursor if on_handle else Qt.CursorShape.ArrowCursor
        if self._view.viewport().cursor().shape() != cursor:
            self._view.viewport().setCursor(cursor)
        if is_inside:
            self.show_values_at(self._box.mapSceneToView(scene).x())
        else:
            self.marks.values.hide()

    @Slot(object)
    def _on_moved(self, _enabled: object) -> None:
        self._is_following = False

    # Handles

    def _activate(self, x: float | None) -> None:
        """Let the stage that runs at x be edited, if one does."""
        stage = self._plan.stage_at(x) if self._plan is not None and x is not None else None
        editor = self._editors.get(stage.stage) if stage is not None else None
        epoch = int(x - stage.start) if stage is not None and x is not None else 0
        if self.handles.activate(editor, epoch):
            self._draw_handles()

    @Slot()
    def _draw_handles(self) -> None:
        self.handles.draw(self._editors)
        has_any = bool(self.handles.shown)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if has_any else Qt.FocusPolicy.NoFocus)
        self.setAccessibleDescription(_MOVABLE if has_any else "")
        self._draw_ring()

    @Slot()
    def _draw_ring(self) -> None:
        has_focus = self.hasFocus()
        self.handles.draw_ring(has_focus=has_focus)
        self.setAccessibleName((self.handles.spoken if has_focus else "") or _NAME)

    # Lines

    def _draw_lines(self) -> None:
        plan = self._plan
        self.lines.show_curves(curves_of(plan, self._editors) if plan is not None else ())

    def _follow(self) -> None:
        plan = self._plan
        first, end, top = 0, 1, 1.0
        if plan is not None and plan.stages:
            first, end = plan.stages[0].start, plan.stages[-1].end
            top = highest_rate(plan, self._editors)
        self._box.setXRange(first, first + (end - first) * _RIGHT_ROOM, padding=0.0)
        self._box.setYRange(-_FOOTROOM * top, _HEADROOM * top, padding=0.0)

    # Making and dressing

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self.setObjectName("training.plan.plot")
        self.setAccessibleName(_NAME)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self._view.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._view.hideButtons()
        self._view.getPlotItem().showGrid(x=True, y=True, alpha=0.10)
        for axis in (self._axis, self._left):
            axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        marks, handles = self.marks, self.handles
        dots = (handles.flags, handles.ring, handles.dots)
        items = (self.lines.future, self.lines.past, marks.playhead, *dots)
        for depth, item in enumerate(items):
            item.setZValue(depth)
            self._view.addItem(item, ignoreBounds=True)
        self._note.raise_()
        self._note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _connect(self) -> None:
        self._theme.changed.connect(self._dress)
        self._box.fit_wanted.connect(self.fit)
        self._box.sigRangeChangedManually.connect(self._on_moved)
        self._box.sigXRangeChanged.connect(self._draw_handles)
        self._box.sigResized.connect(self._draw_handles)
        self._box.ask_for_handles(self._take_hold)
        self._box.handle_dragged.connect(self.handles.drag_to)
        self._box.handle_dropped.connect(self.handles.drop)
        self._box.handle_clicked.connect(self.handles.drop)
        self.handles.edited.connect(self.edited)
        self.handles.moved.connect(self.redraw_edits)
        self.handles.chosen_changed.connect(self._draw_ring)
        self._view.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self._view.viewport().installEventFilter(self)

    @Slot()
    def _dress(self) -> None:
        tokens = self._theme.tokens
        self._view.setBackground(tokens.surface)
        font = self._theme.font(FontRole.CAPTION)
        for axis in (self._axis, self._left):
            axis.setPen(pg.mkPen(tokens.line))
            axis.setTextPen(pg.mkPen(tokens.text3))
            axis.setStyle(tickLength=0, tickTextOffset=6, tickFont=font)
        letters = QFontMetrics(font)
        self._axis.setHeight(letters.height() + _AXIS_GAP)
        half = letters.horizontalAdvance(_WIDEST_EPOCH) // 2
        self._view.getPlotItem().layout.setContentsMargins(0, 4, half, 0)
        self._left.show_font_height(letters.height())
        widest = letters.horizontalAdvance(_WIDEST_RATE)
        self._left.setWidth(max(_LEFT_AXIS_WIDTH, widest + _AXIS_GAP))
        self.lines.dress([(tokens.series[series], width) for series, width in LINES])
        self.marks.dress(self._theme)
        self.handles.dress(self._theme)
        self._draw_handles()
