"""A quiet sentence that names the next useful act, until it is done or dismissed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.icon_line import IconLine

_DISMISS: Final = tr("Dismiss this tip")


class TipLine(QWidget):
    """Hidden while there is nothing to say, or nothing to do it with."""

    dismissed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._is_useful = True
        self._line = IconLine(theme, name="tip.text")
        self._close = Button(theme, kind="ghost", icon="x", small=True, name="tip.dismiss")
        self.setObjectName("tip")
        self._close.setAccessibleName(_DISMISS)
        self._close.setToolTip(_DISMISS)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addWidget(self._line, 1)
        self._row.addWidget(self._close)
        self._close.clicked.connect(self.dismissed)
        self.hide()

    @property
    def text(self) -> str:
        return self._line.text

    def say(self, text: str) -> None:
        """Give this tip; empty for none."""
        self._line.say(text, icon="lightbulb", tone="accent_text")
        self.setAccessibleName(text)
        self._take_height()
        self._place()

    def hasHeightForWidth(self) -> bool:
        """A page with a part that has one is scrolled until all its cards are as high as can be."""
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_height()

    def show_useful(self, is_useful: bool) -> None:
        """Say whether there is anything to do it with."""
        self._is_useful = is_useful
        self._place()

    def _take_height(self) -> None:
        # While its line is hidden, the row has no height for a width.
        if self.text and self._row.hasHeightForWidth():
            self.setFixedHeight(self._row.heightForWidth(self.width()))

    def _place(self) -> None:
        self.setVisible(bool(self.text) and self._is_useful)
