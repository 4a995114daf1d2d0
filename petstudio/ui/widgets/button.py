"""Buttons: one primary a page, the others outlined, ghost or link."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QPushButton

from petstudio.ui.theme import Theme
from petstudio.ui.widgets.text import plain_tip, restyle

ButtonKind = Literal["primary", "secondary", "ghost", "danger", "link"]
_ICON_TOKENS: dict[ButtonKind, str] = {
    "primary": "on_accent",
    "secondary": "text2",
    "ghost": "text2",
    "danger": "err",
    "link": "accent_text",
}


class Button(QPushButton):
    """A push button whose icon follows the theme."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        kind: ButtonKind = "secondary",
        icon: str = "",
        small: bool = False,
        name: str = "",
    ) -> None:
        super().__init__()
        self._theme = theme
        self._kind: ButtonKind = kind
        self._icon_name = icon
        self.setObjectName(name)
        self.setProperty("kind", kind)
        self.setProperty("small", small)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setIconSize(QSize(14, 14) if small else QSize(16, 16))
        self.setText(text)
        self._draw_icon()
        theme.changed.connect(self._draw_icon)

    def setText(self, text: str) -> None:
        # A single ampersand would become an underline; class and file names may hold one.
        super().setText(text.replace("&", "&&"))
        if self.property("bare") != (not text):
            self.setProperty("bare", not text)
            restyle(self)

    def set_icon(self, name: str) -> None:
        self._icon_name = name
        self._draw_icon()

    def set_kind(self, kind: ButtonKind) -> None:
        self._kind = kind
        self.setProperty("kind", kind)
        self._draw_icon()
        restyle(self)

    def set_ready(self, ready: bool, why_not: str = "") -> None:
        """Enable the button, or say in its tool tip why it cannot be pressed."""
        self.setEnabled(ready)
        self.setToolTip("" if ready else plain_tip(why_not))

    @Slot()
    def _draw_icon(self) -> None:
        if self._icon_name:
            self.setIcon(self._theme.icon(self._icon_name, _ICON_TOKENS[self._kind]))
