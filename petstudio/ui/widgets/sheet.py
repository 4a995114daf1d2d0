"""A dialog to read in: a title, a body that scrolls, buttons below."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.text import Text

_EDGE: Final = 64
_AROUND: Final = 48


class Sheet(QDialog):
    """As large as so many letters and lines, or as its window allows. Call `finish` at the end."""

    def __init__(
        self, theme: Theme, title: str, parent: QWidget, *, name: str, letters: int, lines: int
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(Text(title, kind="dialog"))
        layout.addWidget(self._build_body(), 1)
        layout.addLayout(self._buttons)
        metrics = parent.fontMetrics()
        wanted = QSize(letters * metrics.averageCharWidth(), lines * metrics.lineSpacing())
        room = parent.window().size() - QSize(_EDGE, _EDGE)
        self.resize((wanted + QSize(_AROUND, _AROUND)).boundedTo(room))

    def add_button(self, button: Button) -> Button:
        self._buttons.addWidget(button)
        return button

    def finish(self) -> None:
        """Put the button that closes it at the right end."""
        close = Button(self.theme, tr("Close"), kind="primary", name=f"{self.objectName()}.close")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        self._buttons.addStretch(1)
        self._buttons.addWidget(close)
        self.body.addStretch(1)

    def _build_body(self) -> QScrollArea:
        inner = QWidget()
        outer = QVBoxLayout(inner)
        outer.setContentsMargins(0, 0, 12, 0)
        outer.addLayout(self.body)
        scroll = QScrollArea()
        scroll.setObjectName("sheet.body")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inner)
        return scroll
