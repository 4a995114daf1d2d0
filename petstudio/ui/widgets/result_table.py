"""The results as a table, with the same signals as the grid of pictures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from petstudio.api.language import tr
from petstudio.bridge.models import Index
from petstudio.bridge.result_model import ResultColumn, ResultModel
from petstudio.bridge.shown_predictions import ShownPredictions, SortBy
from petstudio.ui.theme import FontRole, Theme

_PADDING: Final = 11
_NUMBER_LETTERS: Final = 14
_CLASS_LETTERS: Final = 38
_SECOND_LETTERS: Final = 28
_SORTS: Final = {
    ResultColumn.FILE: SortBy.FILE,
    ResultColumn.CLASS: SortBy.CLASS,
    ResultColumn.CONFIDENCE: SortBy.LEAST_CONFIDENT,
    ResultColumn.MARGIN: SortBy.SMALLEST_MARGIN,
}
_FLAGS = QItemSelectionModel.SelectionFlag


class ResultTable(QTableView):
    """Shows ShownPredictions; a row is selected as a whole."""

    selection_changed = Signal()
    look_wanted = Signal(object)
    """The key of the picture to be seen large."""
    sort_wanted = Signal(object)
    """The SortBy of the column whose header was clicked."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._model = ResultModel(self)
        self.setObjectName("predict.table")
        self.setAccessibleName(tr("Predictions"))
        self.setModel(self._model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_CellDelegate(theme, self))
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self._size_columns()
        self.horizontalHeader().setSectionsClickable(True)
        self.horizontalHeader().sectionClicked.connect(self._sort)
        theme.changed.connect(self._size_columns)

    @property
    def current_key(self) -> int | None:
        index = self.currentIndex()
        return self._model.shown.key_at(index.row()) if index.isValid() else None

    @property
    def selected_count(self) -> int:
        return sum(len(rows) for rows in self._selected_rows())

    @property
    def selected_keys(self) -> tuple[int, ...]:
        """Keys of the selected pictures, in the order in which they stand."""
        shown = self._model.shown
        return tuple(shown.key_at(row) for rows in self._selected_rows() for row in rows)

    def show_predictions(self, shown: ShownPredictions) -> None:
        """Show others; nothing is selected afterwards."""
        self._model.show_predictions(shown)

    def select_keys(self, keys: Iterable[int], current: int | None = None) -> None:
        """Select those of these pictures that are there; without any, the first one."""
        shown = self._model.shown
        rows = sorted({row for key in keys if (row := shown.row_of(key)) is not None})
        row = shown.row_of(current) if current is not None else None
        if not len(shown):
            return
        selection = QItemSelection()
        for at in rows or [row or 0]:
            selection.append(self._range(at))
        self.selectionModel().select(selection, _FLAGS.ClearAndSelect)
        first = rows[0] if rows else 0
        cursor = self._model.index(first if row is None else row, 0)
        self.selectionModel().setCurrentIndex(cursor, _FLAGS.NoUpdate)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.current_key is not None:
            self.look_wanted.emit(self.current_key)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, _text: str) -> None:
        """Letters belong to the page."""

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.selection_changed.emit()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.selection_changed.emit()

    def _range(self, row: int) -> QItemSelectionRange:
        last = self._model.columnCount() - 1
        return QItemSelectionRange(self._model.index(row, 0), self._model.index(row, last))

    def _selected_rows(self) -> list[range]:
        selection = self.selectionModel().selection()
        parts = (selection.at(at) for at in range(selection.count()))
        return sorted((range(p.top(), p.bottom() + 1) for p in parts), key=lambda rows: rows.start)

    @Slot(int)
    def _sort(self, column: int) -> None:
        if column in _SORTS:
            self.sort_wanted.emit(_SORTS[ResultColumn(column)])

    @Slot()
    def _size_columns(self) -> None:
        font = QFontMetricsF(self._theme.font(FontRole.BODY))
        rows = self.verticalHeader()
        rows.hide()
        rows.setDefaultSectionSize(self._theme.row_height(round(font.height())))
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setFixedHeight(max(30, round(font.height()) + 12))
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        columns.setSectionResizeMode(ResultColumn.FILE, QHeaderView.ResizeMode.Stretch)
        letter = font.averageCharWidth()
        columns.resizeSection(ResultColumn.CLASS, round(_CLASS_LETTERS * letter))
        columns.resizeSection(ResultColumn.SECOND, round(_SECOND_LETTERS * letter))
        for column in (ResultColumn.CONFIDENCE, ResultColumn.MARGIN):
            columns.resizeSection(column, round(_NUMBER_LETTERS * letter))


class _CellDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: ResultTable) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, self._theme.color("selected"))
        painter.setPen(self._theme.color("hair"))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        room = option.rect.adjusted(_PADDING, 0, -_PADDING, 0)
        is_file = index.column() == ResultColumn.FILE
        mode = Qt.TextElideMode.ElideMiddle if is_file else Qt.TextElideMode.ElideRight
        painter.setFont(self._theme.font(FontRole.BODY))
        painter.setPen(self._theme.color("text"))
        text = painter.fontMetrics().elidedText(str(index.data()), mode, room.width())
        painter.drawText(room, index.data(Qt.ItemDataRole.TextAlignmentRole), text)
        painter.restore()
