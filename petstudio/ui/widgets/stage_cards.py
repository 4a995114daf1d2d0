"""The stages of a recipe as a row of cards, a standard list underneath."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QListView

from petstudio.api.language import tr
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.stage_card import CardLook, StageCard
from petstudio.ui.widgets.stage_card_delegate import (
    CARD_GAP,
    CARD_ROLE,
    WIDTH_ROLE,
    StageCardDelegate,
)
from petstudio.ui.widgets.stage_drag import StageDrag

_NARROWEST: Final = 176
_WIDEST: Final = 300
_ADD_WIDTH: Final = 128
_AnyIndex = QModelIndex | QPersistentModelIndex


class StageCardModel(QAbstractListModel):
    """The cards in order; the last row is the one that adds a stage, unless it is left out."""

    def __init__(self) -> None:
        super().__init__()
        self._cards: tuple[StageCard, ...] = ()
        self._stage_width = _NARROWEST
        self._add_width = _ADD_WIDTH

    @property
    def stage_count(self) -> int:
        return sum(card.look is not CardLook.ADD for card in self._cards)

    @property
    def step(self) -> int:
        """From the beginning of a stage's card to that of the next."""
        return self._stage_width + CARD_GAP

    def set_width(self, width: int) -> None:
        """Give every card of a stage this width."""
        self._stage_width = width

    def fit(self, width: int, line_height: int) -> int:
        """Share `width` among the cards and return what they need of it.

        The measures are for a line of 16 pixels; a larger font gets wider cards.
        """
        scale = max(16, line_height) / 16
        stages = max(1, self.stage_count)
        self._add_width = round(_ADD_WIDTH * scale)
        share = (width - self._add_width) // stages - CARD_GAP
        self._stage_width = min(max(share, round(_NARROWEST * scale)), round(_WIDEST * scale))
        has_add = len(self._cards) > self.stage_count
        return stages * (self._stage_width + CARD_GAP) + (self._add_width if has_add else -CARD_GAP)

    def show_cards(self, cards: tuple[StageCard, ...]) -> None:
        if len(cards) != len(self._cards):
            self.beginResetModel()
            self._cards = cards
            self.endResetModel()
        elif cards != self._cards:
            self._cards = cards
            self.dataChanged.emit(self.index(0), self.index(len(cards) - 1))

    def card(self, index: _AnyIndex) -> StageCard:
        return self._cards[index.row()]

    def rowCount(self, parent: _AnyIndex = QModelIndex()) -> int:  # noqa: B008  as Qt declares it
        return 0 if parent.isValid() else len(self._cards)

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == CARD_ROLE:
            return self.card(index)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.card(index).spoken
        if role == WIDTH_ROLE:
            is_add = self.card(index).look is CardLook.ADD
            return self._add_width if is_add else self._stage_width
        return None


class StageCards(QListView):
    """Arrow keys and clicks choose a stage; the dashed card at the end asks for one more."""

    chosen = Signal(object)
    """The index of the chosen stage, or None."""
    add_wanted = Signal()
    remove_wanted = Signal()
    duplicate_wanted = Signal()
    move_wanted = Signal(int)
    """-1 to the left, +1 to the right."""
    dropped = Signal(int, int, bool)
    """A stage was dragged: its row, the gap it goes to (0 is before the first), if it is copied."""

    arranged = Signal()
    """The cards have other places or widths now."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._cards = StageCardModel()
        self._drag: StageDrag | None = None
        self.can_drag = True
        self.setObjectName("training.stages")
        self.setAccessibleName(tr("Stages of the recipe"))
        self.setModel(self._cards)
        self.setItemDelegate(StageCardDelegate(theme, self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.horizontalScrollBar().valueChanged.connect(self._on_scrolled)
        self.clicked.connect(self._on_clicked)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        theme.changed.connect(self.viewport().update)

    @property
    def chosen_index(self) -> int | None:
        index = self.currentIndex()
        is_stage = index.isValid() and self._cards.card(index).look is not CardLook.ADD
        return index.row() if is_stage else None

    def left_of(self, row: int) -> int:
        """Return where the card of a row begins, or would begin."""
        return row * self._cards.step - self.horizontalScrollBar().value()

    def show_cards(self, cards: tuple[StageCard, ...]) -> None:
        """Draw these cards; the chosen row stays chosen as long as it is there."""
        if len(cards) != self._cards.rowCount():
            self._end_drag()
        row = self.currentIndex().row()
        self._cards.show_cards(cards)
        self._fit()
        if not self.currentIndex().isValid() and row >= 0:
            self.choose(min(row, self._cards.stage_count - 1))

    def choose(self, row: int | None) -> None:
        if row is None or row < 0:
            self.selectionModel().clear()
            return
        index = self._cards.index(row)
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )

    def sizeHint(self) -> QSize:
        return QSize(400, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        is_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and is_alt:
            self.move_wanted.emit(-1 if key == Qt.Key.Key_Left else 1)
        elif key == Qt.Key.Key_Delete:
            self.remove_wanted.emit()
        elif key == Qt.Key.Key_D and is_control:
            self.duplicate_wanted.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._on_clicked(self.currentIndex())
        elif key == Qt.Key.Key_Escape and self._drag is not None:
            self._end_drag()
        elif key == Qt.Key.Key_Escape and self.chosen_index is not None:
            self.choose(None)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        is_left = event.button() == Qt.MouseButton.LeftButton
        index = self.indexAt(event.position().toPoint())
        is_stage = index.isValid() and self._cards.card(index).look is not CardLook.ADD
        if not is_left or not is_stage:
            super().mousePressEvent(event)
            return
        # Not left to Qt, which would take Ctrl for the wish to choose no stage any more.
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.choose(index.row())
        if self.can_drag:
            press, corner = event.position().toPoint(), self.visualRect(index).topLeft()
            self._drag = StageDrag(index.row(), press, corner)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        drag, pointer = self._drag, event.position().toPoint()
        if drag is None:
            super().mouseMoveEvent(event)
            return
        if drag.begins_at(pointer):
            drag.picture = self.viewport().grab(self._stage_rects()[drag.row])
            drag.is_moving = True
        drag.follow(pointer)
        if drag.is_moving:
            self._show_what_a_drop_does(event.modifiers())
            self._scroll_to(pointer.x())
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag = self._drag
        if drag is None or event.button() != Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        self._end_drag()
        if drag.is_moving:
            self.dropped.emit(drag.row, drag.gap(self._stage_rects()), _copies(event.modifiers()))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._drag is not None and self._drag.is_moving:
            painter = QPainter(self.viewport())
            color = self._theme.color("accent")
            self._drag.paint(painter, self._stage_rects(), CARD_GAP, color)

    def _stage_rects(self) -> list[QRect]:
        """Return where the cards of stages are, without the arrows between them."""
        rows = (self._cards.index(row) for row in range(self._cards.stage_count))
        return [self.visualRect(index).adjusted(0, 0, -CARD_GAP, 0) for index in rows]

    def _show_what_a_drop_does(self, modifiers: Qt.KeyboardModifier) -> None:
        is_copy = _copies(modifiers)
        shape = Qt.CursorShape.DragCopyCursor if is_copy else Qt.CursorShape.ClosedHandCursor
        self.viewport().setCursor(shape)

    def _scroll_to(self, x: int) -> None:
        """Bring on what lies beyond the edge that the mouse is at."""
        beyond = min(0, x) + max(0, x - self.viewport().width())
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() + beyond)

    def _end_drag(self) -> None:
        self._drag = None
        self.viewport().unsetCursor()
        self.viewport().update()

    def _fit(self) -> None:
        needed = self._cards.fit(self.viewport().width(), self.fontMetrics().height())
        has_bar = needed > self.viewport().width()
        bar = self.horizontalScrollBar().sizeHint().height() if has_bar else 0
        self.setFixedHeight(StageCardDelegate.card_height(self.fontMetrics()) + bar)
        self.scheduleDelayedItemsLayout()
        self.arranged.emit()

    @Slot()
    def _on_scrolled(self) -> None:
        self.arranged.emit()

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        if self._cards.card(index).look is CardLook.ADD:
            self.add_wanted.emit()

    @Slot(QModelIndex)
    def _on_current_changed(self, _current: QModelIndex) -> None:
        self.chosen.emit(self.chosen_index)


def _copies(modifiers: Qt.KeyboardModifier) -> bool:
    return bool(modifiers & Qt.KeyboardModifier.ControlModifier)
