"""The field in the top bar that opens the command palette."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy

from petstudio.api.language import tr
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.key_cap import KeyCap
from petstudio.ui.widgets.text import ElidedText

_WIDEST: Final = 420
_LETTERS: Final = 50
_LEAST: Final = 160
_WORDS: Final = tr("Search commands, pages and classes")
_ICON: Final = QSize(16, 16)


class SearchField(QPushButton):
    """Looks like a field; what is typed goes into the palette that opens over it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._icon = QLabel()
        self._cap = KeyCap("")
        self.setObjectName("top.search")
        self.setProperty("kind", "search")
        self.setAccessibleName(_WORDS)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumWidth(_LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._build()
        theme.changed.connect(self._dress)
        self._dress()

    def sizeHint(self) -> QSize:
        return QSize(self.maximumWidth(), super().sizeHint().height())

    def show_keys(self, keys: str) -> None:
        """Show by which keys it is opened, too."""
        self._cap.setText(keys)
        self._cap.setVisible(bool(keys))

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 8, 0)
        row.setSpacing(8)
        words = ElidedText(_WORDS, tone="text3")
        for widget in (self._icon, words, self._cap):
            widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row.addWidget(self._icon)
        row.addWidget(words, 1)
        row.addWidget(self._cap, 0, Qt.AlignmentFlag.AlignVCenter)

    @Slot()
    def _dress(self) -> None:
        letters = _LETTERS * QFontMetrics(self._theme.font(FontRole.BODY)).averageCharWidth()
        self.setMaximumWidth(max(_WIDEST, letters))
        self._icon.setPixmap(self._theme.icon("magnifying-glass", "text3").pixmap(_ICON))
