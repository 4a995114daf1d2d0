"""What the rate plan is drawn with: lines that are solid up to now, handles, an axis of rates."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem

from petstudio.ui.widgets.plan_curves import Curve
from petstudio.ui.widgets.plot_view_box import PlotViewBox

FUTURE_OPACITY: Final = 0.55
_DASHES: Final = (3, 2)  # in widths of the pen, so 6 and 4 pixels
_TICK_HEIGHT: Final = 19  # pixels from one label to the next
_TICK_LINES: Final = 1.4  # lines of text from one label to the next
_TICK_STEPS: Final = (1, 2, 5)
_PEN_ROOM: Final = 0.05  # share of the height that a thick pen may reach beyond its line


class RateLines:
    """One line for each layer group, solid up to now and dashed from there on.

    Both are painted once over the whole length and kept as pictures; as a run goes on, only what
    is seen of them changes.
    """

    def __init__(self, count: int) -> None:
        self.past = _Window(is_past=True, count=count)
        self.future = _Window(is_past=False, count=count)

    @property
    def split(self) -> float:
        """Where solid turns into dashed."""
        return self.past.split

    def curves(self, line: int) -> tuple[Curve, ...]:
        """Return what a line shows: one curve for each stage that has one."""
        return self.past.drawing.curves[line]

    def show_curves(self, lines: Sequence[Sequence[Curve]]) -> None:
        """Draw a curve for each stage, not joined to the next; lines that are not given go."""
        for window in (self.past, self.future):
            window.show_curves(lines)

    def show_split(self, x: float) -> None:
        for window in (self.past, self.future):
            window.show_split(x)

    def dress(self, pens: Sequence[tuple[str, float]]) -> None:
        """Take colours and widths."""
        past = [pg.mkPen(color, width=width) for color, width in pens]
        self.past.drawing.dress(past)
        self.future.drawing.dress([_dashed(pen) for pen in past])


class _Window(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """Shows its drawing on one side of the split."""

    def __init__(self, *, is_past: bool, count: int) -> None:
        super().__init__()
        self._is_past = is_past
        self.split = 0.0
        self.drawing = _Drawing(count)
        self.drawing.setParentItem(self)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsChildrenToShape)

    def show_curves(self, lines: Sequence[Sequence[Curve]]) -> None:
        self.prepareGeometryChange()
        self.drawing.show_curves(lines)

    def show_split(self, x: float) -> None:
        if x == self.split:
            return
        low, high = sorted((self.split, x))
        self.split = x
        scene = self.scene()
        if scene is not None:
            # Of the scene, as an update of the drawing would have it painted anew.
            bounds = self.boundingRect()
            strip = QRectF(low, bounds.top(), high - low, bounds.height())
            scene.update(self.mapRectToScene(strip).adjusted(-1, 0, 1, 0))

    def boundingRect(self) -> QRectF:
        return self.drawing.boundingRect()

    def shape(self) -> QPainterPath:
        side = self.boundingRect()
        split = min(max(self.split, side.left()), side.right())
        if self._is_past:
            side.setRight(split)
        else:
            side.setLeft(split)
        path = QPainterPath()
        path.addRect(side)
        return path

    def paint(self, *_: Any) -> None:
        """Leave it to the drawing."""


class _Drawing(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    def __init__(self, count: int) -> None:
        super().__init__()
        self.curves: list[tuple[Curve, ...]] = [()] * count
        self._paths: list[list[QPainterPath]] = []
        self._bounds = QRectF()
        self._pens: list[QPen] = []
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def show_curves(self, lines: Sequence[Sequence[Curve]]) -> None:
        self.prepareGeometryChange()
        missing = len(self.curves) - len(lines)
        self.curves = [*(tuple(curves) for curves in lines), *[()] * missing]
        self._paths = [[pg.arrayToQPath(x, y) for x, y in curves] for curves in self.curves]
        bounds = QRectF()
        for path in chain.from_iterable(self._paths):
            bounds = bounds.united(path.boundingRect())
        room = max(bounds.height(), 1e-12) * _PEN_ROOM
        self._bounds = bounds.adjusted(-_PEN_ROOM, -room, _PEN_ROOM, room)
        self.update()

    def dress(self, pens: list[QPen]) -> None:
        self._pens = pens
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(self._bounds)

    def paint(self, painter: QPainter, *_: Any) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # The first line, that of the head, lies on top of the others.
        for pen, paths in reversed(list(zip(self._pens, self._paths, strict=False))):
            painter.setPen(pen)
            for path in paths:
                painter.drawPath(path)


def _dashed(pen: QPen) -> QPen:
    color = QColor(pen.color())
    color.setAlphaF(FUTURE_OPACITY)
    made = QPen(pen)
    made.setColor(color)
    made.setDashPattern(_DASHES)
    return made


class PlanViewBox(PlotViewBox):
    """Drags that begin at a handle move it; all others move the view."""

    handle_dragged = Signal(object)
    """Where the pointer is now, a QPointF of the scene."""
    handle_dropped = Signal()
    handle_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._takes: Callable[[QPointF], bool] = lambda _scene: False
        self._has_handle = False

    def ask_for_handles(self, takes: Callable[[QPointF], bool]) -> None:
        """`takes` says whether there is a handle in the scene, and then takes hold of it."""
        self._takes = takes

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        if event.isStart():
            is_left = event.button() == Qt.MouseButton.LeftButton
            self._has_handle = is_left and self._takes(event.buttonDownScenePos())
        if not self._has_handle:
            super().mouseDragEvent(event, axis)
            return
        event.accept()
        self.handle_dragged.emit(event.scenePos())
        if event.isFinish():
            self._has_handle = False
            self.handle_dropped.emit()

    def mouseClickEvent(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._takes(event.scenePos()):
            event.accept()
            self.handle_clicked.emit()
        else:
            super().mouseClickEvent(event)


class PlanRateAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Round rates from 0 up, written as 5e-5."""

    def __init__(self) -> None:
        super().__init__("left")
        self.enableAutoSIPrefix(False)
        self._label_height = _TICK_HEIGHT

    def show_font_height(self, pixels: int) -> None:
        self._label_height = max(_TICK_HEIGHT, round(_TICK_LINES * pixels))

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        spacing = rate_spacing(high - low, size, self._label_height)
        first, last = math.ceil(max(low, 0.0) / spacing), math.floor(high / spacing)
        return [(spacing, [number * spacing for number in range(first, last + 1)])]

    def tickStrings(self, values: list[float], _scale: float, _spacing: float) -> list[str]:
        return [short_rate(value) for value in values]


def rate_spacing(span: float, height: float, label: int = _TICK_HEIGHT) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten whose labels do not touch."""
    wanted = span * label / max(height, label)
    if not wanted > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(wanted))
    return next((step * power for step in _TICK_STEPS if step * power >= wanted), 10 * power)


def short_rate(rate: float) -> str:
    """Return a round rate as it stands at an axis: 0, 5e-5, 1.5e-4."""
    if rate == 0:
        return "0"
    return np.format_float_scientific(rate, precision=2, trim="-", exp_digits=1)
