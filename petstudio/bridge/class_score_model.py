"""The scores of all classes as a table that can be sorted by any column."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from petstudio.api.language import shown_number, tr
from petstudio.bridge.evaluation_view import Judged
from petstudio.bridge.figures import percent_text
from petstudio.bridge.models import Index, spoken_label
from petstudio.engine.analysis.per_class import ClassScore

_NO_INDEX: Final = QModelIndex()
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_HEAD: Final = (
    tr("Class"),
    tr("Pictures"),
    tr("Right"),
    tr("Precision"),
    tr("Recall"),
    "F1",
    tr("Mostly taken for"),
)


class ScoreColumn(IntEnum):
    """The columns of the table."""

    NAME = 0
    SUPPORT = 1
    CORRECT = 2
    PRECISION = 3
    RECALL = 4
    F1 = 5
    TAKEN_FOR = 6


@dataclass(frozen=True, kw_only=True)
class _Row:
    """A class: what its cells are sorted by, and what they say."""

    place: int
    values: tuple[Any, ...]  # each is compared with those of its own column only
    texts: tuple[str, ...]


class ClassScoreModel(QAbstractTableModel):
    """At first the class with the lowest F1 stands at the top."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[_Row, ...] = ()
        self._by = ScoreColumn.F1
        self._order = Qt.SortOrder.AscendingOrder

    def show_scores(self, judged: Judged) -> None:
        taken_for: dict[str, str] = {}
        for pair in judged.confused:  # the largest error of a class comes first
            text = tr(
                "{spoken_label}, {count:,}",
                spoken_label=spoken_label(pair.predicted),
                count=pair.count,
            )
            taken_for.setdefault(pair.actual, text)
        self._rows = tuple(_row(score, taken_for.get(score.name, "")) for score in judged.scores)
        self.sort(self._by, self._order)

    def place(self, row: int) -> int:
        """Return the place of a row's class in the class list."""
        return self._rows[row].place

    def row_of(self, place: int) -> int | None:
        """Return where a class stands."""
        return next((at for at, row in enumerate(self._rows) if row.place == place), None)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._by, self._order = ScoreColumn(column), order
        is_falling = order is Qt.SortOrder.DescendingOrder
        self.beginResetModel()
        self._rows = tuple(
            sorted(self._rows, key=lambda row: row.values[column], reverse=is_falling)
        )
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(ScoreColumn)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        column = ScoreColumn(index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._rows[index.row()].texts[column]
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(ScoreColumn(section))
        return _HEAD[section] if role == Qt.ItemDataRole.DisplayRole else None


def _row(score: ClassScore, taken_for: str) -> _Row:
    name = spoken_label(score.name)
    return _Row(
        place=score.place,
        values=(
            name.casefold(),
            score.support,
            score.correct,
            score.precision,
            score.recall,
            score.f1,
            taken_for.casefold(),
        ),
        texts=(
            name,
            shown_number(score.support),
            shown_number(score.correct),
            percent_text(score.precision),
            percent_text(score.recall),
            shown_number(score.f1, ".3f"),
            taken_for,
        ),
    )


def _alignment(column: ScoreColumn) -> Qt.AlignmentFlag:
    is_text = column in (ScoreColumn.NAME, ScoreColumn.TAKEN_FOR)
    return _LEFT if is_text else _RIGHT
