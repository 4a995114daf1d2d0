"""Rows of cards whose heights can be changed by dragging the gap between them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QWidget

from petstudio.ui.theme import Theme

_GAP: Final = 12
_GRIP: Final = 48


class RowSplitter(QSplitter):
    """The gap is empty; under the mouse a grip shows that it can be dragged."""

    def __init__(self, theme: Theme, rows: dict[QWidget, int]) -> None:
        """`rows` are the widgets from top to bottom, with their shares of the height."""
        super().__init__(Qt.Orientation.Vertical)
        self._theme = theme
        self.setHandleWidth(_GAP)
        self.setChildrenCollapsible(False)
        for at, (row, share) in enumerate(rows.items()):
            self.addWidget(row)
            self.setStretchFactor(at, share)
        self.setSizes([10 * share for share in rows.values()])

    def createHandle(self) -> QSplitterHandle:
        return _Gap(self._theme, self)


class _Gap(QSplitterHandle):
    def __init__(self, theme: Theme, parent: QSplitter) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._theme = theme

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.underMouse():
            grip = QRect(0, 0, _GRIP, 3)
            grip.moveCenter(self.rect().center())
            painter = QPainter(self)
            painter.fillRect(grip, self._theme.color("control"))
