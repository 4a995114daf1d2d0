"""The marks that the board and the map of the confusion grid share: bands, rings, frames."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPen

from petstudio.ui.theme import Theme

HALO: Final = 4
_RING: Final = 2.5
_RADIUS: Final = 3.0


def paint_ring(
    painter: QPainter, theme: Theme, cell: QRect, line: Qt.PenStyle = Qt.PenStyle.SolidLine
) -> None:
    """Draw the focus colour over a halo, both around the cell, which stays as it is."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for token, width, outside, style in (
        ("surface", HALO, HALO / 2, Qt.PenStyle.SolidLine),
        ("focus", _RING, HALO - _RING / 2, line),
    ):
        painter.setPen(QPen(theme.color(token), width, style))
        around = cell.toRectF().adjusted(-outside, -outside, outside, outside)
        painter.drawRoundedRect(around, _RADIUS, _RADIUS)
    painter.restore()


def paint_frame(painter: QPainter, theme: Theme, rect: QRect, token: str, width: int = 1) -> None:
    """Draw a frame around the rectangle, outside of it."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(theme.color(token), width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.drawRect(rect.adjusted(-width, -width, width - 1, width - 1))
