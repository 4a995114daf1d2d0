"""A spin box for a share in per cent that a scrolling page does not change."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox

_MARGIN: Final = 6


class PercentBox(QDoubleSpinBox):
    """`share_changed` comes from the user, never from `show_share`."""

    share_changed = Signal(float)
    """Between 0 and 1."""

    def __init__(self) -> None:
        super().__init__()
        self.setRange(0, 100)
        self.setDecimals(1)
        self.setSuffix(" %")
        # The style sheet's padding does not reach the text of a spin box.
        self.lineEdit().setTextMargins(_MARGIN, 0, _MARGIN, 0)
        self.valueChanged.connect(self._on_value_changed)

    def show_share(self, share: float) -> None:
        blocker = QSignalBlocker(self)
        self.setValue(100 * share)
        blocker.unblock()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    @Slot(float)
    def _on_value_changed(self, value: float) -> None:
        self.share_changed.emit(value / 100)
