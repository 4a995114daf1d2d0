"""A list of files with the reason why each of them is in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, QStringListModel, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QListView,
    QVBoxLayout,
    QWidget,
)

from petstudio.api.language import tr
from petstudio.images.listing import LeftOut
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.text import Text

_SIZE: Final = QSize(620, 420)


class FileList(QDialog):
    """Can be copied as text; Esc closes it."""

    def __init__(self, theme: Theme, title: str, files: Sequence[LeftOut], parent: QWidget) -> None:
        super().__init__(parent)
        self._lines = [_one_line(f"{file.path}: {file.why}") for file in files]
        self.setObjectName("file_list")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(_SIZE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(
            Text(tr("{title}: {count:,}", title=title, count=len(files)), kind="dialog")
        )
        layout.addWidget(self._build_list(title), 1)
        layout.addLayout(self._build_buttons(theme))

    def _build_list(self, title: str) -> QListView:
        view = QListView()
        view.setAccessibleName(title)
        view.setModel(QStringListModel(self._lines, view))
        view.setUniformItemSizes(True)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        return view

    def _build_buttons(self, theme: Theme) -> QHBoxLayout:
        copy = Button(theme, tr("Copy all"), icon="copy", name="file_list.copy")
        close = Button(theme, tr("Close"), name="file_list.close")
        close.setDefault(True)
        copy.clicked.connect(self._copy)
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(close)
        return row

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(self._lines))


def _one_line(text: str) -> str:
    return " ".join(text.split())
