"""What stands in place of content where there is none: an icon, two sentences, one button."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.text import Text

_SIDE: Final = 32


class EmptyNote(QWidget):
    wanted = Signal()
    """The button was pressed."""

    def __init__(self, theme: Theme, *, icon: str, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = icon
        self._icon = QLabel()
        self._headline = Text(kind="section")
        self._words = Text(tone="text2", wraps=True)
        self._button = Button(theme, name=f"{name}.do")
        self.setObjectName(name)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addStretch(1)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for text in (self._headline, self._words):  # over the whole width, or lines would be cut
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(text)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)
        self._button.clicked.connect(self.wanted)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    @property
    def headline(self) -> str:
        return self._headline.text()

    def say(self, headline: str, words: str, button: str) -> None:
        """Say what is missing, what would be here, and what the button does."""
        self._headline.setText(headline)
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self._button.setText(button)
        self._button.setVisible(bool(button))

    @Slot()
    def _draw_icon(self) -> None:
        icon = self._theme.icon(self._icon_name, "text3")
        self._icon.setPixmap(icon.pixmap(QSize(_SIDE, _SIDE)))
