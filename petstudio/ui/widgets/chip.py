"""A chip: a condition in one or two words, always with an icon when it states one."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy

from petstudio.ui.theme import Theme
from petstudio.ui.widgets.text import Text, restyle

ChipKind = Literal["neutral", "accent", "ok", "warn", "err"]
_TOKENS: dict[ChipKind, str] = {
    "neutral": "text2",
    "accent": "accent_text",
    "ok": "ok",
    "warn": "warn",
    "err": "err",
}
_ICON_SIDE = 14


class Chip(QFrame):
    """A pill with a soft fill."""

    def __init__(
        self, theme: Theme, text: str = "", *, kind: ChipKind = "neutral", icon: str = ""
    ) -> None:
        super().__init__()
        self._theme = theme
        self._kind: ChipKind = kind
        self._icon_name = icon
        self._icon = QLabel()
        self._text = Text()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 0, 10, 0)
        layout.setSpacing(6)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._text)
        self.show_state(text, kind=kind, icon=icon)
        theme.changed.connect(self._draw_icon)

    @property
    def text(self) -> str:
        return self._text.text()

    def show_state(self, text: str, *, kind: ChipKind = "neutral", icon: str = "") -> None:
        self._kind, self._icon_name = kind, icon
        self._text.setText(text)
        self.setAccessibleName(text)
        self._icon.setVisible(bool(icon))
        self._draw_icon()
        if self.property("chip") != kind:
            for widget in (self, self._text):
                widget.setProperty("chip", kind)
                restyle(widget)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), max(22, self.fontMetrics().height() + 6))

    @Slot()
    def _draw_icon(self) -> None:
        if self._icon_name:
            icon = self._theme.icon(self._icon_name, _TOKENS[self._kind])
            self._icon.setPixmap(icon.pixmap(QSize(_ICON_SIDE, _ICON_SIDE)))
