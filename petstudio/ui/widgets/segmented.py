"""A choice of two to five, all of them in sight."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSizePolicy

_PADDING: Final = 26


class Segmented(QFrame):
    """One of several keys is chosen at any time; arrow keys move within, Tab leaves."""

    chosen = Signal(str)
    """The key that the user chose."""

    def __init__(self, choices: dict[str, str], *, name: str, spoken: str) -> None:
        """`choices` maps keys to labels; `spoken` is the accessible name of the whole."""
        super().__init__()
        self.setObjectName("segmented")
        self.setAccessibleName(spoken)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._keys = tuple(choices)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        for number, (key, label) in enumerate(choices.items()):
            button = _Segment(label)
            button.setObjectName(f"{name}.{key}")
            self._group.addButton(button, number)
            layout.addWidget(button)
        self._group.idClicked.connect(self._tell)
        self.choose(self._keys[0])

    @property
    def key(self) -> str:
        return self._keys[self._group.checkedId()]

    def choose(self, key: str) -> None:
        """Show this choice without a signal."""
        button = self._group.button(self._keys.index(key))
        button.setChecked(True)
        self.setFocusProxy(button)

    @Slot(int)
    def _tell(self, number: int) -> None:
        self.setFocusProxy(self._group.button(number))
        self.chosen.emit(self._keys[number])


class _Segment(QPushButton):
    def __init__(self, label: str) -> None:
        super().__init__(label.replace("&", "&&"))
        self._label = label
        self.setProperty("kind", "segment")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        # As wide as the chosen one, whose letters are bolder, so that nothing moves or is cut.
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        width = QFontMetrics(font).horizontalAdvance(self._label) + _PADDING
        return QSize(width, super().sizeHint().height())
