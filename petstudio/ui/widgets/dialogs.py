"""Questions; here are those about a job that runs when the window closes, and a run to discard."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.text import Text

_WIDTH: Final = 420
_STILL_RUNNING: Final = tr(
    "Stopping ends it in order. What it has finished so far is kept, as the status bar will say."
)


class Question(QDialog):
    """A title, a paragraph, buttons at the right; Esc is always the harmless way out."""

    def __init__(self, theme: Theme, title: str, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 20, 24, 20)
        self._column.setSpacing(12)
        self._column.addWidget(Text(title, kind="dialog"))
        self.add_paragraph(text)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addStretch(1)
        self.setMinimumWidth(_WIDTH)

    def add_paragraph(self, text: str) -> None:
        self._column.addWidget(Text(text, tone="text2", wraps=True))

    def add_button(self, button: Button) -> Button:
        self._buttons.addWidget(button)
        return button

    def offer_loss(self, go: Button, keep: Button) -> None:
        """Close the column with the way on, and the way back, which is what Enter takes."""
        self.add_button(go)
        self.add_button(keep)
        keep.setDefault(True)
        self.finish()
        go.clicked.connect(self.accept)
        keep.clicked.connect(self.reject)

    def finish(self) -> None:
        """Close the column with the row of buttons."""
        self._column.addSpacing(4)
        self._column.addLayout(self._buttons)


def still_running(theme: Theme, title: str, parent: QWidget) -> Question:
    """Return the question whether a running job shall be stopped; accepted means yes."""
    dialog = Question(theme, tr("{title} is still running", title=title), _STILL_RUNNING, parent)
    dialog.setObjectName("still_running")
    stop = Button(theme, tr("Stop and close"), kind="danger", name="still_running.stop")
    keep = Button(theme, tr("Keep running"), kind="primary", name="still_running.keep")
    dialog.offer_loss(stop, keep)
    return dialog
