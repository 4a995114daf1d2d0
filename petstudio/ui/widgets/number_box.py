"""Spin boxes that a scrolling page does not change."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox

_MARGIN: Final = 6  # the style sheet's padding does not reach the text of a spin box


class NumberBox(QSpinBox):
    """Whole numbers; `valueChanged` comes from the user, never from `show_value`."""

    def __init__(self, low: int, high: int, *, step: int = 1, unit: str = "") -> None:
        super().__init__()
        self.setRange(low, high)
        self.setSingleStep(step)
        self.lineEdit().setTextMargins(_MARGIN, 0, _MARGIN, 0)
        self.setSuffix(f" {unit}" if unit else "")

    def show_value(self, value: int) -> None:
        blocker = QSignalBlocker(self)
        self.setValue(value)
        blocker.unblock()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class DecimalBox(QDoubleSpinBox):
    def __init__(
        self, low: float, high: float, *, decimals: int, step: float, unit: str = ""
    ) -> None:
        super().__init__()
        self.setRange(low, high)
        self.setDecimals(decimals)
        self.setSingleStep(step)
        self.lineEdit().setTextMargins(_MARGIN, 0, _MARGIN, 0)
        self.setSuffix(f" {unit}" if unit else "")

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
