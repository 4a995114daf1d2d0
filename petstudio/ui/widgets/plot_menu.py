"""The menu that every plot has: all of it, its picture, its numbers to copy and to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QGuiApplication, QPixmap
from PySide6.QtWidgets import QMenu

from petstudio.api.language import tr
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.text_twin import TextTwin, TextTwinDialog


class Plotted(Protocol):
    """A plot as its menu needs it."""

    def fit(self) -> None: ...
    def picture(self) -> QPixmap: ...


class PlotMenu(Button):
    """The button that opens it; without content there is nothing to do."""

    def __init__(self, theme: Theme, plot: Plotted, *, name: str, spoken: str) -> None:
        super().__init__(theme, kind="ghost", icon="dots-three", small=True)
        self._plot = plot
        self._as_text: Callable[[], str] | None = None
        self._as_twin: Callable[[], TextTwin] | None = None
        self.popup = QMenu(self)
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self._add(tr("Fit"), plot.fit)
        self._add(tr("Copy picture"), self._copy_picture)
        self._add(tr("Copy data"), self._copy_data)
        self._add(tr("View as table"), self._view_as_table)
        self.clicked.connect(self._open)
        self.show_content(None, None)

    def show_content(
        self, as_text: Callable[[], str] | None, as_twin: Callable[[], TextTwin] | None
    ) -> None:
        """Take what gives the numbers as lines with tabs, and as a table; None for none."""
        self._as_text, self._as_twin = as_text, as_twin
        for action in self.popup.actions():
            action.setEnabled(as_text is not None)

    def _add(self, text: str, act: Callable[[], None]) -> None:
        action = QAction(text, self)
        action.triggered.connect(act)
        self.popup.addAction(action)

    @Slot()
    def _open(self) -> None:
        self.popup.popup(self.mapToGlobal(self.rect().bottomLeft()))

    @Slot()
    def _copy_picture(self) -> None:
        QGuiApplication.clipboard().setPixmap(self._plot.picture())

    @Slot()
    def _copy_data(self) -> None:
        if self._as_text is not None:
            QGuiApplication.clipboard().setText(self._as_text())

    @Slot()
    def _view_as_table(self) -> None:
        if self._as_twin is not None:
            TextTwinDialog(self._as_twin(), self.window()).open()
