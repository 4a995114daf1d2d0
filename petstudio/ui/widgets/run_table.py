"""The numbers of a plot as a table and as text to copy."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QDialog, QTableView, QVBoxLayout, QWidget

from petstudio.bridge.live_run import LiveRun

_COLUMNS: Final = ("Epoch", "Loss", "Smoothed loss", "Rate")
_ROOT: Final = QModelIndex()
_AnyIndex = QModelIndex | QPersistentModelIndex


class RunTableModel(QAbstractTableModel):
    """One row for each batch there was when it was made."""

    def __init__(self, run: LiveRun) -> None:
        super().__init__()
        self._columns = (run.x, run.losses, run.smoothed_losses, run.rates)

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


class RunTableDialog(QDialog):
    """The text twin of the plot, for reading and for screen readers."""

    def __init__(self, run: LiveRun, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Batches of the run")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(480, 560)
        self.table = QTableView()
        self.table.setModel(RunTableModel(run))
        self.table.setAccessibleName("Batches of the run")
        self.table.horizontalHeader().setStretchLastSection(True)
        QVBoxLayout(self).addWidget(self.table)


def run_as_text(run: LiveRun) -> str:
    """Return every batch and every epoch as lines with tabs, as a spreadsheet takes them."""
    batches = zip(run.x, run.losses, run.smoothed_losses, run.rates, strict=True)
    lines = ["epoch\tloss\tsmoothed loss\trate"]
    lines += ["\t".join(f"{number:.6g}" for number in batch) for batch in batches]
    lines += ["", "epoch\ttrain loss\tvalidation loss\taccuracy\tseconds"]
    for row in run.epochs:
        result = row.result
        numbers = (row.x, result.train_loss, result.valid_loss, row.accuracy, result.seconds)
        lines.append("\t".join(f"{number:.6g}" for number in numbers))
    return "\n".join(lines)
