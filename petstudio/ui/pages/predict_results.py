"""The results on the Predict page, as a grid or a table, with one selection for both."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from petstudio.bridge.prediction_list import PredictionList
from petstudio.bridge.shown_predictions import ShownPredictions
from petstudio.ui.pages import predict_words as words
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.picture_grid import PictureGrid
from petstudio.ui.widgets.picture_tile import TileStyle
from petstudio.ui.widgets.result_filters import GRID, TABLE, ResultFilters
from petstudio.ui.widgets.result_table import ResultTable

_REFRESH_MS: Final = 300
_TILE_WIDTH: Final = 142  # so that six and a scroll bar fit into the usual window


class ResultsPart(QWidget):
    """New results are sorted in a few times a second, while somebody sees it."""

    selection_changed = Signal()
    choice_changed = Signal()
    """The user wants to see others, or another threshold."""
    look_wanted = Signal(object)
    """The key of the picture to be seen large."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._results = PredictionList()
        self._is_stale = False
        self.filters = ResultFilters(theme)
        self.grid = PictureGrid(
            theme, name="predict.grid", style=TileStyle.BAR, tile_width=_TILE_WIDTH
        )
        self.table = ResultTable(theme)
        self.shown = ShownPredictions(self._results, self.filters.choice)
        self._stack = QStackedWidget()
        self._timer = QTimer(self)
        self._timer.setInterval(_REFRESH_MS)
        self._build()
        self._connect()

    @property
    def results(self) -> PredictionList:
        return self._results

    @property
    def view(self) -> PictureGrid | ResultTable:
        """The one that is in sight."""
        return self.grid if self._stack.currentWidget() is self.grid else self.table

    @property
    def current_key(self) -> int | None:
        if self.view is self.table:
            return self.table.current_key
        row = self.grid.currentIndex().row()
        return self.shown.key_at(row) if 0 <= row < len(self.shown) else None

    @property
    def selected_keys(self) -> tuple[int, ...]:
        return self.view.selected_keys

    @property
    def acted_on(self) -> tuple[int, ...]:
        """Keys of those that the buttons below the results are for: the selected, or all shown."""
        if self.view.selected_count > 1:
            return self.selected_keys
        return tuple(self.shown.keys.tolist())

    def show_results(self, results: PredictionList) -> None:
        """Show these from now on; they may grow."""
        self._results = results
        self.filters.show_classes(results.classes)
        self.shown = ShownPredictions(results, self.filters.choice)
        self.grid.show_pictures(self.shown)
        self.table.show_predictions(self.shown)
        self.selection_changed.emit()

    @Slot()
    def take_news(self) -> None:
        """Show soon what has come."""
        self._is_stale = True
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def refresh(self) -> None:
        """Show now what there is."""
        self._is_stale = False
        keys, current = self.selected_keys, self.current_key
        self.shown = ShownPredictions(self._results, self.filters.choice)
        if self.view is self.grid:
            self.grid.rearrange_pictures(self.shown)
        else:
            place = self.table.verticalScrollBar().value()
            self.table.show_predictions(self.shown)
            self.table.select_keys(keys, current)
            self.table.verticalScrollBar().setValue(place)
        self.selection_changed.emit()

    def settle(self) -> None:
        """Show all there is; the cursor goes to the first picture if it is where it began."""
        self.refresh()
        if self.current_key == 0 and self.view.selected_count == 1 and len(self.shown):
            first = self.shown.key_at(0)
            self.view.select_keys((first,), first)

    def step(self, by: int) -> None:
        """Go to the next picture, or to the one before."""
        key = self.current_key
        row = self.shown.row_of(key) if key is not None else None
        if row is not None and 0 <= row + by < len(self.shown):
            self.view.select_keys((self.shown.key_at(row + by),), self.shown.key_at(row + by))

    def look_in(self, project: Path | None) -> None:
        """Make thumbnails of what the project's training has kept, where it has."""
        self.grid.look_in(project)

    def shutdown(self) -> None:
        self._timer.stop()
        self.grid.shutdown()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._timer.start()

    def _build(self) -> None:
        self.grid.setAccessibleName(words.PICTURES)
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.filters)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._timer.timeout.connect(self._on_tick)
        self.filters.edited.connect(self._on_edited)
        self.filters.view_chosen.connect(self._switch)
        for view in (self.grid, self.table):
            view.selection_changed.connect(self.selection_changed)
            view.look_wanted.connect(self.look_wanted)
        self.grid.opened.connect(self.look_wanted)
        self.table.sort_wanted.connect(self.filters.sort_by)
        self.table.activated.connect(self._look_at_row)

    @Slot()
    def _on_tick(self) -> None:
        if self._is_stale and self.isVisible():
            self.refresh()
        else:
            self._timer.stop()

    @Slot()
    def _on_edited(self) -> None:
        self.refresh()
        self.choice_changed.emit()

    @Slot(str)
    def _switch(self, view: str) -> None:
        keys, current = self.selected_keys, self.current_key
        self._stack.setCurrentWidget(self.table if view == TABLE else self.grid)
        if view == GRID:
            self.grid.show_pictures(self.shown)
        else:
            self.table.show_predictions(self.shown)
        self.view.select_keys(keys, current)
        self.view.setFocus()

    @Slot()
    def _look_at_row(self) -> None:
        if self.table.current_key is not None:
            self.look_wanted.emit(self.table.current_key)
