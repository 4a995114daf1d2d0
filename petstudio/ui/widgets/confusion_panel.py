"""The confusion grid with its tools above and the most confused pairs beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from petstudio.api.events import ConfusedPair
from petstudio.bridge.confusion_table import Counts, Pair
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.confusion_geometry import MOST_LARGE, MOST_ON_BOARD
from petstudio.ui.widgets.confusion_grid import ConfusionGrid
from petstudio.ui.widgets.confusion_tools import ConfusionTools
from petstudio.ui.widgets.divider import UprightDivider
from petstudio.ui.widgets.most_confused_list import MostConfusedList

_LIST_WIDTH: Final = 206
_LIST_LETTERS: Final = 25


class ConfusionPanel(QWidget):
    """One selection for the grid and the list."""

    selection_changed = Signal(object)
    open_wanted = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.grid = ConfusionGrid(theme)
        self.tools = ConfusionTools(theme, self.grid)
        self.most_confused = MostConfusedList(theme)
        self._divider = UprightDivider()
        self._build()
        self.grid.selection_changed.connect(self._on_grid)
        self.grid.open_wanted.connect(self.open_wanted)
        self.most_confused.pair_chosen.connect(self._on_list)
        self.most_confused.open_wanted.connect(self._on_list_opened)

    def show_counts(
        self,
        counts: Counts,
        classes: Sequence[str],
        pairs: Sequence[ConfusedPair],
        clustered: Sequence[int] = (),
    ) -> None:
        """Show other counts; `pairs` are the most confused ones, in their order."""
        self.grid.show_counts(counts, classes, clustered)
        self.most_confused.show_pairs(pairs, classes)
        self.most_confused.select(self.grid.selected)
        self.tools.refresh()
        has_list = MOST_LARGE < len(classes) <= MOST_ON_BOARD
        self.most_confused.setVisible(has_list)
        self._divider.setVisible(has_list)

    def select(self, pairs: frozenset[Pair]) -> None:
        """Select these cells in both, without a signal."""
        self.grid.select(pairs)
        self.most_confused.select(pairs)

    def _build(self) -> None:
        letters = self.most_confused.fontMetrics().averageCharWidth()
        self.most_confused.setFixedWidth(max(_LIST_WIDTH, _LIST_LETTERS * letters))
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.tools)
        left.addWidget(self.grid, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addLayout(left, 1)
        layout.addWidget(self._divider)
        layout.addWidget(self.most_confused)

    @Slot(object)
    def _on_grid(self, pairs: frozenset[Pair]) -> None:
        self.most_confused.select(pairs)
        self.selection_changed.emit(pairs)

    @Slot(object)
    def _on_list(self, pair: Pair) -> None:
        self.grid.select((pair,))
        self.selection_changed.emit(self.grid.selected)

    @Slot(object)
    def _on_list_opened(self, pair: Pair) -> None:
        self.open_wanted.emit(frozenset((pair,)))
