"""The confusion grid: few classes on a board with names, many on a map with a lens below it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from petstudio.api.language import tr
from petstudio.bridge.cell_selection import CellSelection, Take
from petstudio.bridge.class_groups import class_groups
from petstudio.bridge.class_order import ClassOrder, ordered_classes
from petstudio.bridge.confusion_table import ConfusionTable, Counts, Pair
from petstudio.bridge.confusion_words import cell_text
from petstudio.bridge.shown_confusion import ShownConfusion
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.class_finder import ClassFinder
from petstudio.ui.widgets.class_scores import ClassScores
from petstudio.ui.widgets.confusion_board import ConfusionBoard
from petstudio.ui.widgets.confusion_geometry import MOST_LARGE, MOST_ON_BOARD, MOST_ON_MAP
from petstudio.ui.widgets.confusion_keys import act_on_key
from petstudio.ui.widgets.confusion_map import ConfusionMap
from petstudio.ui.widgets.confusion_places import PLACES_GAP, board_and_scores, map_and_lens
from petstudio.ui.widgets.text import Text

_EMPTY: Final = tr("The confusion grid appears here once pictures with labels were evaluated.")
_NAME: Final = tr("Confusion grid")
_HELP: Final = tr(
    "Arrows move, Enter opens the pictures, E goes to the next larger error, Ctrl+F finds a class."
    " Its menu has the same as a table."
)
_SIZE: Final = QSize(640, 560)
_LEAST_SIZE: Final = QSize(360, 320)
_LEAST_SCORES: Final = 3  # rows


class ConfusionGrid(QWidget):
    """Rows are actual classes, columns predicted ones; a selection is a set of such pairs."""

    selection_changed = Signal(object)
    """The frozenset of (actual, predicted), indices of classes, that the user selected."""
    open_wanted = Signal(object)
    """The same, when their pictures shall be shown: a click on one cell, or Enter."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._shown: ShownConfusion | None = None
        self._clustered: Sequence[int] = ()
        self._wanted_order: ClassOrder | None = None
        self._as_percent = False
        self.selection = CellSelection(self)
        self.board = ConfusionBoard(theme, self.selection, self)
        self.map = ConfusionMap(theme, self.selection, self)
        self._scores = ClassScores(theme)
        self._note = Text(_EMPTY, kind="label", wraps=True, parent=self)
        self._finder = ClassFinder(self._find, self)
        self._build()
        self._connect()
        self._place()

    def show_counts(
        self, counts: Counts, classes: Sequence[str], clustered: Sequence[int] = ()
    ) -> None:
        """Show other counts; `clustered` has similar classes beside each other, if that is known.

        The selection stays if the classes are the same.
        """
        self._clustered = clustered
        self._show(ConfusionTable(counts=counts, classes=tuple(classes)))

    def show_percent(self, as_percent: bool) -> None:
        """Show counts, or shares of the row."""
        self._as_percent = as_percent
        self._show_again()

    def sort_by(self, order: ClassOrder) -> None:
        """Order the classes; what is selected stays so, and in sight."""
        self._wanted_order = order
        self._show_again()

    @property
    def order(self) -> ClassOrder:
        """The order that was asked for; else clusters for many classes, or errors first."""
        return self._order_of(self._shown.size if self._shown is not None else 0)

    @property
    def has_clusters(self) -> bool:
        return len(self._clustered) > 0

    @property
    def shown(self) -> ShownConfusion | None:
        return self._shown

    @property
    def selected(self) -> frozenset[Pair]:
        return self.selection.pairs

    def select(self, pairs: Iterable[Pair]) -> None:
        """Select these cells, without a signal, and bring them into sight."""
        self.selection.select(pairs)

    def find_class(self, text: str) -> bool:
        """Jump to the hits of the class that this text names best; False if there is none."""
        return self._find(text, False)

    def open_finder(self) -> None:
        """Ask for a class to jump to."""
        self._finder.open()

    def fit(self) -> None:
        self.map.fit()

    def picture(self) -> QPixmap:
        return self.grab()

    def sizeHint(self) -> QSize:
        return _SIZE

    def minimumSizeHint(self) -> QSize:
        """Return what all large cells and a few scores need; smaller cells scroll."""
        if self._shown is None or self._shown.size > MOST_LARGE:
            return _LEAST_SIZE
        scores = QSize(0, self._scores.height_of(_LEAST_SCORES) + PLACES_GAP)
        return (self.board.least_size() + scores).expandedTo(_LEAST_SIZE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() is not Qt.FocusReason.MouseFocusReason:
            self.selection.begin()
            pad = self.board if self.map.isHidden() else self.map
            pad.show_focus(is_focused=True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        for pad in (self.board, self.map):
            pad.show_focus(is_focused=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        is_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if (key == Qt.Key.Key_F and is_control) or key == Qt.Key.Key_Slash:
            self.open_finder()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open_current()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.map.zoom(-1 if key == Qt.Key.Key_Minus else 1)
        elif not act_on_key(event, self.selection):
            super().keyPressEvent(event)

    def _build(self) -> None:
        self.setObjectName("evaluate.confusion")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_NAME)
        self.setAccessibleDescription(_HELP)
        self._scores.setParent(self)
        self._note.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def _connect(self) -> None:
        self.selection.chosen.connect(self.selection_changed)
        self.selection.changed.connect(self._follow)
        for pad in (self.board, self.map):
            pad.open_wanted.connect(self._open)
        self.board.moved.connect(self._show_lens)

    def _show(self, table: ConfusionTable) -> None:
        order = ordered_classes(self._order_of(table.size), table, self._clustered)
        shown = ShownConfusion(table=table, order=order, as_percent=self._as_percent)
        self._shown = shown
        self.selection.show_confusion(shown)
        self.board.show_confusion(shown)
        self.map.show_confusion(shown)
        self.map.show_groups(self._groups(shown))
        self._scores.show_scores(table, order.tolist())
        self.updateGeometry()
        self._place()
        if self.selection.current is None and len(table.errors_by_size):
            worst, predicted = table.errors_by_size[0].tolist()
            self.board.look_at(*shown.place((worst, predicted)))
        self._follow()

    def _show_again(self) -> None:
        if self._shown is not None:
            self._show(self._shown.table)

    def _order_of(self, size: int) -> ClassOrder:
        if self._wanted_order is not None:
            return self._wanted_order
        is_map = size > MOST_ON_BOARD
        return ClassOrder.CLUSTER if is_map and self.has_clusters else ClassOrder.ERRORS

    def _groups(self, shown: ShownConfusion) -> tuple[range, ...]:
        is_clustered = self._order_of(shown.size) is ClassOrder.CLUSTER and self.has_clusters
        return class_groups(shown) if is_clustered and shown.size > MOST_ON_MAP else ()

    def _place(self) -> None:
        """Give each part its place, or hide it."""
        size = self._shown.size if self._shown is not None else 0
        has_pictures = self._shown is not None and bool(self._shown.table.counts.any())
        self._note.setVisible(not has_pictures)
        self._note.setGeometry(self.rect())
        self._finder.move(self.width() - self._finder.width(), 0)
        self.board.setVisible(has_pictures)
        self.map.setVisible(has_pictures and size > MOST_ON_BOARD)
        self._scores.setVisible(has_pictures and size <= MOST_LARGE)
        if size > MOST_ON_BOARD:
            self._place_lens()
        elif size > MOST_LARGE:
            self.board.setGeometry(self.rect())
        else:
            self._place_scores(size)

    def _place_lens(self) -> None:
        room = map_and_lens(self.size(), self.board.least_size(), self.board.largest_size())
        self.map.setGeometry(room[0])
        self.board.setGeometry(QRect(room[1].topLeft(), self.board.size_in(room[1].size())))

    def _place_scores(self, size: int) -> None:
        least, most = (self._scores.height_of(rows) for rows in (min(_LEAST_SCORES, size), size))
        room = board_and_scores(self.size(), self.board.largest_size(), most, least)
        self.board.setGeometry(room[0])
        self._scores.setGeometry(room[1])

    def _find(self, text: str, is_next: bool) -> bool:
        return self.selection.find(text, from_next=is_next)

    def _open_current(self) -> None:
        current = self.selection.current
        if current is not None and current not in self.selected:
            self.selection.take(frozenset((current,)), Take.ONLY, current)
        self._open()

    @Slot()
    def _open(self) -> None:
        if self.selected:
            self.open_wanted.emit(self.selected)

    @Slot()
    def _follow(self) -> None:
        """Keep the current cell in sight, and say which it is."""
        current, shown = self.selection.current, self._shown
        if shown is None or current is None:
            self.setAccessibleName(_NAME)
            return
        self.board.look_at(*shown.place(current))
        self.map.look_at(*shown.place(current))
        self.setAccessibleName(f"{_NAME}: {cell_text(shown.table, current)}")

    @Slot()
    def _show_lens(self) -> None:
        seen = self.board.geometry_of_cells
        size = QSize(len(seen.columns), len(seen.rows))
        self.map.show_lens(QRect(QPoint(seen.columns.start, seen.rows.start), size))
