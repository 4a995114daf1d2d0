"""The pairs of classes that are confused most, beside the confusion grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QVBoxLayout, QWidget

from petstudio.api.events import ConfusedPair
from petstudio.api.language import shown_number, tr
from petstudio.bridge.confused_pairs import ConfusedPairModel
from petstudio.bridge.confusion_table import Pair
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.most_confused_delegate import MostConfusedDelegate
from petstudio.ui.widgets.text import Text

_TITLE: Final = tr("Most confused")
_EMPTY: Final = tr("No errors.")


class MostConfusedList(QWidget):
    """One row a pair, largest count first; the count has the colour that it has in the grid."""

    pair_chosen = Signal(object)
    """The (actual, predicted), indices of classes, of the row that the user went to."""
    open_wanted = Signal(object)
    """The same, on Enter or a double click."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._pairs = ConfusedPairModel()
        self._count = Text(kind="small", tone="text3")
        self._note = Text(_EMPTY, kind="label")
        self.view = _View()
        self.view.setModel(self._pairs)
        self.view.setItemDelegate(MostConfusedDelegate(theme, self.view))
        self._build()
        self.view.selectionModel().currentChanged.connect(self._on_current_changed)
        self.view.activated.connect(self._on_activated)
        theme.changed.connect(self.view.viewport().update)
        self.show_pairs((), ())

    def show_pairs(self, pairs: Sequence[ConfusedPair], classes: Sequence[str]) -> None:
        """Show these pairs as they are ordered; no row is chosen then."""
        blocked = self.view.selectionModel().blockSignals(True)
        self._pairs.show_pairs(pairs, classes)
        self.view.selectionModel().blockSignals(blocked)
        self._count.setText(shown_number(len(pairs)))
        self._note.setVisible(not pairs)
        self.view.setVisible(bool(pairs))

    def select(self, pairs: frozenset[Pair]) -> None:
        """Mark the row of a single selected pair, or none, without a signal."""
        row = self._pairs.row(next(iter(pairs))) if len(pairs) == 1 else None
        model = self.view.selectionModel()
        blocked = model.blockSignals(True)
        if row is None:
            model.clear()
        else:
            index = self._pairs.index(row)
            model.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.view.scrollTo(index)
        model.blockSignals(blocked)
        self.view.viewport().update()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.addWidget(Text(_TITLE, kind="strong"), 1)
        head.addWidget(self._count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._note)
        layout.addWidget(self.view, 1)
        layout.addStretch()

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.pair_chosen.emit(self._pairs.pair(current.row()))

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        self.open_wanted.emit(self._pairs.pair(index.row()))


class _View(QListView):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("evaluate.most_confused")
        self.setAccessibleName(_TITLE)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Not left to Qt alone, which has no key for this on some systems.
        if Qt.Key(event.key()) in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)
