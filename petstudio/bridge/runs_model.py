"""The runs as a table that can be sorted, filtered and ticked."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    Qt,
    Signal,
)

from petstudio.api.language import tr
from petstudio.bridge.models import Index
from petstudio.bridge.run_columns import COLUMNS, RunColumn, sorted_rows
from petstudio.bridge.run_row import RunRow, ShelfSeen

MOST_TICKED: Final = 6  # as many as there are colours that can be told apart
_ROLE: Final = Qt.ItemDataRole.UserRole.value
_NO_INDEX: Final = QModelIndex()


class RunsModel(QAbstractTableModel):
    """Pinned runs stand at the top in every order; a ticked run has a series of the chart."""

    ROW: Final = _ROLE
    """The role under which every cell gives its RunRow."""

    ticks_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seen = ShelfSeen()
        self._rows: list[RunRow] = []
        self._wanted = ""
        self._column = RunColumn.RUN
        self._is_falling = True
        self._series: list[int | None] = [None] * MOST_TICKED

    @property
    def ticked(self) -> tuple[int, ...]:
        """The numbers of the ticked runs, in the order of their series."""
        return tuple(number for number in self._series if number is not None)

    def series_of(self, number: int) -> int | None:
        """Return which series a run has in the chart."""
        return self._series.index(number) if number in self._series else None

    def show_runs(self, seen: ShelfSeen) -> None:
        """Show what was seen; ticks stay with the runs that are still there."""
        self._seen = seen
        kept = [n if seen.row(n) is not None else None for n in self._series]
        is_same = kept == self._series
        self._series = kept
        self._arrange()
        if not is_same:
            self.ticks_changed.emit()

    def filter_by(self, words: str) -> None:
        """Show the runs in which each of these words occurs."""
        self._wanted = words
        self._arrange()

    def tick(self, number: int, is_ticked: bool) -> bool:
        """Tick a run or not; False where all series are taken."""
        series = self.series_of(number)
        if is_ticked == (series is not None):
            return True
        if not is_ticked:
            assert series is not None
            self._series[series] = None
        elif None in self._series:
            self._series[self._series.index(None)] = number
        else:
            return False
        row = self.line_of(number)
        if row is not None:
            self.dataChanged.emit(self.index(row, 0), self.index(row, RunColumn.RUN))
        self.ticks_changed.emit()
        return True

    def row_at(self, line: int) -> RunRow | None:
        return self._rows[line] if 0 <= line < len(self._rows) else None

    def line_of(self, number: int | None) -> int | None:
        """Return the line in which a run stands; None where the filter leaves it out."""
        return next((at for at, row in enumerate(self._rows) if row.number == number), None)

    def is_baseline(self, row: RunRow) -> bool:
        return row.number == self._seen.baseline

    def is_best(self, row: RunRow) -> bool:
        best = self._seen.best
        return best is not None and best.number == row.number

    def change(self, row: RunRow) -> float:
        """Return percent points against the baseline; NaN where there are none."""
        return math.nan if self.is_baseline(row) else self._seen.change(row)

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(RunColumn)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        is_tick = index.isValid() and index.column() == RunColumn.TICK
        return flags | Qt.ItemFlag.ItemIsUserCheckable if is_tick else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = self._rows[index.row()], RunColumn(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return COLUMNS[column].text(self._seen, row)
            case Qt.ItemDataRole.CheckStateRole if column is RunColumn.TICK:
                is_ticked = self.series_of(row.number) is not None
                return Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(row, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case RunsModel.ROW:
                return row
            case _:
                return None

    def setData(
        self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole.value
    ) -> bool:
        row = self.row_at(index.row())
        if row is None or role != Qt.ItemDataRole.CheckStateRole:
            return False
        return self.tick(row.number, Qt.CheckState(value) is Qt.CheckState.Checked)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(RunColumn(section))
        is_text = role == Qt.ItemDataRole.DisplayRole
        return COLUMNS[RunColumn(section)].title if is_text else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column = RunColumn(column)
        self._is_falling = order is Qt.SortOrder.DescendingOrder
        self._arrange()

    def _spoken(self, row: RunRow, column: RunColumn) -> str:
        if column is RunColumn.TICK:
            return tr("Tick run {number}", number=row.number)
        if column is not RunColumn.RUN:
            return COLUMNS[column].text(self._seen, row)
        marks = {"best": self.is_best(row), "pinned": row.notes.is_pinned}
        return ", ".join(
            (f"Run {row.number}, {row.view.name}", *(w for w, is_so in marks.items() if is_so))
        )

    def _arrange(self) -> None:
        self.beginResetModel()
        wanted = self._wanted.lower().split()
        rows = [row for row in self._seen.rows if all(word in row.words for word in wanted)]
        self._rows = sorted_rows(self._seen, rows, self._column, is_falling=self._is_falling)
        self.endResetModel()


def _alignment(column: RunColumn) -> Qt.AlignmentFlag:
    is_figure = COLUMNS[column].is_figure
    side = Qt.AlignmentFlag.AlignRight if is_figure else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
