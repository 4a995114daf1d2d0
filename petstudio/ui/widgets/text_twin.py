"""The numbers of a plot as a table, for reading and for screen readers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QDialog, QTableView, QVBoxLayout, QWidget

_COLUMN_WIDTH: Final = 120
_HEIGHT: Final = 560
_ROOT: Final = QModelIndex()
_AnyIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, kw_only=True)
class TextTwin:
    """What a plot shows, in words and numbers; `cell` gives the text of a row and a column."""

    title: str
    head: tuple[str, ...]
    rows: int
    cell: Callable[[int, int], str]


class TextTwinModel(QAbstractTableModel):
    """The twin as it was when it was made."""

    def __init__(self, twin: TextTwin) -> None:
        super().__init__()
        self._twin = twin

    def rowCount(self, parent: _AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else self._twin.rows

    def columnCount(self, parent: _AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._twin.head)

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._twin.cell(index.row(), index.column())

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        is_column = orientation is Qt.Orientation.Horizontal
        return self._twin.head[section] if is_column else section + 1


class TextTwinDialog(QDialog):
    """Shows the table; gone when it is closed."""

    def __init__(self, twin: TextTwin, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(twin.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(max(4, len(twin.head)) * _COLUMN_WIDTH, _HEIGHT)
        self.table = QTableView()
        self.table.setModel(TextTwinModel(twin))
        self.table.setAccessibleName(twin.title)
        self.table.horizontalHeader().setStretchLastSection(True)
        QVBoxLayout(self).addWidget(self.table)
