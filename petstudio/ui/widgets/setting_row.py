"""One setting: its name, what it is set with, and a sentence on what it does."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from petstudio.ui.widgets.text import Text

_SPACE: Final = 12


class SettingRows(QGridLayout):
    """Rows under one another, their editors in one line."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalSpacing(16)
        self.setVerticalSpacing(_SPACE)
        self.setColumnStretch(1, 1)

    def add(self, label: str, *editors: QWidget, note: str = "") -> None:
        row = self.rowCount()
        caption = Text(label)
        caption.setBuddy(editors[0])
        line = QHBoxLayout()
        line.setSpacing(8)
        for editor in editors:
            line.addWidget(editor)
        line.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addLayout(line)
        if note:
            column.addWidget(Text(note, kind="small", tone="text3", wraps=True))
        caption.setMinimumHeight(line.sizeHint().height())
        self.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignTop)
        self.addLayout(column, row, 1)
