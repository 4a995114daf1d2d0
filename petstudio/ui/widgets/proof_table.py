"""The label proof as a table: picture, file name with the label tinted, label, side."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from petstudio.api.language import tr
from petstudio.bridge.models import Index, ProofColumn, ProofModel, ProofRow
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.thumbnail_cache import ThumbnailCache
from petstudio.ui.widgets.tile_painting import middle_of
from petstudio.ui.widgets.tinted_name import paint_tinted_name

PICTURE_SIDE: Final = 24
_PADDING: Final = 11
_SIDE_WIDTH: Final = 104
_LEAST_HEIGHT: Final = 176
_LABEL_SHARE: Final = 0.4


class ProofTable(QTableView):
    """Tells which picture is looked at."""

    row_chosen = Signal(object)
    """The ProofRow of the current picture, or None."""

    def __init__(self, theme: Theme, model: ProofModel, pictures: ThumbnailCache) -> None:
        super().__init__()
        self._theme = theme
        self._model = model
        self.setObjectName("data.proof")
        self.setAccessibleName(tr("Label proof"))
        self.setModel(model)
        self.setItemDelegate(_ProofDelegate(theme, pictures, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self._size_columns()
        pictures.changed.connect(self.viewport().update)
        theme.changed.connect(self._size_columns)
        self.selectionModel().currentRowChanged.connect(self._tell)
        model.modelReset.connect(self._choose_first)

    def _size_columns(self) -> None:
        line = QFontMetricsF(self._theme.font(FontRole.BODY)).height()
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(PICTURE_SIDE)
        rows.setDefaultSectionSize(self._theme.row_height(round(line)))
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setMinimumSectionSize(PICTURE_SIDE + 2 * _PADDING)
        columns.setFixedHeight(max(30, round(line) + 12))
        columns.setSectionResizeMode(ProofColumn.PICTURE, QHeaderView.ResizeMode.Fixed)
        columns.setSectionResizeMode(ProofColumn.FILE, QHeaderView.ResizeMode.Stretch)
        columns.setSectionResizeMode(ProofColumn.LABEL, QHeaderView.ResizeMode.Fixed)
        columns.setSectionResizeMode(ProofColumn.SIDE, QHeaderView.ResizeMode.Fixed)
        columns.resizeSection(ProofColumn.PICTURE, PICTURE_SIDE + 2 * _PADDING)
        columns.resizeSection(ProofColumn.SIDE, max(_SIDE_WIDTH, round(line * 6)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        columns = self.horizontalHeader()
        fixed = sum(map(columns.sectionSize, (ProofColumn.PICTURE, ProofColumn.SIDE)))
        rest = self.viewport().width() - fixed
        columns.resizeSection(ProofColumn.LABEL, round(_LABEL_SHARE * rest))
        super().resizeEvent(event)

    @Slot()
    def _choose_first(self) -> None:
        if self._model.rowCount():
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(
                self._model.index(0, 0), flags.ClearAndSelect | flags.Rows
            )
        else:
            self.row_chosen.emit(None)

    @Slot(QModelIndex, QModelIndex)
    def _tell(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.row_chosen.emit(current.data(ProofModel.ROW) if current.isValid() else None)


class _ProofDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, pictures: ThumbnailCache, parent: ProofTable) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pictures = pictures

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: ProofRow = index.data(ProofModel.ROW)
        box = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option, row, box)
        inner = box.adjusted(_PADDING, 0, -_PADDING, 0)
        column = index.column()
        if column == ProofColumn.PICTURE:
            self._paint_picture(painter, row, box)
        elif column == ProofColumn.FILE:
            paint_tinted_name(painter, self._theme, inner, row.path, row.span)
        else:
            self._paint_word(painter, inner, str(index.data()), row)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, option: QStyleOptionViewItem, row: ProofRow, box: QRectF
    ) -> None:
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, self._theme.color("selected"))
        elif row.label is None:
            painter.fillRect(box, self._theme.color("warn_soft"))
        hair = QRectF(box.left(), box.bottom() - 1, box.width(), 1)
        painter.fillRect(hair, self._theme.color("hair"))

    def _paint_picture(self, painter: QPainter, row: ProofRow, box: QRectF) -> None:
        square = QRectF(0, 0, PICTURE_SIDE, PICTURE_SIDE)
        square.moveCenter(box.center())
        # Twice the side: the middle of a wide picture fills the square and stays sharp.
        pixmap = self._pictures.pixmap(row.file, 2 * PICTURE_SIDE)
        if pixmap is not None and pixmap.isNull():
            self._theme.icon("warning", "warn").paint(painter, square.toAlignedRect())
            return
        outline = QPainterPath()
        outline.addRoundedRect(square, 4, 4)
        painter.fillPath(outline, self._theme.color("hover"))
        if pixmap is not None:
            painter.setClipPath(outline)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(square, pixmap, QRectF(middle_of(pixmap, square.toRect())))

    def _paint_word(self, painter: QPainter, box: QRectF, text: str, row: ProofRow) -> None:
        is_unmatched = row.label is None
        weight = QFont.Weight.Medium if is_unmatched else QFont.Weight.Normal
        painter.setFont(self._theme.font(FontRole.BODY, weight))
        painter.setPen(QColor(self._theme.color("warn" if is_unmatched else "text")))
        shown = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, int(box.width())
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
