"""A row of small things of which the last ones give way where there is no room."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class FittingRow(QWidget):
    """Shows whole widgets only; at the left, or at the right where it `is_at_right`."""

    def __init__(self, *widgets: QWidget, spacing: int = 12, is_at_right: bool = False) -> None:
        super().__init__()
        self._widgets = widgets
        self._spacing = spacing
        self._is_at_right = is_at_right
        for widget in widgets:
            widget.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        width = sum(widget.sizeHint().width() + self._spacing for widget in self._widgets)
        return QSize(width, max(widget.sizeHint().height() for widget in self._widgets))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def lay_out(self) -> None:
        """Place the widgets anew; to be called when one of them says something else."""
        sizes = [widget.sizeHint() for widget in self._widgets]
        fitting, taken = 0, -self._spacing
        for size in sizes:
            if taken + self._spacing + size.width() > self.width():
                break
            taken += self._spacing + size.width()
            fitting += 1
        left = max(0, self.width() - taken) if self._is_at_right else 0
        for number, (widget, size) in enumerate(zip(self._widgets, sizes, strict=True)):
            widget.setVisible(number < fitting)
            if number < fitting:
                top = (self.height() - size.height()) // 2
                widget.setGeometry(QRect(left, top, size.width(), size.height()))
                left += size.width() + self._spacing

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.lay_out()
