"""What the board and the map of the confusion grid have in common: the mouse."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from petstudio.bridge.cell_selection import CellSelection, Take
from petstudio.bridge.confusion_table import Pair
from petstudio.bridge.confusion_words import cell_text, column_text, row_text
from petstudio.bridge.shown_confusion import ShownConfusion
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.confusion_geometry import Hit
from petstudio.ui.widgets.confusion_ramps import lookup_table
from petstudio.ui.widgets.text import plain_tip


@dataclass(frozen=True)
class Block:
    """Cells from one hit to another; a missing row or column stands for all of them."""

    start: Hit
    end: Hit

    @property
    def is_cell(self) -> bool:
        return self.start == self.end and None not in (self.start.row, self.start.column)

    def ranges(self, size: int) -> tuple[range, range]:
        """Return the rows and the columns, of `size` each."""
        return (
            _between(self.start.row, self.end.row, size),
            _between(self.start.column, self.end.column, size),
        )


class CellPad(QAbstractScrollArea):
    """Turns clicks and drags into a selection; heirs know where the cells are and paint them."""

    open_wanted = Signal()
    """A single cell was clicked."""

    def __init__(self, theme: Theme, selection: CellSelection, keys: QWidget) -> None:
        """`keys` is the widget that takes the keyboard for this one."""
        super().__init__(keys)
        self.theme = theme
        self.selection = selection
        self.shown: ShownConfusion | None = None
        self.hovered: Hit | None = None
        self.drag: Block | None = None
        self.is_focused = False
        self.colors = lookup_table(theme.tokens)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusProxy(keys)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        selection.changed.connect(self.viewport().update)
        theme.changed.connect(self._dress)

    def show_confusion(self, shown: ShownConfusion) -> None:
        self.shown = shown
        self.drag = None
        self.hovered = None
        self.viewport().update()

    def show_focus(self, *, is_focused: bool) -> None:
        """Frame the cells while the keyboard is theirs."""
        self.is_focused = is_focused
        self.viewport().update()

    def hit(self, point: QPoint) -> Hit | None:
        """Return what is under a point of the viewport."""
        raise NotImplementedError

    def nearest(self, point: QPoint) -> Hit:
        """Return the cell under the point or next to it."""
        raise NotImplementedError

    def hint_at(self, point: QPoint) -> str:
        """Return the sentence about what is under a point."""
        hit, shown = self.hit(point), self.shown
        if hit is None or shown is None:
            return ""
        if hit.row is None:
            assert hit.column is not None
            return column_text(shown.table, int(shown.order[hit.column]))
        if hit.column is None:
            return row_text(shown.table, int(shown.order[hit.row]))
        return cell_text(shown.table, shown.pair(hit.row, hit.column))

    def banded(self) -> Hit | None:
        """Return whose row and column are tinted: what is hovered, else the current cell."""
        current = self.selection.current
        if self.hovered is not None or self.shown is None:
            return self.hovered
        return Hit(*self.shown.place(current)) if current in self.selection.pairs else None

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), plain_tip(self.hint_at(event.pos())), self)
            return True
        if event.type() is QEvent.Type.Leave:
            self._hover(None)
        return super().viewportEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        hit = self.hit(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and hit is not None:
            self.drag = Block(hit, hit)
            self.viewport().update()
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self.drag is None:
            self._hover(self.hit(point))
            return
        start, near = self.drag.start, self.nearest(point)
        row = None if start.row is None else near.row
        column = None if start.column is None else near.column
        self.drag = Block(start, Hit(row, column))
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.drag is not None:
            block, self.drag = self.drag, None
            self._choose(block, _how(event.modifiers()))

    def _choose(self, block: Block, how: Take) -> None:
        if self.shown is None:
            return
        rows, columns = block.ranges(self.shown.size)
        current = self._current_of(block)
        pairs = frozenset((current,)) if block.is_cell else self.shown.filled(rows, columns)
        self.selection.take(pairs, how, current)
        if block.is_cell and how is Take.ONLY:
            self.open_wanted.emit()

    def _current_of(self, block: Block) -> Pair:
        """Return the cell where a drag ended; whole rows and columns leave the other side."""
        assert self.shown is not None
        end, current = block.end, self.selection.current
        row, column = self.shown.place(current) if current else (end.column or 0, end.row or 0)
        return self.shown.pair(
            row if end.row is None else end.row, column if end.column is None else end.column
        )

    def _hover(self, hit: Hit | None) -> None:
        if hit != self.hovered:
            self.hovered = hit
            self.viewport().update()

    @Slot()
    def _dress(self) -> None:
        self.colors = lookup_table(self.theme.tokens)
        self.viewport().update()


def _between(one: int | None, other: int | None, size: int) -> range:
    if one is None or other is None:
        return range(size)
    return range(min(one, other), max(one, other) + 1)


def _how(modifiers: Qt.KeyboardModifier) -> Take:
    if modifiers & Qt.KeyboardModifier.ControlModifier:
        return Take.REMOVE
    return Take.ADD if modifiers & Qt.KeyboardModifier.ShiftModifier else Take.ONLY
