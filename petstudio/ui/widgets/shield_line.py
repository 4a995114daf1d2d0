"""Whether anything is on both sides of the split, and what can be done about it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from petstudio.api.language import tr
from petstudio.jobs.health import Shield
from petstudio.ui.theme import Theme
from petstudio.ui.widgets import health_words as words
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.text import ElidedText, plain_tip

_SIDE: Final = 16


class ShieldLine(QWidget):
    """A green shield, an amber one with Show and Fix, or a grey one while it is not known."""

    show_wanted = Signal()
    fix_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._look = ("shield", "text3")
        self._icon = QLabel()
        self.words = ElidedText(kind="small")
        self.words.setObjectName("data.shield")
        self.see = Button(theme, tr("Show"), kind="link", small=True, name="data.shield.show")
        self.fix = Button(theme, tr("Fix"), kind="link", small=True, name="data.shield.fix")
        self.see.setAccessibleName(tr("Show what is on both sides of the split"))
        self.fix.setAccessibleName(tr("Move what is on both sides of the split to one side"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self.words, 1)
        row.addWidget(self.see)
        row.addWidget(self.fix)
        self.see.clicked.connect(self.show_wanted)
        self.fix.clicked.connect(self.fix_wanted)
        theme.changed.connect(self._draw_icon)
        self.show_shield(None)

    def show_shield(self, shield: Shield | None, *, why_no_fix: str = "") -> None:
        """Show how the split stands; None while that is not known."""
        is_broken = shield is not None and not shield.is_whole
        self.words.set_full_text(words.shield_sentence(shield) if shield else words.NOT_LOOKED)
        self.words.setAccessibleName(self.words.full_text)
        self.see.setVisible(is_broken)
        self.fix.setVisible(is_broken)
        self.fix.set_ready(not why_no_fix, why_no_fix)
        if not why_no_fix and shield is not None:
            self.fix.setToolTip(plain_tip(_moves_words(len(shield.moves))))
        if shield is None:
            self._look = ("shield", "text3")
        else:
            self._look = ("shield-warning", "warn") if is_broken else ("shield-check", "ok")
        self._draw_icon()

    @Slot()
    def _draw_icon(self) -> None:
        self._icon.setPixmap(self._theme.icon(*self._look).pixmap(QSize(_SIDE, _SIDE)))


def _moves_words(count: int) -> str:
    return tr("Moves {count:,} of the pictures to the other side", count=count)
