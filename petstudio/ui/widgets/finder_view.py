"""The surface of the finder's plot: what the keys do while it has the focus."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent

from petstudio.ui.widgets.plot_axes import MeasureAxis
from petstudio.ui.widgets.plot_view_box import PlotViewBox
from petstudio.ui.widgets.rate_axis import RateAxis
from petstudio.ui.widgets.rate_handles import NUDGE_DECADES, RateHandles

_DIRECTIONS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_ENDS = {Qt.Key.Key_Home: True, Qt.Key.Key_End: False}


class FinderView(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Tab goes from handle to handle before it leaves."""

    next_suggestion_wanted = Signal()

    def __init__(self) -> None:
        self.axis = RateAxis()
        self.left = MeasureAxis()
        self.box = PlotViewBox()
        super().__init__(viewBox=self.box, axisItems={"bottom": self.axis, "left": self.left})
        self.handles = RateHandles(self.getPlotItem())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys of the range; all others, Ctrl+Enter among them, go to the card."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_shifted = modifiers == Qt.KeyboardModifier.ShiftModifier
        is_plain = modifiers == Qt.KeyboardModifier.NoModifier
        key = Qt.Key(event.key())
        if key in _DIRECTIONS and (is_plain or is_shifted):
            self.handles.nudge(_DIRECTIONS[key] * (1.0 if is_shifted else NUDGE_DECADES))
        elif key in _ENDS and is_plain:
            self.handles.go_to_end(low=_ENDS[key])
        elif key == Qt.Key.Key_S and is_plain:
            self.next_suggestion_wanted.emit()
        else:
            event.ignore()

    def focusNextPrevChild(self, forward: bool) -> bool:
        if self.handles.step_focus(forward=forward):
            return True
        went_on: bool = super().focusNextPrevChild(forward)
        return went_on

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.handles.take_focus(event.reason())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.handles.lose_focus()
