"""The card with the curves of the ticked runs, their legend, its switch and its menu."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtGui import QContextMenuEvent

from petstudio.api.language import tr
from petstudio.bridge.run_curves import RunCurve
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.curves_legend import CurvesLegend
from petstudio.ui.widgets.curves_plot import CurvesPlot
from petstudio.ui.widgets.plot_menu import PlotMenu
from petstudio.ui.widgets.plot_readings import Measure
from petstudio.ui.widgets.segmented import Segmented
from petstudio.ui.widgets.text_twin import TextTwin

_TITLES: Final = {Measure.LOSS: tr("Validation loss"), Measure.ACCURACY: tr("Validation accuracy")}
_CHOICES: Final = {Measure.LOSS.value: tr("Loss"), Measure.ACCURACY.value: tr("Accuracy")}
_HEAD: Final = (tr("Run"), tr("Epoch"), tr("Validation loss"), tr("Accuracy"))


class CurvesCard(Card):
    """Forwards the curves to the plot."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(_TITLES[Measure.LOSS], name="runs.curves")
        self.plot = CurvesPlot(theme)
        self._legend = CurvesLegend(theme)
        self._switch = Segmented(_CHOICES, name="runs.measure", spoken=tr("What the chart shows"))
        self._menu = PlotMenu(
            theme, self.plot, name="runs.plot_menu", spoken=tr("Menu of the chart")
        )
        for widget in (self._legend, self._switch, self._menu):
            self.add_action(widget)
        self.body.addWidget(self.plot, 1)
        self._switch.chosen.connect(self._choose_measure)

    def show_curves(self, curves: Mapping[int, RunCurve]) -> None:
        """Show the curves, by their series."""
        self.plot.show_curves(curves)
        self._legend.show_curves(curves)
        rows = _rows(curves)
        if rows:
            self._menu.show_content(partial(_as_text, rows), partial(_twin, rows))
        else:
            self._menu.show_content(None, None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._menu.popup.popup(event.globalPos())

    @Slot(str)
    def _choose_measure(self, key: str) -> None:
        self.title.setText(_TITLES[Measure(key)])
        self.plot.show_measure(Measure(key))


def _rows(curves: Mapping[int, RunCurve]) -> list[tuple[str, ...]]:
    return [
        (f"{curve.number} {curve.name}", str(p.epoch), f"{p.loss:.6g}", f"{p.accuracy:.6g}")
        for _, curve in sorted(curves.items())
        for p in curve.points
    ]


def _as_text(rows: list[tuple[str, ...]]) -> str:
    head = ("Run", "Epoch", "Validation loss", "Accuracy")  # as programs read it back
    return "\n".join("\t".join(row) for row in (head, *rows))


def _twin(rows: list[tuple[str, ...]]) -> TextTwin:
    return TextTwin(
        title=tr("Curves of the ticked runs"),
        head=_HEAD,
        rows=len(rows),
        cell=lambda row, column: rows[row][column],
    )
