"""A card: a titled frame on the page."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSpacerItem, QVBoxLayout, QWidget

from petstudio.ui.widgets.text import ElidedText, Text

_HEAD_HEIGHT: Final = 28
_USUAL: Final = 12  # pixels above and below
_DENSE: Final = 8


class Card(QFrame):
    """Put content into `body`; what belongs to the title goes to its right end.

    One that `is_dense` has less room above and below, for pages with many cards one on another.
    """

    def __init__(
        self, title: str = "", *, hint: str = "", name: str = "", is_dense: bool = False
    ) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.setObjectName(name)
        self.title = Text(title, kind="section")
        self.hint = ElidedText(hint, kind="small", tone="text3")
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(8)
        outer = QVBoxLayout(self)
        around = _DENSE if is_dense else _USUAL
        outer.setContentsMargins(16, around, 16, around)
        outer.setSpacing(8)
        outer.addLayout(self._build_head())
        self.title.setVisible(bool(title))
        self.hint.setVisible(bool(title))
        outer.addLayout(self.body, 1)

    def add_action(self, widget: QWidget) -> None:
        """Put a small widget at the right end of the title line."""
        self._actions.addWidget(widget)

    def _build_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.addSpacerItem(QSpacerItem(0, _HEAD_HEIGHT if self.title.text() else 0))
        head.setSpacing(0)
        head.addWidget(self.title)
        head.addSpacing(8)
        head.addWidget(self.hint, 1)
        head.addSpacing(8)
        head.addLayout(self._actions)
        return head
