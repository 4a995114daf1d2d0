"""The line at the top of a page: what happened, what is safe, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.text import Text, restyle

BannerKind = Literal["info", "warn", "err"]
_LOOK: dict[BannerKind, tuple[str, str]] = {
    "info": ("info", "accent_text"),
    "warn": ("warning-fill", "warn"),
    "err": ("warning-fill", "err"),
}


class Banner(QFrame):
    """Hidden until `show_message`; has a cross, and one button when there is something to do."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._kind: BannerKind = "info"
        self._act: Callable[[], None] | None = None
        self._icon = QLabel()
        self._headline = Text(kind="strong", wraps=True)
        self._detail = Text(kind="small", wraps=True)
        self._button = Button(theme, small=True, name="banner.action")
        self._close = Button(theme, kind="ghost", icon="x", small=True, name="banner.close")
        self._close.setAccessibleName("Close this message")
        self.setObjectName("banner")
        self._build()
        self._button.clicked.connect(self._do_action)
        self._close.clicked.connect(self.hide)
        theme.changed.connect(self._draw_icon)
        self.hide()

    @property
    def headline(self) -> str:
        return self._headline.text()

    @property
    def detail(self) -> str:
        return self._detail.text()

    def show_message(
        self,
        kind: BannerKind,
        headline: str,
        detail: str = "",
        *,
        action: str = "",
        act: Callable[[], None] | None = None,
    ) -> None:
        """Show one message in place of the last one."""
        self._kind = kind
        self._act = act
        self._headline.setText(headline)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self._button.setText(action)
        self._button.setVisible(act is not None)
        self.setProperty("kind", kind)
        self.setAccessibleName(f"{headline} {detail}".strip())
        restyle(self)
        self._draw_icon()
        self.show()

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._headline)
        words.addWidget(self._detail)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(12)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addLayout(words, 1)
        layout.addWidget(self._button)
        layout.addWidget(self._close)

    @Slot()
    def _do_action(self) -> None:
        act = self._act
        self.hide()
        if act is not None:
            act()

    @Slot()
    def _draw_icon(self) -> None:
        name, token = _LOOK[self._kind]
        self._icon.setPixmap(self._theme.icon(name, token).pixmap(QSize(16, 16)))
