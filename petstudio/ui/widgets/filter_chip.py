"""A chip that filters while it is pressed in."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QPushButton, QSizePolicy

from petstudio.ui.theme import Theme
from petstudio.ui.widgets.text import restyle

FilterTone = Literal["neutral", "ok", "err"]
_TOKENS: dict[FilterTone, str] = {"neutral": "text2", "ok": "ok", "err": "err"}


class FilterChip(QPushButton):
    """Looks like a chip; the edge says that it is pressed in."""

    def __init__(
        self, theme: Theme, *, tone: FilterTone = "neutral", icon: str = "", name: str
    ) -> None:
        super().__init__()
        self._theme = theme
        self._tone: FilterTone = tone
        self._icon_name = icon
        self.setObjectName(name)
        self.setCheckable(True)
        self.setProperty("kind", "filter")
        self.setProperty("filter", tone)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setIconSize(QSize(14, 14))
        self._draw_icon()
        theme.changed.connect(self._draw_icon)

    def say(self, text: str) -> None:
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        restyle(self)

    @Slot()
    def _draw_icon(self) -> None:
        if self._icon_name:
            self.setIcon(self._theme.icon(self._icon_name, _TOKENS[self._tone]))
