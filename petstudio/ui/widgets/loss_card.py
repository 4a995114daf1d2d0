"""The card with the live plot, its legend, its switch and its menu."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QMenu

from petstudio.bridge.live_run import LiveRun
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.loss_plot import LossPlot
from petstudio.ui.widgets.plot_legend import PlotLegend
from petstudio.ui.widgets.plot_readings import Measure
from petstudio.ui.widgets.run_table import RunTableDialog, run_as_text
from petstudio.ui.widgets.segmented import Segmented

_MEASURES: Final = {Measure.LOSS.value: "Loss", Measure.ACCURACY.value: "Accuracy"}


class LossCard(Card):
    """Forwards the run to the plot."""

    epoch_picked = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__("Loss", name="training.loss")
        self._run: LiveRun | None = None
        self.plot = LossPlot(theme)
        self._legend = PlotLegend(theme)
        self._switch = Segmented(_MEASURES, name="training.measure", spoken="What the plot shows")
        self._menu = QMenu(self)
        self._menu_button = Button(theme, kind="ghost", icon="dots-three", small=True)
        self._build()
        self._switch.chosen.connect(self._choose_measure)
        self._menu_button.clicked.connect(self._open_menu)
        self.plot.epoch_picked.connect(self.epoch_picked)

    def show_run(self, run: LiveRun | None) -> None:
        self._run = run
        self.plot.show_run(run)
        for action in self._menu.actions():
            action.setEnabled(run is not None)

    def actions_of_menu(self) -> list[QAction]:
        return self._menu.actions()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._menu.popup(event.globalPos())

    def _build(self) -> None:
        self._menu_button.setObjectName("training.plot_menu")
        self._menu_button.setAccessibleName("Menu of the plot")
        for widget in (self._legend, self._switch, self._menu_button):
            self.add_action(widget)
        self.body.addWidget(self.plot, 1)
        self._add("Fit", self.plot.fit)
        self._add("Copy picture", self._copy_picture)
        self._add("Copy data", self._copy_data)
        self._add("View as table", self._view_as_table)

    def _add(self, text: str, act: object) -> None:
        action = QAction(text, self)
        action.setEnabled(False)
        action.triggered.connect(act)
        self._menu.addAction(action)

    @Slot(str)
    def _choose_measure(self, key: str) -> None:
        self.title.setText(_MEASURES[key])
        self._legend.show_train(is_shown=Measure(key) is Measure.LOSS)
        self.plot.show_measure(Measure(key))

    @Slot()
    def _open_menu(self) -> None:
        corner = self._menu_button.rect().bottomLeft()
        self._menu.popup(self._menu_button.mapToGlobal(corner))

    @Slot()
    def _copy_picture(self) -> None:
        QGuiApplication.clipboard().setPixmap(self.plot.picture())

    @Slot()
    def _copy_data(self) -> None:
        if self._run is not None:
            QGuiApplication.clipboard().setText(run_as_text(self._run))

    @Slot()
    def _view_as_table(self) -> None:
        if self._run is not None:
            RunTableDialog(self._run, self).open()
