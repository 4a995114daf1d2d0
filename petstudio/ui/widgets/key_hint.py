"""A key cap with what the key does."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from petstudio.ui.widgets.key_cap import KeyCap
from petstudio.ui.widgets.text import Text


class KeyHint(QWidget):
    def __init__(self, key: str, words: str) -> None:
        super().__init__()
        cap = KeyCap(key)
        self._words = Text(words, kind="small")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(cap, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._words)

    def say(self, words: str) -> None:
        """Say otherwise what the key does."""
        self._words.setText(words)
        self.updateGeometry()
