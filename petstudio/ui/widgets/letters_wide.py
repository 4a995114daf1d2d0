"""Keeps a field so many figures wide, also when the size of letters changes while it is shown."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

_CHANGES: Final = (QEvent.Type.FontChange, QEvent.Type.StyleChange)


class LettersWide(QObject):
    """Belongs to its widget; `room` is what border and padding take, in pixels."""

    def __init__(self, widget: QWidget, letters: int, *, room: int, most: int = 0) -> None:
        """Up to `most` figures where more of them are wanted and there is room."""
        super().__init__(widget)
        self._widget = widget
        self._letters = letters
        self._most = max(letters, most)
        self._room = room
        widget.installEventFilter(self)
        self._fit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _CHANGES:
            self._fit()
        return False

    def _fit(self) -> None:
        figure = self._widget.fontMetrics().horizontalAdvance("0")
        self._widget.setMinimumWidth(self._letters * figure + self._room)
        self._widget.setMaximumWidth(self._most * figure + self._room)
