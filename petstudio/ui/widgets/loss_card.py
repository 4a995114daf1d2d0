"""The card with the live plot, its legend, its switch and its menu."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QContextMenuEvent

from petstudio.api.language import tr
from petstudio.bridge.live_run import LiveRun
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.loss_plot import LossPlot
from petstudio.ui.widgets.plot_legend import PlotLegend
from petstudio.ui.widgets.plot_menu import PlotMenu
from petstudio.ui.widgets.plot_readings import Measure
from petstudio.ui.widgets.run_table import run_as_text, run_twin
from petstudio.ui.widgets.segmented import Segmented

_MEASURES: Final = {Measure.LOSS.value: tr("Loss"), Measure.ACCURACY.value: tr("Accuracy")}


class LossCard(Card):
    """Forwards the run to the plot."""

    epoch_picked = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Loss"), name="training.loss", is_dense=True)
        self._run: LiveRun | None = None
        self.plot = LossPlot(theme)
        self._legend = PlotLegend(theme)
        self._switch = Segmented(
            _MEASURES, name="training.measure", spoken=tr("What the plot shows")
        )
        self._menu = PlotMenu(
            theme, self.plot, name="training.plot_menu", spoken=tr("Menu of the plot")
        )
        self._build()
        self._switch.chosen.connect(self._choose_measure)
        self.plot.epoch_picked.connect(self.epoch_picked)

    def show_run(self, run: LiveRun | None) -> None:
        self._run = run
        self.plot.show_run(run)
        if run is None:
            self._menu.show_content(None, None)
        else:
            self._menu.show_content(partial(run_as_text, run), partial(run_twin, run))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._menu.popup.popup(event.globalPos())

    def _build(self) -> None:
        for widget in (self._legend, self._switch, self._menu):
            self.add_action(widget)
        self.body.addWidget(self.plot, 1)

    @Slot(str)
    def _choose_measure(self, key: str) -> None:
        self.title.setText(_MEASURES[key])
        self._legend.show_train(is_shown=Measure(key) is Measure.LOSS)
        self.plot.show_measure(Measure(key))
