"""The menu of the finder's plot: all of it, its picture, its numbers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu

from petstudio.bridge.live_sweep import LiveSweep
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.finder_plot import FinderPlot
from petstudio.ui.widgets.finder_table import SweepTableDialog, sweep_as_text


class FinderMenu(Button):
    """The button that opens it."""

    def __init__(self, theme: Theme, plot: FinderPlot) -> None:
        super().__init__(theme, kind="ghost", icon="dots-three", small=True)
        self._plot = plot
        self._sweep: LiveSweep | None = None
        self._popup = QMenu(self)
        self.setObjectName("training.finder.menu")
        self.setAccessibleName("Menu of the finder")
        self._add("Fit", plot.fit)
        self._add("Copy picture", self._copy_picture)
        self._add("Copy data", self._copy_data)
        self._add("View as table", self._view_as_table)
        self.clicked.connect(self._open)
        self.show_sweep(None)

    def show_sweep(self, sweep: LiveSweep | None) -> None:
        """Act on this sweep; without one there is nothing to do."""
        self._sweep = sweep
        for action in self._popup.actions():
            action.setEnabled(sweep is not None)

    def acts(self) -> list[QAction]:
        return self._popup.actions()

    def _add(self, text: str, act: Callable[[], None]) -> None:
        action = QAction(text, self)
        action.triggered.connect(act)
        self._popup.addAction(action)

    @Slot()
    def _open(self) -> None:
        self._popup.popup(self.mapToGlobal(self.rect().bottomLeft()))

    @Slot()
    def _copy_picture(self) -> None:
        QGuiApplication.clipboard().setPixmap(self._plot.picture())

    @Slot()
    def _copy_data(self) -> None:
        if self._sweep is not None:
            QGuiApplication.clipboard().setText(sweep_as_text(self._sweep))

    @Slot()
    def _view_as_table(self) -> None:
        if self._sweep is not None:
            SweepTableDialog(self._sweep, self.window()).open()
