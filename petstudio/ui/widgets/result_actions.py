"""The bar below the results: what can be done with them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from petstudio.api.language import tr
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.key_button import KeyButton
from petstudio.ui.widgets.text import Text, plain_tip

_HEIGHT: Final = 42
_ADD: Final = tr("Add to data as suggestions")
_COPY: Final = tr("Copy into class folders…")
_UNDO: Final = tr("Undo copying")
_UNDO_TIP: Final = tr("Delete the copies made last, except those that were changed since")
_WHICH_TIP: Final = tr("Select two or more pictures to act on these alone.")
_LOOK: Final = tr("quick look")
_HEAT: Final = tr("heat map")
_HEAT_TIP: Final = tr("Hold H to see where the model looked")


class ResultActions(QFrame):
    """Says to which pictures the buttons belong."""

    add_wanted = Signal()
    copy_wanted = Signal()
    undo_wanted = Signal()
    look_wanted = Signal()
    heat_held = Signal()
    heat_released = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._which = Text(kind="strong")
        self._add = Button(theme, _ADD, small=True, icon="plus", name="predict.add")
        self._copy = Button(theme, _COPY, small=True, icon="copy", name="predict.copy")
        self._undo = Button(
            theme, _UNDO, small=True, kind="ghost", icon="arrow-counter-clockwise",
            name="predict.undo_copies",
        )  # fmt: skip
        self._look = KeyButton(tr("Space"), _LOOK)
        self._heat = KeyButton("H", _HEAT, tip=_HEAT_TIP)
        self.setProperty("card", True)
        self._build()
        self._add.clicked.connect(self.add_wanted)
        self._copy.clicked.connect(self.copy_wanted)
        self._undo.clicked.connect(self.undo_wanted)
        self._look.pressed.connect(self.look_wanted)
        self._heat.pressed.connect(self.heat_held)
        self._heat.released.connect(self.heat_released)

    def show_which(self, words: str) -> None:
        self._which.setText(words)

    def offer_undo(self, is_there: bool) -> None:
        """Show the button that takes copies back, or not."""
        self._undo.setVisible(is_there)

    def set_ready(self, is_ready: bool, why_not: str) -> None:
        self._copy.set_ready(is_ready, why_not)
        self._undo.set_ready(is_ready, why_not)
        if is_ready:
            self._undo.setToolTip(_UNDO_TIP)

    def set_can_add(self, can_add: bool, why_not: str) -> None:
        self._add.set_ready(can_add, why_not)

    def _build(self) -> None:
        self._which.setToolTip(plain_tip(_WHICH_TIP))
        self.setMinimumHeight(_HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(8)
        row.addWidget(self._which)
        row.addSpacing(8)
        for button in (self._add, self._copy, self._undo):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self._look)
        row.addSpacing(8)
        row.addWidget(self._heat)
