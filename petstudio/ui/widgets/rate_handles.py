"""What chooses rates on the plot of a sweep: two edges and what lies between, or one line."""

from __future__ import annotations

from enum import Enum, auto
from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor

from petstudio.ui.theme import Theme

NUDGE_DECADES: Final = 0.05
_GRIP_SIZE: Final = 12  # also makes the edge that wide to the mouse
_GRIP: Final = "<|>"
_FILL: Final = 0.13
_FILL_HELD: Final = 0.20
_WIDTH: Final = 2
_WIDTH_HELD: Final = 4


class Handle(Enum):
    """What the keys move."""

    LOW = auto()
    WHOLE = auto()
    HIGH = auto()
    ONE = auto()


class RateRegion(pg.LinearRegionItem):  # type: ignore[misc]  # pyqtgraph has no types
    """A region that keeps its width when it is dragged against an end of the sweep."""

    grabbed = Signal()

    def __init__(self) -> None:
        super().__init__(swapMode="block")
        self._held_at = (0.0, 0.0)
        for line in self.lines:
            line.addMarker(_GRIP, size=_GRIP_SIZE)
            line.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mouseDragEvent(self, event: Any) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        event.accept()
        if event.isStart():
            self._held_at = self.getRegion()
            self.grabbed.emit()
        self.shift_from(self._held_at, event.pos().x() - event.buttonDownPos().x())

    def shift_from(self, region: tuple[float, float], by: float) -> None:
        """Place both edges so far from where they were, as far as the bounds let them."""
        lowest, highest = self.lines[0].bounds()
        low, high = region
        by = min(max(by, lowest - low), highest - high)
        self.setRegion((low + by, high + by))


class RateHandles(QObject):
    """Places are in log10 units. Either the region is in sight, or the line of a single rate."""

    moved = Signal()
    """The user moved something, by mouse or key."""

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__()
        self.region = RateRegion()
        self.one = pg.InfiniteLine(angle=90, movable=True)
        self.one.addMarker(_GRIP, size=_GRIP_SIZE)
        self.one.setCursor(Qt.CursorShape.SizeHorCursor)
        self.active = Handle.HIGH
        self._is_quiet = False
        self._theme: Theme | None = None
        self._has_focus = False
        for item in (self.region, self.one):
            plot.addItem(item, ignoreBounds=True)
            item.hide()
        self._connect()

    @property
    def places(self) -> tuple[float, ...]:
        if self.one.isVisible():
            return (self.one.value(),)
        return tuple(self.region.getRegion())

    @property
    def active_place(self) -> float:
        """Where the handle is that the keys move; of the whole region its high end."""
        return self.places[0] if self.active is Handle.LOW else self.places[-1]

    def show_places(self, places: tuple[float, ...], bounds: tuple[float, float]) -> None:
        """Show one line or a region, without a signal."""
        is_one = len(places) == 1
        self._is_quiet = True
        # pyqtgraph moves what is outside the new bounds, so the new places come first.
        for item in (self.region, self.one):
            item.setBounds((None, None))
        self.one.setValue(places[0])
        self.region.setRegion((places[0], places[-1]))
        for item in (self.region, self.one):
            item.setBounds(bounds)
        self._is_quiet = False
        self.one.setVisible(is_one)
        self.region.setVisible(not is_one)
        if is_one is not (self.active is Handle.ONE):
            self._activate(Handle.ONE if is_one else Handle.HIGH)

    def hide(self) -> None:
        self.region.hide()
        self.one.hide()

    def nudge(self, decades: float) -> None:
        """Move the active handle; an edge stops at the other one, all stop at the bounds."""
        match self.active:
            case Handle.ONE:
                self.one.setValue(self.one.value() + decades)
            case Handle.WHOLE:
                self.region.shift_from(self.region.getRegion(), decades)
            case Handle.LOW | Handle.HIGH:
                line = self.region.lines[self.active is Handle.HIGH]
                line.setValue(line.value() + decades)

    def go_to_end(self, *, low: bool) -> None:
        """Begin the range at the lowest rate, or end it at the highest; one rate goes there."""
        place = self.one.bounds()[0 if low else 1]
        if self.active is Handle.ONE:
            self.one.setValue(place)
            return
        self._activate(Handle.LOW if low else Handle.HIGH)
        self.region.lines[0 if low else 1].setValue(place)

    def jump(self, place: float) -> None:
        """Put the active handle there; a range that it would turn round moves along."""
        if self.active is Handle.ONE:
            self.one.setValue(place)
            return
        low, high = self.region.getRegion()
        if self.active is Handle.LOW and place <= high:
            self.region.setRegion((place, high))
        elif self.active is Handle.HIGH and place >= low:
            self.region.setRegion((low, place))
        else:
            held = low if self.active is Handle.LOW else high
            self.region.shift_from((low, high), place - held)

    def step_focus(self, *, forward: bool) -> bool:
        """Make the next handle the active one; False where there is no further one."""
        order = (Handle.LOW, Handle.WHOLE, Handle.HIGH)
        if self.active is Handle.ONE or not self.region.isVisible():
            return False
        index = order.index(self.active) + (1 if forward else -1)
        if not 0 <= index < len(order):
            return False
        self._activate(order[index])
        return True

    def take_focus(self, reason: Qt.FocusReason) -> None:
        """Show which handle the keys move; Tab comes in at the first one, Shift+Tab at the last."""
        self._has_focus = True
        if self.active is not Handle.ONE and reason is Qt.FocusReason.TabFocusReason:
            self.active = Handle.LOW
        elif self.active is not Handle.ONE and reason is Qt.FocusReason.BacktabFocusReason:
            self.active = Handle.HIGH
        self._dress()

    def lose_focus(self) -> None:
        self._has_focus = False
        self._dress()

    def dress(self, theme: Theme) -> None:
        self._theme = theme
        self._dress()

    def _connect(self) -> None:
        self.region.grabbed.connect(self._on_region_grabbed)
        low, high = self.region.lines
        low.sigDragged.connect(self._on_low_held)
        low.sigClicked.connect(self._on_low_held)
        high.sigDragged.connect(self._on_high_held)
        high.sigClicked.connect(self._on_high_held)
        self.region.sigRegionChanged.connect(self._on_moved)
        self.one.sigPositionChanged.connect(self._on_moved)

    def _activate(self, handle: Handle) -> None:
        if handle is not self.active:
            self.active = handle
            self._dress()

    def _dress(self) -> None:
        if self._theme is None:
            return
        accent = self._theme.color("accent")
        low, high = self.region.lines
        for line, handles in ((low, Handle.LOW), (high, Handle.HIGH), (self.one, Handle.ONE)):
            is_held = self._has_focus and self.active in (handles, Handle.WHOLE)
            line.setPen(pg.mkPen(accent, width=_WIDTH_HELD if is_held else _WIDTH))
            line.setHoverPen(pg.mkPen(accent, width=_WIDTH_HELD))
        is_held = self._has_focus and self.active is Handle.WHOLE
        self.region.setBrush(pg.mkBrush(_faint(accent, _FILL_HELD if is_held else _FILL)))
        self.region.setHoverBrush(pg.mkBrush(_faint(accent, _FILL_HELD)))
        self.region.update()

    @Slot()
    def _on_region_grabbed(self) -> None:
        self._activate(Handle.WHOLE)

    @Slot(object)
    @Slot(object, object)
    def _on_low_held(self, _line: object, _click: object = None) -> None:
        self._activate(Handle.LOW)

    @Slot(object)
    @Slot(object, object)
    def _on_high_held(self, _line: object, _click: object = None) -> None:
        self._activate(Handle.HIGH)

    @Slot(object)
    def _on_moved(self, _item: object) -> None:
        if not self._is_quiet:
            self.moved.emit()


def _faint(color: QColor, opacity: float) -> QColor:
    made = QColor(color)
    made.setAlphaF(opacity)
    return made
