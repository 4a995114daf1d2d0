"""What a page shows while it cannot work: what is missing, what will be here, one button."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button, ButtonKind
from petstudio.ui.widgets.text import Text

_ICON: Final = 32


class EmptyState(QFrame):
    """In the middle of the place that it is given."""

    wanted = Signal()
    """The button was pressed."""

    def __init__(self, theme: Theme, *, icon: str, name: str, kind: ButtonKind = "primary") -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = icon
        self._icon = QLabel()
        self._missing = Text(kind="section", wraps=True)
        self._promise = Text(kind="label", wraps=True)
        self._button = Button(theme, kind=kind, name=f"{name}.go")
        self.setObjectName(name)
        self._build()
        self._button.clicked.connect(self.wanted)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    def say(self, missing: str, promise: str, button: str) -> None:
        """Say it; without a text there is no button."""
        self._missing.setText(missing)
        self._promise.setText(promise)
        self._promise.setVisible(bool(promise))
        self._button.setText(button)
        self._button.setVisible(bool(button))

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addStretch(1)
        for widget in (self._icon, self._missing, self._promise):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(widget)
        layout.addSpacing(8)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)

    @Slot()
    def _draw_icon(self) -> None:
        icon = self._theme.icon(self._icon_name, "text3")
        self._icon.setPixmap(icon.pixmap(QSize(_ICON, _ICON)))
