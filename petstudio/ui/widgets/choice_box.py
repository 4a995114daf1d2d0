"""A combo box over keys, which shows their labels."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox


class ChoiceBox(QComboBox):
    """`picked` comes only from the user, never from `show_choices` or `show_key`."""

    picked = Signal(str)
    """The key that the user chose."""

    def __init__(self, choices: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.activated.connect(self._on_activated)
        self.show_choices(choices)

    @property
    def key(self) -> str:
        return str(self.currentData())

    def show_choices(self, choices: Iterable[tuple[str, str]]) -> None:
        """Offer these keys with their labels; the chosen one stays if it is among them."""
        chosen = self.currentData()
        self.clear()
        for key, label in choices:
            self.addItem(label, key)
        self.setCurrentIndex(max(0, self.findData(chosen)))
        # The list may be wider than a narrow box; 48 pixels hold its padding and scroll bar.
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 48)

    def show_key(self, key: str, label: str = "") -> None:
        """Choose a key; one that is not offered is added, so that the box never says a lie."""
        if self.findData(key) < 0:
            self.addItem(label or key, key)
        self.setCurrentIndex(self.findData(key))

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A page that scrolls must not change a setting that passes under the pointer.
        event.ignore()

    @Slot()
    def _on_activated(self) -> None:
        self.picked.emit(self.key)
