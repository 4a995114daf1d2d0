"""Tabs over a card, with how much there is behind them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QTabBar

from petstudio.api.language import shown_number, tr
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.chip import Chip


class TabBar(QTabBar):
    """One of several keys is current; arrow keys move, Tab leaves."""

    chosen = Signal(str)
    """The key that the user chose."""

    def __init__(self, theme: Theme, tabs: Mapping[str, str], *, name: str, spoken: str) -> None:
        """`tabs` maps keys to labels; `spoken` is the accessible name of the whole."""
        super().__init__()
        self._keys = tuple(tabs)
        self._labels = dict(tabs)
        self._counts = {key: Chip(theme) for key in tabs}
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        for label in tabs.values():
            self.addTab(label.replace("&", "&&"))
        self.currentChanged.connect(self._tell)

    @property
    def key(self) -> str:
        return self._keys[self.currentIndex()]

    def choose(self, key: str) -> None:
        """Show this tab; `chosen` comes if it is another one."""
        self.setCurrentIndex(self._keys.index(key))

    def show_count(self, key: str, count: int | None) -> None:
        """Show a number behind the label; None or nothing at all shows none."""
        place, chip = self._keys.index(key), self._counts[key]
        chip.show_state(shown_number(count or 0))
        side = QTabBar.ButtonPosition.RightSide
        self.setTabButton(place, side, chip if count else None)
        chip.setVisible(bool(count))
        spoken = (
            tr("{tab}, {count:,}", tab=self._labels[key], count=count)
            if count
            else self._labels[key]
        )
        self.setAccessibleTabName(place, spoken)

    @Slot(int)
    def _tell(self, place: int) -> None:
        self.chosen.emit(self._keys[place])
