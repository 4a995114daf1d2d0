"""The classes with their counts: sorted, searched, renamed and merged."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit

from petstudio.api.language import counted, tr
from petstudio.bridge.models import ClassModel, ClassOrder
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.class_bars import ClassBars
from petstudio.ui.widgets.letters_wide import LettersWide
from petstudio.ui.widgets.text import plain_tip

_FIND: Final = tr("Find a class")
_FIND_LETTERS: Final = 10
_FIND_ROOM: Final = 34  # padding and the cross
_FIND_FROM: Final = 13
"""So many classes do not fit in sight."""
_TIP: Final = tr("F2 or double click renames; M, or drawing one onto another, merges")
_ORDERS: Final = {
    ClassOrder.NAME: (tr("By name"), tr("In the order of the alphabet")),
    ClassOrder.COUNT: (tr("By count"), tr("The smallest first")),
    ClassOrder.BALANCE: (
        tr("By balance"),
        tr("First those whose number is farthest from the median, be it too few or too many"),
    ),
}
_CHANGE_ORDER: Final = tr("Change the order")


class ClassesCard(Card):
    """The smallest class is named in the title line; it is where accuracy suffers first."""

    rename_wanted = Signal(str)
    merge_wanted = Signal(str, str)
    """A class, and the one it shall become part of; empty if that is still to be asked."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Classes"), hint=" ", name="data.classes.card")
        self._order = ClassOrder.NAME
        self._model = ClassModel(self)
        self._sort = Button(
            theme, kind="ghost", small=True, icon="sort-ascending", name="data.classes.sort"
        )
        self.search = QLineEdit()
        self.search.setObjectName("data.classes.find")
        self.search.setAccessibleName(_FIND)
        self.search.setPlaceholderText(_FIND)
        self.search.setClearButtonEnabled(True)
        self.search.hide()
        self.bars = ClassBars(theme, self._model)
        self._why_not = ""
        LettersWide(self.search, _FIND_LETTERS, room=_FIND_ROOM)
        self.add_action(self.search)
        self.add_action(self._sort)
        self.body.addWidget(self.bars, 1)
        self._sort.clicked.connect(self._change_order)
        self.search.textChanged.connect(self._model.search)
        self.bars.rename_wanted.connect(self._ask_to_rename)
        self.bars.merge_wanted.connect(self._ask_to_merge)
        self._show_order()

    def show_classes(self, classes: tuple[tuple[str, int], ...], why_not: str = "") -> None:
        """Show the classes; `why_not` says why they cannot be renamed and merged."""
        self._why_not = why_not
        self.bars.setToolTip(plain_tip(why_not or _TIP))
        self.search.setVisible(len(classes) >= _FIND_FROM)
        self.title.setText(
            counted(len(classes), "{count:,} class", "{count:,} classes")
            if classes
            else tr("Classes")
        )
        smallest = min((count for _, count in classes), default=0)
        self.hint.set_full_text(tr("smallest {smallest:,}", smallest=smallest) if classes else "")
        self._sort.setVisible(bool(classes))
        self._model.show_classes(classes)

    @Slot(str)
    def _ask_to_rename(self, name: str) -> None:
        if self._why_not:
            self.hint.set_full_text(self._why_not)
        else:
            self.rename_wanted.emit(name)

    @Slot(str, str)
    def _ask_to_merge(self, name: str, into: str) -> None:
        if self._why_not:
            self.hint.set_full_text(self._why_not)
        else:
            self.merge_wanted.emit(name, into)

    @Slot()
    def _change_order(self) -> None:
        orders = list(_ORDERS)
        self._order = orders[(orders.index(self._order) + 1) % len(orders)]
        self._show_order()

    def _show_order(self) -> None:
        text, explained = _ORDERS[self._order]
        self._sort.setText(text)
        self._sort.setToolTip(plain_tip(f"{explained}. {_CHANGE_ORDER}"))
        self._model.sort_by(self._order)
