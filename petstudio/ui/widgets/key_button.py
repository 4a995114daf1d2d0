"""A key hint that the mouse can press, for who does not use the keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSizePolicy

from petstudio.ui.widgets.key_hint import KeyHint
from petstudio.ui.widgets.text import plain_tip


class KeyButton(KeyHint):
    """Never takes the focus, which stays with what the key acts on."""

    pressed = Signal()
    released = Signal()

    def __init__(self, key: str, words: str, *, tip: str = "") -> None:
        super().__init__(key, words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setToolTip(plain_tip(tip))
        self.setAccessibleName(f"{words}: {key}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.pressed.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.released.emit()
