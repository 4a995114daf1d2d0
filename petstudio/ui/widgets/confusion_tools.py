"""The row above the confusion grid: order, count or per cent, legend, menu."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from petstudio.api.language import tr
from petstudio.bridge.class_order import ClassOrder
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.confusion_grid import ConfusionGrid
from petstudio.ui.widgets.confusion_legend import ConfusionLegend
from petstudio.ui.widgets.confusion_twin import confusion_as_text, confusion_twin
from petstudio.ui.widgets.plot_menu import PlotMenu
from petstudio.ui.widgets.segmented import Segmented

_ORDERS: Final = {
    ClassOrder.ERRORS: tr("Errors first"),
    ClassOrder.CLUSTER: tr("Similar together"),
    ClassOrder.COUNT: tr("Most pictures first"),
    ClassOrder.NAME: tr("By name"),
}
_COUNT, _PERCENT = "count", "percent"
_UNITS: Final = {_COUNT: tr("Count"), _PERCENT: tr("Percent")}


class ConfusionTools(QWidget):
    """Acts on the grid at once; `refresh` follows what the grid shows now."""

    def __init__(self, theme: Theme, grid: ConfusionGrid) -> None:
        super().__init__()
        self._grid = grid
        self._sort = Button(theme, kind="ghost", small=True, name="evaluate.confusion.sort")
        self._units = Segmented(_UNITS, name="evaluate.confusion.unit", spoken=tr("What cells say"))
        self._find = Button(
            theme,
            kind="ghost",
            icon="magnifying-glass",
            small=True,
            name="evaluate.confusion.search",
        )
        self._legend = ConfusionLegend(theme)
        self._menu = PlotMenu(
            theme, grid, name="evaluate.confusion.menu", spoken=tr("Menu of the confusion grid")
        )
        self._orders: dict[ClassOrder, QAction] = {}
        self._build()
        self._units.chosen.connect(self._choose_unit)
        self._find.clicked.connect(grid.open_finder)
        self.refresh()

    def refresh(self) -> None:
        """Say in which order the grid is, and offer what there is."""
        order, shown = self._grid.order, self._grid.shown
        self._sort.setText(_ORDERS[order])
        self._sort.setAccessibleName(tr("Order of the classes: {order}", order=_ORDERS[order]))
        self._orders[order].setChecked(True)
        self._orders[ClassOrder.CLUSTER].setEnabled(self._grid.has_clusters)
        if shown is not None:
            self._units.choose(_PERCENT if shown.as_percent else _COUNT)
        if shown is None:
            self._menu.show_content(None, None)
        else:
            self._menu.show_content(
                partial(confusion_as_text, shown), partial(confusion_twin, shown.table)
            )

    def _build(self) -> None:
        menu, group = QMenu(self._sort), QActionGroup(self)
        for order, label in _ORDERS.items():
            action = QAction(label, group)
            action.setCheckable(True)
            action.setData(order)
            menu.addAction(action)
            self._orders[order] = action
        group.triggered.connect(self._choose_order)
        self._sort.setMenu(menu)
        self._sort.setProperty("menu", True)
        self._find.setToolTip(tr("Find a class (Ctrl+F)"))
        self._find.setAccessibleName(tr("Find a class"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self._sort, self._units, self._find):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addWidget(self._legend)
        layout.addWidget(self._menu)

    @Slot(QAction)
    def _choose_order(self, action: QAction) -> None:
        self._grid.sort_by(action.data())
        self.refresh()

    @Slot(str)
    def _choose_unit(self, key: str) -> None:
        self._grid.show_percent(key == _PERCENT)
        self.refresh()
