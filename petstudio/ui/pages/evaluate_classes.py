"""Per class: precision, recall and F1 of each, sorted as the user likes."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
)

from petstudio.bridge.class_score_model import ClassScoreModel, ScoreColumn
from petstudio.bridge.evaluation_view import Evaluation, Judged, Picked
from petstudio.bridge.figures import percent_text
from petstudio.bridge.models import Index, spoken_label
from petstudio.engine.analysis.per_class import macro_score
from petstudio.ui.pages.evaluate_tab import EvaluateTab
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.text import Text

_HEAD_HEIGHT: Final = 30
_PADDING: Final = 8  # with Qt's own, that of the head
_NAME: Final = "Scores of each class"


class ClassesTab(EvaluateTab):
    """A row picks the pictures of its class, mistakes first."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._judged: Judged | None = None
        self._chosen: int | None = None
        self._rows = ClassScoreModel(self)
        self.table = QTableView()
        self._means = Text(kind="small")
        self._build()
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        theme.changed.connect(self._size_rows)
        self._size_rows()

    def show_evaluation(self, seen: Evaluation) -> None:
        self._judged = judged = seen.judged
        if judged is None:
            return
        chosen = self._chosen
        self._rows.show_scores(judged)
        mean = macro_score(judged.scores)
        self._means.setText(
            f"Mean of the classes: precision {percent_text(mean.precision)}, "
            f"recall {percent_text(mean.recall)}, F1 {mean.f1:.3f}"
        )
        row = self._rows.row_of(chosen) if chosen is not None else None
        if row is not None:
            self.table.selectRow(row)

    def pick(self) -> Picked | None:
        judged, place = self._judged, self._chosen
        if judged is None or place is None or place >= len(judged.classes):
            return None
        rows = judged.worst_first(judged.predictions.targets == place)
        return Picked(title=spoken_label(judged.classes[place]), images=judged.keys_at(rows))

    def _build(self) -> None:
        table = self.table
        table.setObjectName("evaluate.classes")
        table.setAccessibleName(_NAME)
        table.setModel(self._rows)
        table.setItemDelegate(_LineDelegate(self._theme, table))
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        table.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        head = table.horizontalHeader()
        head.setHighlightSections(False)
        head.setSortIndicator(ScoreColumn.F1, Qt.SortOrder.AscendingOrder)
        table.setSortingEnabled(True)
        for column in ScoreColumn:
            is_wide = column in (ScoreColumn.NAME, ScoreColumn.TAKEN_FOR)
            mode = QHeaderView.ResizeMode
            head.setSectionResizeMode(column, mode.Stretch if is_wide else mode.ResizeToContents)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(table, 1)
        layout.addWidget(self._means)

    @Slot()
    def _size_rows(self) -> None:
        line = QFontMetrics(self._theme.font(FontRole.BODY)).height()
        self.table.verticalHeader().setDefaultSectionSize(self._theme.row_height(line))
        self.table.horizontalHeader().setFixedHeight(max(_HEAD_HEIGHT, line + 12))

    @Slot(QModelIndex, QModelIndex)
    def _on_row(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self._chosen = self._rows.place(current.row())
            self.picked.emit(self.pick())


class _LineDelegate(QStyledItemDelegate):
    """Cells with the padding of the head, and a hair line below each row."""

    def __init__(self, theme: Theme, parent: QTableView) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        box = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, self._theme.color("selected"))
        inner = QStyleOptionViewItem(option)
        inner.rect = box.adjusted(_PADDING, 0, -_PADDING, -1)
        inner.state &= ~QStyle.StateFlag.State_HasFocus
        super().paint(painter, inner, index)
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, self._theme.color("hair"))
