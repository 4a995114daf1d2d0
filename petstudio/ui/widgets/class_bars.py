"""The classes, each with a bar for its number of pictures; drawn onto another, they merge."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from petstudio.api.language import shown_number, tr
from petstudio.bridge.models import ClassModel, ClassRow, Index, spoken_label
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.tile_painting import paint_bar

_NAME_SHARE: Final = 0.45
_BAR_HEIGHT: Final = 8
_ROW_HEIGHT: Final = 27
_LEAST_HEIGHT: Final = 140


class ClassBars(QListView):
    """A list over a ClassModel; F2 renames, M merges, a drag merges into the class it ends on."""

    rename_wanted = Signal(str)
    merge_wanted = Signal(str, str)
    """The class, and the one that it was drawn onto; empty if that is still to be asked."""

    def __init__(self, theme: Theme, model: ClassModel) -> None:
        super().__init__()
        self._dragged = ""
        self._target = ""
        self._pressed_at = QPoint()
        self.setObjectName("data.classes")
        self.setAccessibleName(tr("Classes"))
        self.setModel(model)
        self.setItemDelegate(_ClassDelegate(theme, self))
        self.setUniformItemSizes(True)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme.changed.connect(self.viewport().update)
        self.doubleClicked.connect(self._rename)

    @property
    def target(self) -> str:
        """The class that the drag would end on; empty without a drag."""
        return self._target

    def keyPressEvent(self, event: QKeyEvent) -> None:
        name = self._name_of(self.currentIndex())
        if name and event.key() in (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.rename_wanted.emit(name)
        elif name and event.key() == Qt.Key.Key_M:
            self.merge_wanted.emit(name, "")
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._pressed_at = event.position().toPoint()
        self._dragged = self._name_of(self.indexAt(self._pressed_at))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        far = (place - self._pressed_at).manhattanLength() >= QApplication.startDragDistance()
        if self._dragged and far:
            over = self._name_of(self.indexAt(place))
            self._aim_at("" if over == self._dragged else over)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        dragged, target = self._dragged, self._target
        self._dragged = ""
        self._aim_at("")
        if target:
            self.merge_wanted.emit(dragged, target)

    @Slot(QModelIndex)
    def _rename(self, index: QModelIndex) -> None:
        self.rename_wanted.emit(self._name_of(index))

    def _aim_at(self, name: str) -> None:
        if name != self._target:
            self._target = name
            self.viewport().setCursor(
                Qt.CursorShape.DragMoveCursor if name else Qt.CursorShape.ArrowCursor
            )
            self.viewport().update()

    def _name_of(self, index: Index) -> str:
        return str(index.data(ClassModel.ROW).name) if index.isValid() else ""


class _ClassDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: ClassBars) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bars = parent

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        height = self._theme.font(FontRole.BODY).pointSizeF() * 2.1
        return QSize(120, max(_ROW_HEIGHT, round(height)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ClassModel.ROW)
        box = QRectF(option.rect).adjusted(2, 0, -6, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option, row)
        painter.setFont(self._theme.font(FontRole.BODY))
        count = shown_number(row.count)
        count_width = max(44, painter.fontMetrics().horizontalAdvance(count) + 12)
        name_width = box.width() * _NAME_SHARE
        self._paint_texts(painter, box, row, count, name_width)
        bar = QRectF(
            box.left() + name_width,
            box.center().y() - _BAR_HEIGHT / 2,
            box.width() - name_width - count_width,
            _BAR_HEIGHT,
        )
        self._paint_bar(painter, bar, row)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, row: ClassRow) -> None:
        box = QRectF(option.rect).adjusted(0, 1, -2, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        if row.name == self._bars.target:
            painter.setPen(QPen(self._theme.color("accent"), 2, Qt.PenStyle.DashLine))
            painter.setBrush(self._theme.color("accent_soft"))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)
        elif option.state & QStyle.StateFlag.State_Selected and self._bars.hasFocus():
            painter.setBrush(self._theme.color("selected"))
            painter.drawRoundedRect(box, 4, 4)

    def _paint_texts(
        self, painter: QPainter, box: QRectF, row: ClassRow, count: str, name_width: float
    ) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self._theme.color("text"))
        name = painter.fontMetrics().elidedText(
            spoken_label(row.name), Qt.TextElideMode.ElideRight, int(name_width) - 10
        )
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignLeft, name)
        painter.setPen(self._theme.color("warn" if row.is_small else "text"))
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignRight, count)

    def _paint_bar(self, painter: QPainter, track: QRectF, row: ClassRow) -> None:
        color = self._theme.tokens.warn_fill if row.is_small else self._theme.tokens.series[0]
        paint_bar(painter, track, row.share, QColor(color), self._theme.color("hair"))
