"""What pictures and tiles are painted of: a bar, a line of words, a picture cut or fitted."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap


def paint_bar(
    painter: QPainter, track: QRectF, share: float, color: QColor, ground: QColor
) -> None:
    """Draw a share from 0 to 1 as a bar with round ends."""
    radius = track.height() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(track, radius, radius)
    filled = QRectF(track)
    filled.setWidth(max(track.height(), share * track.width()))
    painter.setBrush(color)
    painter.drawRoundedRect(filled, radius, radius)


def middle_of(pixmap: QPixmap, frame: QRect) -> QRect:
    """Return the largest middle part of a pixmap that has the shape of the frame."""
    scale = min(pixmap.width() / max(1, frame.width()), pixmap.height() / max(1, frame.height()))
    part = QRect(0, 0, round(frame.width() * scale), round(frame.height() * scale))
    part.moveCenter(pixmap.rect().center())
    return part


def fitted(pixmap: QPixmap, room: QRectF) -> QRectF:
    """Return the largest place in the middle of the room that has the shape of a pixmap."""
    scale = min(room.width() / pixmap.width(), room.height() / pixmap.height())
    place = QRectF(0, 0, pixmap.width() * scale, pixmap.height() * scale)
    place.moveCenter(room.center())
    return place


def write_elided(
    painter: QPainter,
    room: QRect,
    text: str,
    font: QFont,
    color: QColor,
    align: Qt.AlignmentFlag,
) -> None:
    """Write one line, cut at the right where it is too long."""
    painter.setFont(font)
    painter.setPen(color)
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, align | Qt.AlignmentFlag.AlignVCenter, shown)
