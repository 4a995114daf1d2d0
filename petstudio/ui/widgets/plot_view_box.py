"""How a plot answers to the mouse."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal


class PlotViewBox(pg.ViewBox):  # type: ignore[misc]  # pyqtgraph has no types
    """The wheel zooms x, with Shift y; dragging moves x; a double click asks for everything."""

    fit_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(enableMenu=False, defaultPadding=0.0)
        self.disableAutoRange()

    def updateViewRange(self, *force: Any, **forced: Any) -> None:
        super().updateViewRange(*force, **forced)
        # pyqtgraph waits with this until it is painting; what then moves is painted a second time.
        self.updateMatrix()

    def wheelEvent(self, event: Any, axis: int | None = None) -> None:
        if axis is None:
            axis = 1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0
        super().wheelEvent(event, axis=axis)

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        super().mouseDragEvent(event, axis=0 if axis is None else axis)

    def mouseDoubleClickEvent(self, event: Any) -> None:
        event.accept()
        self.fit_wanted.emit()
