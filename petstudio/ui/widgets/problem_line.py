"""The sentence under a form that says which value cannot be used."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from petstudio.ui.theme import Theme
from petstudio.ui.widgets.text import Text


class ProblemLine(QWidget):
    """Hidden while there is nothing to say."""

    def __init__(self, theme: Theme, *, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._icon = QLabel()
        self._text = Text(kind="small", tone="err", wraps=True)
        self.setObjectName(name)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._text, 1)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    def show_problem(self, text: str) -> None:
        self._text.setText(text)
        self.setVisible(bool(text))

    @Slot()
    def _draw_icon(self) -> None:
        self._icon.setPixmap(self._theme.icon("warning-fill", "err").pixmap(QSize(14, 14)))
