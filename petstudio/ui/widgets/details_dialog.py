"""The technical part of an error, shown only on demand."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.text import Text


class DetailsDialog(QDialog):
    """A sentence, the details below it, and a button that copies both."""

    def __init__(self, theme: Theme, sentence: str, details: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._all = f"{sentence}\n\n{details}"
        self.setObjectName("details")
        self.setWindowTitle(tr("Details of the error"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(720, 460)
        view = QPlainTextEdit(details)
        view.setObjectName("details.text")
        view.setReadOnly(True)
        view.setAccessibleName(tr("Details of the error"))
        copy = Button(theme, tr("Copy"), icon="copy", name="details.copy")
        close = Button(theme, tr("Close"), kind="primary", name="details.close")
        copy.clicked.connect(self._copy)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(copy)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(Text(sentence, kind="strong", wraps=True))
        layout.addWidget(view, 1)
        layout.addLayout(buttons)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._all)
