"""The table of runs: sorted by its header, ticked by click or Space, steered by keys."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from petstudio.api.language import tr
from petstudio.bridge.run_columns import COLUMNS, RunColumn
from petstudio.bridge.run_row import RunRow
from petstudio.bridge.runs_model import RunsModel
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.runs_delegate import ROOM_FOR_MARKS, ROOM_FOR_TICK, RunsDelegate

NO_RUNS: Final = tr("Runs appear here. Nothing is sent anywhere.")
NO_MATCH: Final = tr("No run has all these words.")
_HEADER_HEIGHT: Final = 30
_PADDING: Final = 11
_CARET: Final = 16
_SPARE: Final = 4  # a text that fits exactly would be cut
_LEAST_ROWS: Final = 4


class RunsTable(QTableView):
    """Keeps the chosen run when the table is filled or ordered anew."""

    run_chosen = Signal(object)
    """The RunRow of the current line, or None."""
    tick_refused = Signal()
    """There is no colour left for another ticked run."""
    pin_wanted = Signal(object)
    baseline_wanted = Signal(object)
    trash_wanted = Signal(object)
    """The RunRow for which a key was pressed."""

    def __init__(self, theme: Theme, model: RunsModel) -> None:
        super().__init__()
        self._theme = theme
        self._runs = model
        self._chosen: int | None = None
        self._is_filtered = False
        self.setObjectName("runs.table")
        self.setAccessibleName(tr("Runs"))
        self.setModel(model)
        self.setItemDelegate(RunsDelegate(theme, model, self))
        self._build()
        self._dress()
        theme.changed.connect(self._dress)
        self.clicked.connect(self._on_clicked)
        model.modelReset.connect(self._choose_again)
        self.selectionModel().currentRowChanged.connect(self._on_row_changed)

    @property
    def chosen(self) -> RunRow | None:
        """The run of the current line."""
        return self._runs.row_at(self.currentIndex().row())

    def choose(self, number: int) -> None:
        """Put the cursor on a run, if it is in the table."""
        line = self._runs.line_of(number)
        if line is not None:
            self.setCurrentIndex(self._runs.index(line, RunColumn.RUN))

    def filter_by(self, words: str) -> None:
        """Show the runs in which each of these words occurs."""
        self._is_filtered = bool(words.strip())
        self._runs.filter_by(words)

    def toggle(self, row: RunRow) -> None:
        """Tick a run, or take the tick away."""
        if not self._runs.tick(row.number, self._runs.series_of(row.number) is None):
            self.tick_refused.emit()

    def share_width(self) -> None:
        """Give the names what the other columns leave."""
        columns = self.horizontalHeader()
        others = (c for c in RunColumn if c is not RunColumn.RUN and not self.isColumnHidden(c))
        taken = sum(columns.sectionSize(column) for column in others)
        needed = self._width_of(RunColumn.RUN)
        columns.resizeSection(RunColumn.RUN, max(needed, self.viewport().width() - taken))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.chosen
        if row is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        match event.key():
            case Qt.Key.Key_Space:
                self.toggle(row)
            case Qt.Key.Key_P:
                self.pin_wanted.emit(row)
            case Qt.Key.Key_B:
                self.baseline_wanted.emit(row)
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self.trash_wanted.emit(row)
            case _:
                super().keyPressEvent(event)

    def keyboardSearch(self, _search: str) -> None:
        """Letters are commands here; the filter finds runs."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.share_width()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._runs.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(self._theme.color("text3"))
            words = NO_MATCH if self._is_filtered else NO_RUNS
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, words)

    def _build(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.verticalHeader().hide()
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        columns.setSectionResizeMode(RunColumn.TICK, QHeaderView.ResizeMode.Fixed)
        columns.setMinimumSectionSize(ROOM_FOR_TICK)
        for column, look in COLUMNS.items():
            self.setColumnHidden(column, not look.is_shown)
        columns.setSortIndicator(RunColumn.RUN, Qt.SortOrder.DescendingOrder)
        self.setSortingEnabled(True)

    @Slot()
    def _dress(self) -> None:
        line = QFontMetrics(self._theme.font(FontRole.BODY)).height()
        height = self._theme.row_height(line)
        self.verticalHeader().setDefaultSectionSize(height)
        columns = self.horizontalHeader()
        columns.setFixedHeight(max(_HEADER_HEIGHT, line + 12))
        for column in RunColumn:
            columns.resizeSection(column, self._width_of(column))
        self.setMinimumHeight(_LEAST_ROWS * height + columns.height())
        self.share_width()

    def _width_of(self, column: RunColumn) -> int:
        if column is RunColumn.TICK:
            return ROOM_FOR_TICK
        look = COLUMNS[column]
        body = QFontMetrics(self._theme.font(FontRole.BODY)).horizontalAdvance(look.wants)
        title = QFontMetrics(self._theme.font(FontRole.SMALL, QFont.Weight.Medium))
        marks = ROOM_FOR_MARKS if column is RunColumn.RUN else _SPARE
        return max(body + marks, title.horizontalAdvance(look.title) + _CARET) + 2 * _PADDING

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        row = self._runs.row_at(index.row())
        if row is not None and index.column() == RunColumn.TICK:
            self.toggle(row)

    @Slot()
    def _choose_again(self) -> None:
        line = self._runs.line_of(self._chosen)
        if line is None and self._runs.rowCount():
            line = 0
        if line is None:
            self.run_chosen.emit(None)
        else:
            self.setCurrentIndex(self._runs.index(line, RunColumn.RUN))
        self._tell()

    @Slot(QModelIndex, QModelIndex)
    def _on_row_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self._tell()

    def _tell(self) -> None:
        row = self.chosen
        if row is not None:
            self._chosen = row.number
            self.run_chosen.emit(row)
