"""The marks that the board and the map of the confusion grid share: bands, rings, frames."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPen

from petstudio.ui.theme import Theme

_HALO: Final = 4.0
_RING: Final = 2.5
_RADIUS: Final = 3.0


def paint_ring(painter: QPainter, theme: Theme, cell: QRect) -> None:
    """Draw the focus colour over a halo, both around the cell, which stays as it is."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for token, width, outside in (
        ("surface", _HALO, _HALO / 2),
        ("focus", _RING, _HALO - _RING / 2),
    ):
        painter.setPen(QPen(theme.color(token), width))
        around = cell.toRectF().adjusted(-outside, -outside, outside, outside)
        painter.drawRoundedRect(around, _RADIUS, _RADIUS)
    painter.restore()


def paint_cursor(painter: QPainter, theme: Theme, cell: QRect) -> None:
    """Draw where the keys are, on a cell that is not selected."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("focus"), 1, Qt.PenStyle.DashLine))
    painter.drawRect(cell.adjusted(0, 0, -1, -1))


def paint_frame(painter: QPainter, theme: Theme, rect: QRect, token: str, width: int = 1) -> None:
    """Draw a frame around the rectangle, outside of it."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(theme.color(token), width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.drawRect(rect.adjusted(-width, -width, width - 1, width - 1))
