"""A table of numbers: rows are chosen whole, a hair line below each, sorted by the head."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QAbstractItemModel, Slot
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from petstudio.bridge.models import Index
from petstudio.ui.theme import FontRole, Theme

_HEAD_HEIGHT: Final = 30
_PADDING: Final = 8  # with Qt's own, that of the head


class LinedTable(QTableView):
    """Shows a model that sorts itself; `wide` columns share the room that the others leave."""

    def __init__(self, theme: Theme, model: QAbstractItemModel, *, name: str, spoken: str) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setModel(model)
        self.setItemDelegate(_LineDelegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        theme.changed.connect(self._size_rows)
        self._size_rows()

    def stretch(self, *wide: int) -> None:
        """Give these columns the room, and the others what they need."""
        mode = QHeaderView.ResizeMode
        for column in range(self.model().columnCount()):
            self.horizontalHeader().setSectionResizeMode(
                column, mode.Stretch if column in wide else mode.ResizeToContents
            )

    @Slot()
    def _size_rows(self) -> None:
        line = QFontMetrics(self._theme.font(FontRole.BODY)).height()
        self.verticalHeader().setDefaultSectionSize(self._theme.row_height(line))
        self.horizontalHeader().setFixedHeight(max(_HEAD_HEIGHT, line + 12))


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
