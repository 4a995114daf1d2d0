"""One setting: its name, what it is set with, and a sentence on what it does."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from petstudio.ui.widgets.text import Text

_BETWEEN: Final = 8
_TO_NOTE: Final = 4


class SettingRows(QGridLayout):
    """Rows under one another, their editors in one line."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalSpacing(16)
        self.setVerticalSpacing(_TO_NOTE)
        self.setColumnStretch(1, 1)

    def add(self, label: str, *editors: QWidget, note: str = "") -> None:
        row = self.rowCount()
        self.setRowMinimumHeight(row, _BETWEEN)
        caption = Text(label)
        caption.setBuddy(editors[0])
        line = QHBoxLayout()
        line.setSpacing(8)
        for editor in editors:
            line.addWidget(editor)
        line.addStretch(1)
        self.addWidget(caption, row + 1, 0)
        self.addLayout(line, row + 1, 1)
        if note:
            self.addWidget(Text(note, kind="small", tone="text3", wraps=True), row + 2, 1)
