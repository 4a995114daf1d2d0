"""The curve of a sweep as a table and as text to copy."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QDialog, QTableView, QVBoxLayout, QWidget

from petstudio.bridge.live_sweep import LiveSweep

_COLUMNS: Final = ("Rate", "Loss", "Smoothed loss")
_TITLE: Final = "Batches of the sweep"
_ROOT: Final = QModelIndex()
_AnyIndex = QModelIndex | QPersistentModelIndex


class SweepTableModel(QAbstractTableModel):
    """One row for each batch there was when it was made."""

    def __init__(self, sweep: LiveSweep) -> None:
        super().__init__()
        self._columns = (sweep.rates, sweep.losses, sweep.smoothed_losses)

    def rowCount(self, parent: _AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns[0])

    def columnCount(self, parent: _AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(_COLUMNS)

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return f"{self._columns[index.column()][index.row()]:.6g}"

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return _COLUMNS[section] if orientation is Qt.Orientation.Horizontal else section + 1


class SweepTableDialog(QDialog):
    """The text twin of the plot, for reading and for screen readers."""

    def __init__(self, sweep: LiveSweep, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(480, 560)
        self.table = QTableView()
        self.table.setModel(SweepTableModel(sweep))
        self.table.setAccessibleName(_TITLE)
        self.table.horizontalHeader().setStretchLastSection(True)
        QVBoxLayout(self).addWidget(self.table)


def sweep_as_text(sweep: LiveSweep) -> str:
    """Return every batch and every suggestion as lines with tabs, as a spreadsheet takes them."""
    batches = zip(sweep.rates, sweep.losses, sweep.smoothed_losses, strict=True)
    lines = ["rate\tloss\tsmoothed loss"]
    lines += ["\t".join(f"{number:.6g}" for number in batch) for batch in batches]
    lines += ["", "suggestion\trate"]
    lines += [f"{item.rule.value}\t{item.rate:.6g}" for item in sweep.suggestions]
    return "\n".join(lines)
