"""What was looked at on this machine, in one line: a mark, a name, words, and a cure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from petstudio.ui.theme import Theme
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.flow_layout import FlowLayout
from petstudio.ui.widgets.text import Text

if TYPE_CHECKING:
    from petstudio.jobs.self_check import SelfCheck

_SIDE: Final = 16


class ChecksLine(Card):
    """Hidden until there is something to show."""

    def __init__(self, theme: Theme, *, name: str) -> None:
        super().__init__(name=name, is_dense=True)
        self._theme = theme
        self._marks: list[tuple[QLabel, bool]] = []
        self._row = FlowLayout(spacing=24)
        self.body.addLayout(self._row)
        theme.changed.connect(self._draw_marks)
        self.hide()

    def show_checks(self, checks: Sequence[SelfCheck]) -> None:
        """Show these, once."""
        for check in checks:
            self._row.addWidget(self._item(check))
        self._draw_marks()
        self.show()

    def _item(self, check: SelfCheck) -> QWidget:
        mark, item = QLabel(), QWidget()
        self._marks.append((mark, check.is_good))
        row = QHBoxLayout(item)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(mark)
        row.addWidget(Text(check.name, kind="strong"))
        row.addWidget(Text(check.words, tone="text2"))
        if check.cure:
            row.addWidget(Text(check.cure, kind="small", tone="text3"))
        item.setAccessibleName(f"{check.name}: {check.words}. {check.cure}")
        return item

    @Slot()
    def _draw_marks(self) -> None:
        for mark, is_good in self._marks:
            look = ("check-circle-fill", "ok") if is_good else ("warning-fill", "warn")
            mark.setPixmap(self._theme.icon(*look).pixmap(QSize(_SIDE, _SIDE)))
