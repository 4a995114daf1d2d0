"""What stands above every page: its title, a sentence, and buttons."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from petstudio.ui.widgets.text import ElidedText, Text

_HEIGHT: Final = 60
_GAP: Final = 12
_LEAST_LETTERS: Final = 16  # of the sentence; with less it says nothing


class PageHeader(QWidget):
    """Gives the buttons a line of their own where one is too narrow for all."""

    def __init__(self, title: str, sentence: ElidedText, buttons: QHBoxLayout) -> None:
        super().__init__()
        self._title = Text(title, kind="page")
        self._buttons = buttons
        self.setMinimumHeight(_HEIGHT)
        words = QHBoxLayout()
        words.setSpacing(_GAP)
        words.addWidget(self._title)
        words.addWidget(sentence, 1)
        self._lines = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._lines.setContentsMargins(24, 12, 24, 8)
        self._lines.setSpacing(_GAP)
        self._lines.addLayout(words, 1)
        self._lines.addLayout(buttons)
        buttons.setAlignment(Qt.AlignmentFlag.AlignRight)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_buttons()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:  # a button came, went or got another text
            self._place_buttons()
        return super().event(event)

    def _place_buttons(self) -> None:
        sentence = _LEAST_LETTERS * self.fontMetrics().averageCharWidth()
        parts = (self._title.sizeHint().width(), sentence, self._buttons.sizeHint().width())
        margins = self._lines.contentsMargins()
        needed = sum(parts) + 2 * _GAP + margins.left() + margins.right()
        is_narrow = needed > self.width()
        direction = QBoxLayout.Direction
        self._lines.setDirection(direction.TopToBottom if is_narrow else direction.LeftToRight)
