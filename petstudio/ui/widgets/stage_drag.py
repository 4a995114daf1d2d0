"""A card of the recipe on its way to another place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QApplication

_LINE: Final = 2
_OPACITY: Final = 0.7


class StageDrag:
    """Begins with the press on a card; it is a drag once the mouse has left the spot."""

    def __init__(self, row: int, press: QPoint, corner: QPoint) -> None:
        """`corner` is the upper left one of the card that was pressed."""
        self.row = row
        self.is_moving = False
        self.picture = QPixmap()
        self._press = press
        self._grip = press - corner
        self._pointer = press

    def begins_at(self, pointer: QPoint) -> bool:
        """Say whether the mouse has gone far enough for a drag."""
        distance = (pointer - self._press).manhattanLength()
        return not self.is_moving and distance >= QApplication.startDragDistance()

    def follow(self, pointer: QPoint) -> None:
        self._pointer = pointer

    def gap(self, cards: Sequence[QRect]) -> int:
        """Return the number of cards that the middle of the dragged one has passed."""
        middle = self._pointer.x() - self._grip.x() + cards[self.row].width() // 2
        return sum(middle > card.center().x() for card in cards)

    def paint(self, painter: QPainter, cards: Sequence[QRect], spacing: int, color: QColor) -> None:
        """Draw the card at the mouse, and a line where it would go."""
        gap = self.gap(cards)
        x = cards[gap].left() if gap < len(cards) else cards[-1].right() + spacing
        x = max(_LINE // 2, x - spacing // 2)
        painter.setPen(QPen(color, _LINE))
        painter.drawLine(x, cards[0].top() + 2, x, cards[0].bottom() - 2)
        painter.setOpacity(_OPACITY)
        painter.drawPixmap(self._pointer.x() - self._grip.x(), cards[0].top(), self.picture)
