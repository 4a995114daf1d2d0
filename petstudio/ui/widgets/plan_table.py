"""The rate plan as a table and as text to copy."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QDialog, QTableView, QVBoxLayout, QWidget

from petstudio.jobs.rate_plan import RatePlan
from petstudio.ui.widgets.plan_curves import Editors
from petstudio.ui.widgets.plan_words import table_head, table_rows

_TITLE: Final = "Learning rate plan"
_ROOT: Final = QModelIndex()
_AnyIndex = QModelIndex | QPersistentModelIndex


class PlanTableModel(QAbstractTableModel):
    """One row for each point of the plan as it was when it was made."""

    def __init__(self, plan: RatePlan, editors: Editors) -> None:
        super().__init__()
        self._head = table_head(plan)
        self._rows = table_rows(plan, editors)

    def rowCount(self, parent: _AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._head)

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._rows[index.row()][index.column()]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._head[section] if orientation is Qt.Orientation.Horizontal else section + 1


class PlanTableDialog(QDialog):
    """The text twin of the plan, for reading and for screen readers."""

    def __init__(self, plan: RatePlan, editors: Editors, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(640, 560)
        self.table = QTableView()
        self.table.setModel(PlanTableModel(plan, editors))
        self.table.setAccessibleName(_TITLE)
        self.table.horizontalHeader().setStretchLastSection(True)
        QVBoxLayout(self).addWidget(self.table)


def plan_as_text(plan: RatePlan, editors: Editors) -> str:
    """Return the table as lines with tabs, as a spreadsheet takes them."""
    rows = [table_head(plan), *table_rows(plan, editors)]
    return "\n".join("\t".join(row) for row in rows)
