"""Draws the grip between frozen and trained layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from petstudio.ui.theme import Theme

DIVIDER_REACH: Final = 12  # to each side; the mouse takes hold of it there
_BAR: Final = 4
_GRIP_WIDTH: Final = 12
_GRIP_HEIGHT: Final = 20
_HALO: Final = 2
_MARK: Final = 8


@dataclass(frozen=True, kw_only=True)
class DividerLook:
    """How the grip is drawn just now; a locked one is grey."""

    is_locked: bool = False
    is_hot: bool = False
    has_focus: bool = False


def paint_divider(
    painter: QPainter, theme: Theme, x: float, height: int, look: DividerLook
) -> None:
    """Draw a bar of this height around `x` with a grip in its middle."""
    color = theme.color(_token(look))
    bar = QRectF(x - _BAR / 2, 0, _BAR, height)
    grip = QRectF(x - _GRIP_WIDTH / 2, (height - _GRIP_HEIGHT) / 2, _GRIP_WIDTH, _GRIP_HEIGHT)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("surface"))
    painter.drawRoundedRect(_grown(bar), _BAR, _BAR)  # sets it off from a block that it lies on
    painter.setBrush(color)
    painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
    if look.has_focus:
        _paint_ring(painter, theme, grip)
    painter.setPen(QPen(color, 2))
    painter.setBrush(theme.color("accent_soft" if look.is_hot else "surface"))
    painter.drawRoundedRect(grip.adjusted(1, 1, -1, -1), 4, 4)
    _paint_marks(painter, x, height / 2, color)


def _token(look: DividerLook) -> str:
    if look.is_locked:
        return "control"
    return "accent_h" if look.is_hot else "accent"


def _paint_ring(painter: QPainter, theme: Theme, grip: QRectF) -> None:
    painter.setBrush(theme.color("surface"))
    painter.setPen(QPen(theme.color("focus"), 2))
    painter.drawRoundedRect(grip.adjusted(-3, -3, 3, 3), 7, 7)


def _paint_marks(painter: QPainter, x: float, middle: float, color: QColor) -> None:
    painter.setPen(QPen(color, 1))
    for left in (x - 1.5, x + 1.5):
        painter.drawLine(QPointF(left, middle - _MARK / 2), QPointF(left, middle + _MARK / 2))


def _grown(rect: QRectF) -> QRectF:
    return rect.adjusted(-_HALO, 0, _HALO, 0)
