"""The plot of the rates of all stages, in which those to come can be moved."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QSizePolicy, QVBoxLayout, QWidget

from petstudio.bridge.figures import rate_text
from petstudio.bridge.rate_editor import RateEditor
from petstudio.jobs.rate_plan import RatePlan, StageRates
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.plan_legend import LINES
from petstudio.ui.widgets.plan_plot_items import Curve, PlanViewBox, RateAxis, RateLines
from petstudio.ui.widgets.plan_words import Editors, drawn_groups, effective_scales, values_text
from petstudio.ui.widgets.plot_axes import EpochAxis
from petstudio.ui.widgets.text import Text

# These four as in the plot of the losses above, so that epochs stand below each other.
_LEFT_AXIS_WIDTH: Final = 48
_WIDEST_EPOCH: Final = "stage 2, 10"
_AXIS_GAP: Final = 10
_RIGHT_ROOM: Final = 1.012
_WIDEST_RATE: Final = "5e-5"
_HEIGHT: Final = 150
_LEAST_HEIGHT: Final = 92
_HEADROOM: Final = 1.12
_HANDLE_SIZE: Final = 9
_RING_SIZE: Final = 17
_FLAG_SIZE: Final = 9
_REACH: Final = 12.0  # pixels around a handle that take hold of it
_LEAST_LEVER: Final = 24.0  # pixels that move a rate by the factor e at the least
_KEY_DECADES: Final = 0.05
_NOTHING: Final = "The rates of each stage appear here once the recipe has one."
_NAME: Final = "Plot of the learning rates; its menu has the same as a table"
_MOVABLE: Final = "Tab goes to the rates to come, Up and Down move them, Delete takes a move away"


class PlanPlot(QWidget):
    """Draws a RatePlan; while a run goes on, only the line of the present moves."""

    edited = Signal(object)
    """The RateEdit that the user made."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._plan: RatePlan | None = None
        self._editors: Editors = {}
        self._active: RateEditor | None = None
        self._chosen: int | None = None
        self._grip = (0.0, 0.0, 1.0)  # where a drag began: y in the scene, rate, lever
        self._is_dragging = False
        self._is_following = True
        self._box = PlanViewBox(self._take_hold)
        self._axis = EpochAxis()
        self._left = RateAxis()
        self._view = pg.PlotWidget(
            viewBox=self._box, axisItems={"bottom": self._axis, "left": self._left}
        )
        self.lines = RateLines(len(LINES))
        self.playhead = pg.InfiniteLine(angle=90)
        self.handles = pg.ScatterPlotItem(symbol="o", size=_HANDLE_SIZE, antialias=True)
        self.flags = pg.ScatterPlotItem(symbol="t", size=_FLAG_SIZE, antialias=True)
        self.ring = pg.ScatterPlotItem(symbol="o", size=_RING_SIZE, antialias=True)
        self.borders: list[pg.InfiniteLine] = []
        self.hover_line = pg.InfiniteLine(angle=90)
        self.hover_box = pg.TextItem(anchor=(0, 0))
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
        return self._chosen

    @property
    def has_handles(self) -> bool:
        """True while there are rates to come that can be moved."""
        return self.focusPolicy() != Qt.FocusPolicy.NoFocus

    def show_plan(self, plan: RatePlan | None, editors: Editors, note: str = "") -> None:
        """Draw another plan; without one, `note` says why."""
        self._plan, self._editors = plan, editors
        self._active = None
        self._is_dragging = False
        self._is_following = True
        self._note.setText(note)
        self._note.setVisible(bool(note))
        starts = plan.starts if plan is not None else ()
        self._axis.show_stages(starts)
        self._draw_borders(starts[1:])
        for axis in (self._axis, self._left):
            axis.setStyle(showValues=plan is not None)
        self._show_hover(None)
        self._draw_lines()
        self._follow()
        self._draw_handles()

    def move_to(self, position: float | None, *, is_going: bool) -> None:
        """Let the past end so many epochs after the start; None is before it."""
        x = 0.0 if position is None else position
        if self.playhead.value() != x:
            self.playhead.setValue(x)
        if self.playhead.isVisible() != (is_going and x > 0):
            self.playhead.setVisible(is_going and x > 0)
        self.lines.show_split(x)
        self._activate(x if is_going else None)

    def redraw_edits(self) -> None:
        """Draw the edits as they are now."""
        self._draw_lines()
        self._draw_handles()
        if self._is_following and not self._is_dragging:
            self._follow()

    def fit(self) -> None:
        """Show the whole plan again."""
        self._is_following = True
        self._follow()

    def picture(self) -> QPixmap:
        grabbed: QPixmap = self._view.grab()
        return grabbed

    def view_range(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """What is in sight of x and of y."""
        (left, right), (bottom, top) = self._box.viewRange()
        return (left, right), (bottom, top)

    def place_of(self, handle: int) -> QPointF:
        """Return where the handle of an epoch of the running stage stands in this widget."""
        assert self._active is not None
        scene = self._box.mapViewToScene(self._point_of(self._active, handle))
        place = self._view.viewport().mapTo(self, QPointF(self._view.mapFromScene(scene)))
        return QPointF(place)

    def show_values_at(self, x: float) -> None:
        """Put the value box at the step that runs at x."""
        stage = self._plan.stage_at(x) if self._plan is not None else None
        if self._plan is None or stage is None:
            self._show_hover(None)
            return
        self._show_hover(x, values_text(self._plan, stage, x, self._editors))

    def sizeHint(self) -> QSize:
        return QSize(400, _HEIGHT)

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._note.setGeometry(self.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._show_hover(None)
        return super().eventFilter(watched, event)

    # Keys

    def focusNextPrevChild(self, next: bool) -> bool:
        """Go through the handles, then leave."""
        shown = self._shown()
        if self.hasFocus() and self._chosen in shown:
            at = shown.index(self._chosen) + (1 if next else -1)
            if 0 <= at < len(shown):
                self._choose(shown[at])
                return True
        return super().focusNextPrevChild(next)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        shown = self._shown()
        if event.reason() == Qt.FocusReason.BacktabFocusReason:
            self._choose(shown[-1] if shown else None)
        elif self._chosen not in shown or event.reason() == Qt.FocusReason.TabFocusReason:
            self._choose(shown[0] if shown else None)
        else:
            self._draw_ring()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if not self._is_dragging:
            self._commit()
        self._draw_ring()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._press(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        # One edit for a key that is held, however often it repeats.
        if not event.isAutoRepeat() and not self._is_dragging:
            self._commit()
        super().keyReleaseEvent(event)

    def _press(self, event: QKeyEvent) -> bool:
        editor, handle = self._active, self._chosen
        if editor is None or handle is None:
            return False
        if event.key() == Qt.Key.Key_Escape:
            return self._let_go()
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            editor.take_away(handle)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            is_wide = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            decades = 1.0 if is_wide else _KEY_DECADES
            sign = 1 if event.key() == Qt.Key.Key_Up else -1
            editor.move(handle, editor.rate(handle) * 10.0 ** (sign * decades))
        else:
            return False
        self.redraw_edits()
        return True

    def _let_go(self) -> bool:
        """Give up a change that is being made; False if there is none."""
        if self._active is None or not self._active.is_pending:
            return False
        self._active.revert()
        self._is_dragging = False
        self.redraw_edits()
        return True

    # The mouse

    def _take_hold(self, scene: QPointF) -> bool:
        """Choose the handle at that place; False if there is none."""
        handle = self._handle_at(scene)
        if handle is None or self._active is None:
            return False
        self._choose(handle)
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        # Up and down move the logarithm, and at the beginning the handle stays under the pointer.
        height = self._box.mapViewToScene(QPointF(0, 0)).y() - scene.y()
        self._grip = (scene.y(), self._active.rate(handle), max(height, _LEAST_LEVER))
        self._is_dragging = True
        return True

    def _handle_at(self, scene: QPointF) -> int | None:
        editor = self._active
        if editor is None:
            return None
        near = []
        for handle in self._shown():
            way = self._box.mapViewToScene(self._point_of(editor, handle)) - scene
            near.append((math.hypot(way.x(), way.y()), handle))
        distance, handle = min(near, default=(math.inf, 0))
        return handle if distance <= _REACH else None

    @Slot(object)
    def _on_dragged(self, scene: QPointF) -> None:
        if self._is_dragging and self._active is not None and self._chosen is not None:
            start, rate, lever = self._grip
            self._active.move(self._chosen, rate * math.exp((start - scene.y()) / lever))
            self.redraw_edits()

    @Slot()
    def _on_dropped(self) -> None:
        if self._is_dragging:
            self._is_dragging = False
            self._commit()
            self.redraw_edits()

    @Slot()
    def _on_clicked(self) -> None:
        self._is_dragging = False

    @Slot(object)
    def _on_mouse_moved(self, scene: QPointF) -> None:
        is_inside = self._box.sceneBoundingRect().contains(scene)
        on_handle = is_inside and self._handle_at(scene) is not None
        cursor = Qt.CursorShape.SizeVerCursor if on_handle else Qt.CursorShape.ArrowCursor
        if self._view.viewport().cursor().shape() != cursor:
            self._view.viewport().setCursor(cursor)
        if is_inside:
            self.show_values_at(self._box.mapSceneToView(scene).x())
        else:
            self._show_hover(None)

    @Slot(object)
    def _on_moved(self, _enabled: object) -> None:
        self._is_following = False

    def _commit(self) -> None:
        edit = self._active.commit() if self._active is not None else None
        if edit is not None:
            self.edited.emit(edit)

    # Handles

    def _activate(self, x: float | None) -> None:
        """Take the editor of the stage that runs at x, and tell it the epoch."""
        stage = self._plan.stage_at(x) if self._plan is not None and x is not None else None
        editor = self._editors.get(stage.stage) if stage is not None else None
        epoch = int(x - stage.start) if stage is not None and x is not None else 0
        if editor is self._active and (editor is None or editor.epoch == epoch):
            return
        self._let_go()
        if editor is not self._active:
            self._active, self._chosen = editor, None
        if editor is not None:
            editor.go_to(epoch)
        self._draw_handles()

    def _shown(self) -> list[int]:
        """Return the handles that have room: far out, not every epoch has one."""
        if self._active is None:
            return []
        (left, right), _ = self.view_range()
        pixels = self._box.width() / max(right - left, 1e-9)
        stride = max(1, math.ceil(2 * _REACH / max(pixels, 1e-9)))
        return [handle for handle in self._active.handles if handle % stride == 0]

    def _point_of(self, editor: RateEditor, handle: int) -> QPointF:
        return QPointF(editor.stage.start + handle, editor.rate(handle))

    def _choose(self, handle: int | None) -> None:
        if handle != self._chosen:
            self._commit()
        self._chosen = handle
        self._draw_ring()

    @Slot()
    def _draw_handles(self) -> None:
        editor, shown = self._active, self._shown()
        if self._chosen is not None and self._chosen not in shown:
            self._chosen = next((h for h in shown if h > self._chosen), None)
        tokens = self._theme.tokens
        moved = editor.moved if editor is not None else set()
        points = [self._point_of(editor, handle) for handle in shown] if editor else []
        filled, hollow = pg.mkBrush(tokens.series[0]), pg.mkBrush(tokens.surface)
        self.handles.setData(
            pos=[(point.x(), point.y()) for point in points],
            brush=[filled if handle in moved else hollow for handle in shown],
        )
        has_any = bool(shown)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if has_any else Qt.FocusPolicy.NoFocus)
        self.setAccessibleDescription(_MOVABLE if has_any else "")
        self._draw_flags()
        self._draw_ring()

    def _draw_flags(self) -> None:
        """Mark where an edit took or will take effect."""
        _, (_, top) = self.view_range()
        self.flags.setData(
            pos=[
                (editor.stage.start + epoch, top * 0.95)
                for editor in self._editors.values()
                for epoch in editor.edits
            ]
        )

    def _draw_ring(self) -> None:
        editor, handle = self._active, self._chosen
        if editor is None or handle is None or not self.hasFocus():
            self.ring.setData(pos=[])
            self.setAccessibleName(_NAME)
            return
        point = self._point_of(editor, handle)
        self.ring.setData(pos=[(point.x(), point.y())])
        rate = rate_text(editor.rate(handle))
        self.setAccessibleName(f"Rate after epoch {handle} of {editor.stage.name}: {rate}")

    # Lines

    def _draw_lines(self) -> None:
        plan = self._plan
        if plan is None:
            self.lines.show_curves(())
            return
        scales = [effective_scales(stage, self._editors) for stage in plan.stages]
        stages = list(zip(plan.stages, scales, strict=True))
        self.lines.show_curves(
            [
                [_curve(s, group, scale) for s, scale in stages if math.isfinite(s.highest[group])]
                for group in drawn_groups(plan)
            ]
        )

    def _draw_borders(self, starts: tuple[int, ...]) -> None:
        for border in self.borders:
            self._view.removeItem(border)
        self.borders = [pg.InfiniteLine(pos=start, angle=90) for start in starts]
        for border in self.borders:
            border.setPen(self._border_pen())
            self._view.addItem(border, ignoreBounds=True)

    def _border_pen(self) -> Any:
        return pg.mkPen(self._theme.tokens.control, width=1, style=Qt.PenStyle.DotLine)

    def _follow(self) -> None:
        plan = self._plan
        end = plan.stages[-1].end if plan is not None and plan.stages else 1
        self._box.setXRange(0.0, end * _RIGHT_ROOM, padding=0.0)
        self._box.setYRange(0.0, _HEADROOM * self._highest_rate(), padding=0.0)

    def _highest_rate(self) -> float:
        stages = self._plan.stages if self._plan is not None else ()
        highest = [
            float(np.nanmax(stage.highest)) * float(effective_scales(stage, self._editors).max())
            for stage in stages
        ]
        return max(highest, default=0.0) or 1.0

    def _show_hover(self, x: float | None, text: str = "") -> None:
        self.hover_line.setVisible(x is not None)
        self.hover_box.setVisible(x is not None)
        if x is not None:
            (left, right), (_, top) = self.view_range()
            is_left = x > (left + right) / 2
            self.hover_line.setValue(x)
            self.hover_box.setText(text)
            self.hover_box.setAnchor((1.04, 0) if is_left else (-0.04, 0))
            self.hover_box.setPos(x, top)

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
        items = (
            self.lines.future,
            self.lines.past,
            self.playhead,
            self.flags,
            self.ring,
            self.handles,
        )
        for depth, item in enumerate((*items, self.hover_line, self.hover_box)):
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
        self._box.handle_dragged.connect(self._on_dragged)
        self._box.handle_dropped.connect(self._on_dropped)
        self._box.handle_clicked.connect(self._on_clicked)
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
        self.playhead.setPen(pg.mkPen(tokens.accent, width=2))
        self.handles.setPen(pg.mkPen(tokens.series[0], width=2))
        self.ring.setBrush(pg.mkBrush(tokens.surface))
        self.ring.setPen(pg.mkPen(tokens.focus, width=2))
        self.flags.setBrush(pg.mkBrush(tokens.accent))
        self.flags.setPen(pg.mkPen(None))
        for border in self.borders:
            border.setPen(self._border_pen())
        self.hover_line.setPen(pg.mkPen(tokens.control, width=1))
        self.hover_box.fill = pg.mkBrush(tokens.raised)
        self.hover_box.border = pg.mkPen(tokens.line)
        self.hover_box.setColor(tokens.text)
        self.hover_box.setFont(font)
        self._draw_handles()


def _curve(stage: StageRates, group: int, scales: NDArray[np.float64]) -> Curve:
    """Return the line of a group, to the end of the last step."""
    y = stage.highest[group] * scales
    return np.append(stage.x, float(stage.end)), np.append(y, y[-1])
