"""Precision, recall and F1 of a few classes, below their confusion grid."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from petstudio.api.language import shown_number, tr
from petstudio.bridge.confusion_table import ConfusionTable
from petstudio.bridge.figures import percent_text
from petstudio.bridge.models import Index, spoken_label
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.text_twin import TextTwin, TextTwinModel

_HEAD: Final = (tr("Class"), tr("Precision"), tr("Recall"), "F1")
_HEAD_HEIGHT: Final = 30
_PADDING: Final = 8
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ClassScores(QTableView):
    """One row a class, in the order of the grid."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("evaluate.confusion.scores")
        self.setAccessibleName(tr("Precision, recall and F1 of each class"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QTableView.SelectionMode.NoSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.setItemDelegate(_ScoreDelegate(theme, self))
        theme.changed.connect(self._size_rows)

    def show_scores(self, table: ConfusionTable, order: list[int]) -> None:
        scores = (table.precisions, table.recalls)

        def cell(row: int, column: int) -> str:
            index = order[row]
            if column == 0:
                return spoken_label(table.classes[index])
            if column <= len(scores):
                return percent_text(float(scores[column - 1][index]))
            return shown_number(table.f1[index], ".3f")

        twin = TextTwin(title=tr("Scores"), head=_HEAD, rows=table.size, cell=cell)
        self._model = _ScoresModel(twin)
        self.setModel(self._model)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._size_rows()

    def height_of(self, rows: int) -> int:
        """Return what the head and so many rows need."""
        head = self.horizontalHeader().sizeHint().height()
        return head + rows * self.verticalHeader().defaultSectionSize() + 2

    @Slot()
    def _size_rows(self) -> None:
        line = QFontMetrics(self._theme.font(FontRole.BODY)).height()
        self.verticalHeader().setDefaultSectionSize(self._theme.row_height(line))
        self.horizontalHeader().setFixedHeight(max(_HEAD_HEIGHT, line + 12))


class _ScoreDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: ClassScores) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        box = QRect(option.rect)
        # Below its head, which has this padding in the style sheet; Qt's own cells have less.
        inner = QStyleOptionViewItem(option)
        inner.rect = box.adjusted(_PADDING, 0, -_PADDING, 0)
        super().paint(painter, inner, index)
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, self._theme.color("hair"))


class _ScoresModel(TextTwinModel):
    def data(
        self,
        index: Index,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if index.column() else _LEFT
        return super().data(index, role)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section else _LEFT
        return super().headerData(section, orientation, role)
