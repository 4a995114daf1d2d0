"""One line of the health card: an icon, words, a count, and a way to look."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from petstudio.api.language import shown_number, tr
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.text import ElidedText, Text

_SEE: Final = tr("See")
_HEIGHT: Final = 26
_ICON_SIDE: Final = 16


class FindingRow(QWidget):
    """Hidden while it is not known, or while there is nothing and it is not `always` shown."""

    see_wanted = Signal()

    def __init__(
        self, theme: Theme, title: str, *, name: str, always: bool = False, act: str = _SEE
    ) -> None:
        super().__init__()
        self._theme = theme
        self._always = always
        self._is_fine = True
        self._icon = QLabel()
        self._count = Text(tone="text2")
        self._count.setObjectName(f"data.health.{name}")
        self.see = Button(theme, act, kind="link", small=True, name=f"data.health.{name}.see")
        self.see.setAccessibleName(f"{act}: {title}")
        self.setMinimumHeight(_HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(ElidedText(title), 1)
        row.addWidget(self._count)
        row.addWidget(self.see)
        self.see.clicked.connect(self.see_wanted)
        theme.changed.connect(self._draw_icon)
        self.show_count(None)

    def show_count(self, count: int | None, text: str = "") -> None:
        """Show how many were found; None while that is not known."""
        self._is_fine = not count
        self._count.setText(text or shown_number(count or 0))
        self.see.setVisible(bool(count))
        self.setVisible(bool(count) or (self._always and count is not None))
        self._draw_icon()

    @Slot()
    def _draw_icon(self) -> None:
        name, token = ("check-circle-fill", "ok") if self._is_fine else ("warning-fill", "warn")
        self._icon.setPixmap(self._theme.icon(name, token).pixmap(QSize(_ICON_SIDE, _ICON_SIDE)))
