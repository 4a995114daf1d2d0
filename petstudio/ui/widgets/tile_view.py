"""A view of equal tiles in rows, of which only the visible ones cost anything.

QListView lays out every entry: 2 s for a million, and 0.2 s for each step of the cursor among
100,000 (measured). Here all places follow from the row number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem

from petstudio.ui.widgets.tile_layout import Step, TileLayout

_SelectionFlag = QItemSelectionModel.SelectionFlag
_Move = QAbstractItemView.CursorAction
_Index = QModelIndex | QPersistentModelIndex
_MOVING_KEYS: Final = {
    Qt.Key.Key_Left: _Move.MoveLeft,
    Qt.Key.Key_Right: _Move.MoveRight,
    Qt.Key.Key_Up: _Move.MoveUp,
    Qt.Key.Key_Down: _Move.MoveDown,
    Qt.Key.Key_Home: _Move.MoveHome,
    Qt.Key.Key_End: _Move.MoveEnd,
    Qt.Key.Key_PageUp: _Move.MovePageUp,
    Qt.Key.Key_PageDown: _Move.MovePageDown,
}


_STEPS: Final = {
    _Move.MoveLeft: Step.LEFT,
    _Move.MovePrevious: Step.LEFT,
    _Move.MoveRight: Step.RIGHT,
    _Move.MoveNext: Step.RIGHT,
    _Move.MoveUp: Step.UP,
    _Move.MoveDown: Step.DOWN,
    _Move.MovePageUp: Step.PAGE_UP,
    _Move.MovePageDown: Step.PAGE_DOWN,
    _Move.MoveHome: Step.FIRST,
    _Move.MoveEnd: Step.LAST,
}


class TileView(QAbstractItemView):
    """Selects by click, Ctrl, Shift, rubber band and keys; the delegate draws the tiles.

    Shift selects all tiles between two in reading order, the rubber band those that it touches.
    """

    def __init__(self, layout: TileLayout) -> None:
        super().__init__()
        self._tiles = layout
        self._anchor = 0
        self._pressed = QPoint()
        self._band = QRect()
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def tiles(self) -> TileLayout:
        return self._tiles

    def set_tiles(self, layout: TileLayout) -> None:
        """Lay the tiles out anew; the current one, else the first visible one, stays in view."""
        current = self.currentIndex()
        kept = current if current.isValid() else self.indexAt(QPoint(1, 1))
        self._tiles = layout
        self.updateGeometries()
        if kept.isValid():
            self.scrollTo(kept)
        self.viewport().update()

    def visible_rows(self) -> range:
        """Return the rows of which at least a part can be seen."""
        height = self.viewport().height()
        return self._tiles.rows_between(self.verticalOffset(), self.verticalOffset() + height)

    def updateGeometries(self) -> None:
        self._tiles = self._tiles.for_width(self.viewport().width(), self._count())
        bar, page = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, self._tiles.height - page))
        bar.setPageStep(page)
        bar.setSingleStep(max(1, self._tiles.row_height // 4))
        super().updateGeometries()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.set_tiles(self._tiles)

    def selectAll(self) -> None:
        if self._count():
            self._select_between(0, self._count() - 1, _SelectionFlag.ClearAndSelect)

    def select_rows(self, rows: Sequence[int]) -> None:
        """Select these alone; they come in order."""
        selection = QItemSelection()
        first = 0
        for at in range(1, len(rows) + 1):
            if at == len(rows) or rows[at] != rows[at - 1] + 1:
                selection.append(self._range(rows[first], rows[at - 1]))
                first = at
        self.selectionModel().select(selection, _SelectionFlag.ClearAndSelect)

    def visualRect(self, index: _Index) -> QRect:
        if not index.isValid():
            return QRect()
        return self._tiles.rect(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        row = self._tiles.row_at(point.x(), point.y() + self.verticalOffset())
        return QModelIndex() if row is None else self.model().index(row, 0)

    def scrollTo(
        self,
        index: _Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        rect, bar, page = self.visualRect(index), self.verticalScrollBar(), self.viewport().height()
        if hint is QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(bar.value() + rect.center().y() - page // 2)
        elif rect.top() < 0:
            bar.setValue(bar.value() + rect.top() - self._tiles.gap)
        elif rect.bottom() > page:
            bar.setValue(bar.value() + rect.bottom() - page + self._tiles.gap)

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def isIndexHidden(self, _index: _Index) -> bool:
        return False

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, _modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        if not self._count():
            return QModelIndex()
        current = self.currentIndex()
        page = self.viewport().height()
        row = self._tiles.after(_STEPS[action], current.row(), page) if current.isValid() else 0
        return self.model().index(row, 0)

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        rect = rect.normalized().translated(0, self.verticalOffset())
        selection = QItemSelection()
        for rows in self._tiles.rows_touched(rect):
            selection.append(self._range(rows.start, rows.stop - 1))
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, _selection: QItemSelection) -> QRegion:
        # Only says what to draw anew; the parts of a selection of thousands would cost more.
        return QRegion(self.viewport().rect())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and index.isValid():
            self._extend_to(index)
            return
        super().mousePressEvent(event)
        self._pressed = event.position().toPoint()
        if index.isValid():
            self._anchor = index.row()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self.state() is QAbstractItemView.State.DragSelectingState:
            self._band = QRect(self._pressed, event.position().toPoint()).normalized()
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._band = QRect()
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = _MOVING_KEYS.get(Qt.Key(event.key()))
        if action is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._extend_to(self.moveCursor(action, event.modifiers()))
            return
        super().keyPressEvent(event)
        if action is not None:
            self._anchor = max(0, self.currentIndex().row())

    def keyboardSearch(self, _text: str) -> None:
        """Letters belong to the page."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        rest = option.state & ~(QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_MouseOver)
        hovered = self.indexAt(self.viewport().mapFromGlobal(self.cursor().pos()))
        for row in self.visible_rows():
            index = self.model().index(row, 0)
            option.rect = self.visualRect(index)
            option.state = rest | self._state(index, is_hovered=row == hovered.row())
            self.itemDelegate().paint(painter, option, index)
        self._paint_band(painter)
        painter.end()

    def _state(self, index: QModelIndex, *, is_hovered: bool) -> QStyle.StateFlag:
        state = QStyle.StateFlag.State_None
        if self.selectionModel().isSelected(index):
            state |= QStyle.StateFlag.State_Selected
        if index == self.currentIndex() and self.hasFocus():
            state |= QStyle.StateFlag.State_HasFocus
        if is_hovered and self.underMouse():
            state |= QStyle.StateFlag.State_MouseOver
        return state

    def _paint_band(self, painter: QPainter) -> None:
        if not self._band.isNull():
            color = self.palette().highlight().color()
            painter.setPen(color)
            color.setAlphaF(0.13)
            painter.setBrush(color)
            painter.drawRect(self._band)

    def _extend_to(self, index: QModelIndex) -> None:
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, _SelectionFlag.NoUpdate)
            self._select_between(self._anchor, index.row(), _SelectionFlag.ClearAndSelect)

    def _select_between(
        self, start: int, end: int, command: QItemSelectionModel.SelectionFlag
    ) -> None:
        selection = QItemSelection()
        selection.append(self._range(min(start, end), max(start, end)))
        self.selectionModel().select(selection, command)

    def _range(self, first: int, last: int) -> QItemSelectionRange:
        return QItemSelectionRange(self.model().index(first, 0), self.model().index(last, 0))

    def _count(self) -> int:
        model = self.model()
        return model.rowCount() if model is not None else 0
