"""The epochs of a run as a table, grouped by stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSignalBlocker,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from petstudio.api.language import tr, tr_as
from petstudio.bridge.figures import MISSING, duration_text, loss_text, percent_text
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.run_stages import EpochRow
from petstudio.ui.theme import FontRole, Theme

_COLUMNS: Final = (tr("Epoch"), tr_as("column", "Train"), tr("Valid"), tr("Accuracy"), tr("Time"))
_STAR: Final = "★"
_WIDEST_CELL: Final = "0.0000"
_EMPTY: Final = tr("Epochs appear here as they end.")
_PADDING: Final = 6  # as that of a dense header in the style sheet
_ROOT: Final = QModelIndex()
_AnyIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, kw_only=True)
class _Line:
    """A row of the table: a stage, an epoch by its index, or the epoch that is still going."""

    cells: tuple[str, ...]
    epoch: int | None = None
    is_stage: bool = False


class EpochTableModel(QAbstractTableModel):
    """Copies from the run what a table needs, each time it is told to refresh."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._run: LiveRun | None = None
        self._lines: list[_Line] = []
        self._shown: object = None

    def show_run(self, run: LiveRun | None) -> None:
        self._run = run
        self._shown = None
        self.refresh()

    def refresh(self) -> None:
        """Take over what the run has got since the last time."""
        run = self._run
        shown = (len(run.epochs), run.current, run.finished) if run is not None else None
        if run is None or shown != self._shown:
            self.beginResetModel()
            self._shown = shown
            self._lines = _lines(run) if run is not None else []
            self.endResetModel()
        elif self._lines and self._lines[-1] != (going := _going_line(run)) and going is not None:
            self._lines[-1] = going
            row = len(self._lines) - 1
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(_COLUMNS) - 1))

    def epoch_at(self, row: int) -> int | None:
        return self._lines[row].epoch if 0 <= row < len(self._lines) else None

    def row_of(self, epoch: int | None) -> int | None:
        if epoch is None:
            return None
        return next((row for row, line in enumerate(self._lines) if line.epoch == epoch), None)

    def stage_rows(self) -> list[int]:
        return [row for row, line in enumerate(self._lines) if line.is_stage]

    def rowCount(self, parent: _AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: _AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(_COLUMNS)

    def flags(self, index: _AnyIndex) -> Qt.ItemFlag:
        if index.isValid() and self._lines[index.row()].epoch is None:
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index)

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self._lines[index.row()]
        is_going = line.epoch is None and not line.is_stage
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return line.cells[index.column()] if index.column() < len(line.cells) else ""
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(index.column())
            case Qt.ItemDataRole.ForegroundRole if is_going or line.is_stage:
                return self._theme.color("accent_text" if is_going else "text2")
            case Qt.ItemDataRole.FontRole if line.is_stage:
                return self._theme.font(FontRole.BODY, QFont.Weight.DemiBold)
            case _:
                return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return _COLUMNS[section] if role == Qt.ItemDataRole.DisplayRole else None


class EpochTable(QTableView):
    """Keeps the chosen epoch and stays at the end while the run goes on."""

    epoch_picked = Signal(object)
    """The index in `LiveRun.epochs` of the row that the user chose."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._epochs = EpochTableModel(theme)
        self._picked: int | None = None
        self.setObjectName("training.epochs")
        self.setAccessibleName(tr("Epochs"))
        self.setModel(self._epochs)
        self._dress()
        self._epochs.modelReset.connect(self._on_reset)
        self.selectionModel().currentRowChanged.connect(self._on_row_changed)

    def show_run(self, run: LiveRun | None) -> None:
        self._picked = None
        self._epochs.show_run(run)

    def refresh(self) -> None:
        self._epochs.refresh()

    def pick_epoch(self, epoch: int | None) -> None:
        """Choose a row without a signal."""
        self._picked = epoch
        row = self._epochs.row_of(epoch)
        blocker = QSignalBlocker(self)
        if row is None:
            self.selectionModel().clear()
        else:
            self.selectRow(row)
        blocker.unblock()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._epochs.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(self._theme.color("text3"))
            painter.setFont(self._theme.font(FontRole.SMALL))
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, _EMPTY)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        """Give every column what its title needs, and an equal part of the rest."""
        body = QFontMetrics(self._theme.font(FontRole.BODY)).horizontalAdvance(_WIDEST_CELL)
        title = QFontMetrics(self._theme.font(FontRole.SMALL, QFont.Weight.Medium))
        needs = [2 * _PADDING + 2 + max(body, title.horizontalAdvance(text)) for text in _COLUMNS]
        rest = max(0, self.viewport().width() - sum(needs))
        for column, need in enumerate(needs):
            self.horizontalHeader().resizeSection(column, need + rest // len(_COLUMNS))

    def _dress(self) -> None:
        self.setItemDelegate(_EpochDelegate(self._theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(max(29, self.fontMetrics().height() + 12))
        header = self.horizontalHeader()
        header.setProperty("dense", True)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setStretchLastSection(True)
        header.setMinimumSectionSize(24)
        header.setFixedHeight(max(30, self.fontMetrics().height() + 12))

    @Slot()
    def _on_reset(self) -> None:
        self.clearSpans()
        for row in self._epochs.stage_rows():
            self.setSpan(row, 0, 1, len(_COLUMNS))
        self.pick_epoch(self._picked)
        if self._picked is None:
            self.scrollToBottom()

    @Slot(QModelIndex)
    def _on_row_changed(self, current: QModelIndex) -> None:
        epoch = self._epochs.epoch_at(current.row())
        if epoch is not None and epoch != self._picked:
            self._picked = epoch
            self.epoch_picked.emit(epoch)


class _EpochDelegate(QStyledItemDelegate):
    """Cells have the padding of the header, and a hair line below."""

    def __init__(self, theme: Theme, parent: QTableView) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        # The cells are asked for what they have: the full option of a style costs twice as much.
        rect: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self._theme.color("selected"))
        painter.setPen(self._theme.color("hair"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setFont(index.data(Qt.ItemDataRole.FontRole) or option.font)
        color = index.data(Qt.ItemDataRole.ForegroundRole)
        painter.setPen(color or option.palette.color(QPalette.ColorRole.Text))
        cell = rect.adjusted(_PADDING, 0, -_PADDING, 0)
        painter.drawText(cell, _alignment(index.column()), index.data())


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def _lines(run: LiveRun) -> list[_Line]:
    lines: list[_Line] = []
    stage = -1
    for index, row in enumerate(run.epochs):
        if row.result.stage != stage:
            stage = row.result.stage
            lines.append(_stage_line(run, stage))
        lines.append(_epoch_line(index, row, is_best=row is run.best))
    going = _going_line(run)
    if going is not None and run.current is not None:
        number = run.stages.index(run.current)
        lines += [_stage_line(run, number)] if number != stage else []
        lines.append(going)
    return lines


def _stage_line(run: LiveRun, stage: int) -> _Line:
    return _Line(
        cells=(tr("Stage {stage}, {name}", stage=stage + 1, name=run.stages[stage].stage.name),),
        is_stage=True,
    )


def _epoch_line(index: int, row: EpochRow, *, is_best: bool) -> _Line:
    result = row.result
    number = str(result.epoch + 1)
    cells = (
        f"{number} {_STAR}" if is_best else number,
        loss_text(result.train_loss),
        loss_text(result.valid_loss),
        percent_text(row.accuracy),
        duration_text(result.seconds),
    )
    return _Line(cells=cells, epoch=index)


def _going_line(run: LiveRun) -> _Line | None:
    current = run.current
    if current is None or run.finished is not None or current.fraction >= 1:
        return None
    step = run.last_step
    is_of_stage = step is not None and run.stages[step.stage] is current
    loss = loss_text(step.smoothed_loss) if step is not None and is_of_stage else MISSING
    number = str(int(current.done) + 1)
    return _Line(cells=(number, loss, MISSING, MISSING, duration_text(run.pace.seconds_in_epoch)))
