"""A sentence with an icon before it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from petstudio.ui.theme import Theme
from petstudio.ui.widgets.text import Text, Tone

_SIDE: Final = 16


class IconLine(QWidget):
    """Hidden while there is nothing to say."""

    def __init__(self, theme: Theme, *, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = ""
        self._tone: Tone = "text2"
        self._icon = QLabel()
        self._text = Text(kind="small", wraps=True)
        self.setObjectName(name)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._text, 1)
        theme.changed.connect(self._draw_icon)
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    def say(self, text: str, *, icon: str = "info", tone: Tone = "text2") -> None:
        """Show the sentence, with the icon in the tone; the letters keep the colour of text."""
        self._icon_name, self._tone = icon, tone
        self._text.setText(text)
        self._draw_icon()
        self.setVisible(bool(text))

    @Slot()
    def _draw_icon(self) -> None:
        if self._icon_name:
            icon = self._theme.icon(self._icon_name, self._tone)
            self._icon.setPixmap(icon.pixmap(QSize(_SIDE, _SIDE)))
