"""The classes with their counts, sorted by name or count."""

from __future__ import annotations

from PySide6.QtCore import Slot

from petstudio.bridge.models import ClassModel, ClassOrder
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.class_bars import ClassBars

_ORDER_TEXT = {ClassOrder.NAME: "By name", ClassOrder.COUNT: "By count"}


class ClassesCard(Card):
    """The smallest class is named in the title line; it is where accuracy suffers first."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("Classes", hint=" ", name="data.classes.card")
        self._order = ClassOrder.NAME
        self._model = ClassModel(self)
        self._sort = Button(
            theme, kind="ghost", small=True, icon="sort-ascending", name="data.classes.sort"
        )
        self._sort.setToolTip("Change the order")
        self.add_action(self._sort)
        self.body.addWidget(ClassBars(theme, self._model), 1)
        self._sort.clicked.connect(self._change_order)
        self._show_order()

    def show_classes(self, classes: tuple[tuple[str, int], ...]) -> None:
        plural = "class" if len(classes) == 1 else "classes"
        self.title.setText(f"{len(classes):,} {plural}" if classes else "Classes")
        smallest = min((count for _, count in classes), default=0)
        self.hint.set_full_text(f"smallest {smallest:,}" if classes else "")
        self._sort.setVisible(bool(classes))
        self._model.show_classes(classes)

    @Slot()
    def _change_order(self) -> None:
        by_name = self._order is ClassOrder.NAME
        self._order = ClassOrder.COUNT if by_name else ClassOrder.NAME
        self._show_order()

    def _show_order(self) -> None:
        self._sort.setText(_ORDER_TEXT[self._order])
        self._model.sort_by(self._order)
