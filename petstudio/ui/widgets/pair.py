"""Two parts side by side, or one below the other where there is no room."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

LETTERS: Final = 96
"""Narrower than this many average letters, two columns are too narrow to read."""


class Pair(QWidget):
    """Grows with the user's font: large letters stack the parts earlier."""

    def __init__(
        self, left: QWidget, right: QWidget, *, shares: tuple[int, int], spacing: int = 12
    ) -> None:
        super().__init__()
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(spacing)
        self._layout.addWidget(left, shares[0])
        self._layout.addWidget(right, shares[1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        letters = event.size().width() / max(1, self.fontMetrics().averageCharWidth())
        direction = QBoxLayout.Direction
        self._layout.setDirection(
            direction.TopToBottom if letters < LETTERS else direction.LeftToRight
        )
