"""What an evaluation view shows as a table that can be sorted by any column."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from petstudio.api.events import ViewMade
from petstudio.api.views import ViewRow
from petstudio.bridge.models import Index, spoken_label
from petstudio.jobs.view_texts import value_text

_NO_INDEX: Final = QModelIndex()
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ViewTableModel(QAbstractTableModel):
    """The first column has what the rows are about; unsorted they stand as the plugin gave them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view: ViewMade | None = None
        self._rows: list[ViewRow] = []
        self._by, self._order = -1, Qt.SortOrder.AscendingOrder

    def show_view(self, view: ViewMade) -> None:
        self._view = view
        self.sort(self._by, self._order)

    def row_at(self, line: int) -> ViewRow:
        return self._rows[line]

    def line_of(self, label: str | None) -> int | None:
        """Return where the row about this stands."""
        return next((at for at, row in enumerate(self._rows) if row.label == label), None)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._by, self._order = column, order
        rows = list(self._view.rows) if self._view is not None else []
        if column == 0:
            rows.sort(key=lambda row: row.label.casefold())
        elif column > 0:
            rows.sort(key=lambda row: _sortable(row.values[column - 1]))
        if column >= 0 and order is Qt.SortOrder.DescendingOrder:
            rows.reverse()
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() or self._view is None else 1 + len(self._view.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if column == 0 else _RIGHT
        if role != Qt.ItemDataRole.DisplayRole or self._view is None:
            return None
        if column == 0:
            return spoken_label(row.label)
        return value_text(row.values[column - 1], self._view.columns[column - 1])

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or self._view is None:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if section == 0 else _RIGHT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._view.columns[section - 1].label if section else self._view.heading


def _sortable(value: float | None) -> float:
    return -math.inf if value is None else value
