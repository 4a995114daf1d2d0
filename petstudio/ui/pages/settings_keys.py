"""The key map: each act with its keys, to be changed by pressing others."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout

from petstudio.ui.acts import Act, Place
from petstudio.ui.key_map import KeyMap, shown, why_not
from petstudio.ui.pages import settings_words as words
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.key_field import KeyField
from petstudio.ui.widgets.letters_wide import LettersWide
from petstudio.ui.widgets.text import Text

_FIELD_LETTERS: Final = 16
_FIELD_ROOM: Final = 24


class KeysCard(Card):
    """Keys that mean something else are given only when they are pressed a second time."""

    def __init__(self, theme: Theme, key_map: KeyMap) -> None:
        super().__init__(words.KEYS, hint=words.KEYS_HINT, name="settings.keys")
        self._theme = theme
        self._map = key_map
        self._asked: tuple[Act, QKeySequence] | None = None
        self._note = Text(kind="small", tone="warn", wraps=True)
        self._note.setObjectName("settings.keys.note")
        self._reset = Button(theme, words.RESET_ALL, small=True, name="settings.keys.reset")
        self._fields: dict[Act, KeyField] = {}
        self._resets: dict[Act, Button] = {}
        self._grid = QGridLayout()
        self._build()
        self._reset.clicked.connect(self._reset_all)
        key_map.changed.connect(self._show)
        self._show()

    def _build(self) -> None:
        self.add_action(self._reset)
        self.body.addWidget(self._note)
        self.body.addLayout(self._grid)
        self._note.hide()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        for place in Place:
            self._add_row(Text(place.value, kind="strong"))
            for act in Act:
                if act.place is place:
                    self._add_act(act)

    def _add_row(self, text: Text) -> int:
        row = self._grid.rowCount()
        self._grid.addWidget(text, row, 0)
        return row

    def _add_act(self, act: Act) -> None:
        name = f"settings.key.{act.value.name}"
        field = KeyField(act.text, name=name)
        LettersWide(field, _FIELD_LETTERS, room=_FIELD_ROOM)
        field.pressed.connect(partial(self._take, act))
        reset = Button(self._theme, words.RESET, kind="link", small=True, name=f"{name}.reset")
        reset.setAccessibleName(f"{words.RESET}: {act.text}")
        reset.clicked.connect(partial(self._reset_one, act))
        row = self._add_row(Text(act.text, tone="text2", wraps=True))
        self._grid.addWidget(field, row, 1)
        self._grid.addWidget(reset, row, 2)
        self._fields[act], self._resets[act] = field, reset

    @Slot()
    def _show(self) -> None:
        for act, field in self._fields.items():
            field.show_keys(self._map.text(act))
            policy = self._resets[act].sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            self._resets[act].setSizePolicy(policy)
            self._resets[act].setVisible(self._map.is_changed(act))

    def _take(self, act: Act, keys: QKeySequence) -> None:
        problem = why_not(keys)
        conflicts = () if problem else self._map.conflicts(act, keys)
        others = ", ".join(words.quoted(other.text) for other in conflicts)
        is_confirmed = self._asked == (act, keys)
        self._asked = (act, keys) if conflicts and not is_confirmed else None
        if problem or self._asked is not None:
            self._say(problem or words.taken(shown(keys), act.text, others))
            self._fields[act].show_keys(self._map.text(act))
            return
        self._map.choose(act, keys)
        self._say(words.given(shown(keys), others) if others else "")

    def _say(self, text: str) -> None:
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def _reset_one(self, act: Act) -> None:
        self._say("")
        self._map.reset(act)

    @Slot()
    def _reset_all(self) -> None:
        self._say("")
        self._map.reset_all()
