"""All keys by place, as they are now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from petstudio.ui.acts import Act, Place
from petstudio.ui.key_map import KeyMap
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.key_cap import KeyCap
from petstudio.ui.widgets.sheet import Sheet
from petstudio.ui.widgets.text import Text

_TITLE: Final = "Keys"
_HOW: Final = (
    "Letters act only while pictures or a chart have the focus. "
    "The keys in the first column can be changed on the Settings page."
)
_FIXED: Final = (
    (
        "Pictures",
        (
            ("Arrows", "move; with Shift or Ctrl select more"),
            ("Ctrl+A", "select all"),
            ("Space", "look at the picture"),
            ("Enter", "open, or accept what is suggested"),
            ("+ and −", "larger and smaller"),
            ("Home, End", "first, last"),
        ),
    ),
    (
        "Pictures on Label and Evaluate",
        (
            ("1 to 9, 0", "give the class with this key"),
            ("` and letters", "give one of the other classes"),
            ("R", "repeat the class that was given last"),
            ("X", "exclude"),
            ("K", "the label is right"),
        ),
    ),
    (
        "Pictures on Label",
        (
            ("N", "none of the classes"),
            ("Delete", "take the label away"),
            ("T", "tag"),
            ("U", "next without a label"),
            ("G", "grid, or one by one"),
            ("A, D", "previous, next"),
            ("/", "find a class"),
        ),
    ),
    (
        "Pictures on Evaluate and Predict",
        (("H, held", "where the model looked"), ("Shift+H", "for the true class, on Evaluate")),
    ),
    (
        "Confusion grid",
        (
            ("Arrows", "move the cell"),
            ("Enter", "its pictures"),
            ("E", "next larger error"),
            ("Ctrl+F, /", "find a class"),
            ("+ and −", "zoom"),
        ),
    ),
    (
        "Stages of the recipe",
        (
            ("Alt+Left, Right", "move the stage"),
            ("Ctrl+D", "duplicate it"),
            ("Delete", "remove it"),
            ("[ and ]", "freeze more or fewer layers"),
        ),
    ),
    (
        "Learning rate finder",
        (
            ("Left, Right", "move the handle; with Shift a decade"),
            ("Home, End", "whole range"),
            ("S", "next suggestion"),
            ("Ctrl+Enter", "apply the range"),
        ),
    ),
    (
        "Table of runs",
        (
            ("Space", "tick the run"),
            ("P", "pin it"),
            ("B", "make it the baseline"),
            ("Delete", "to the trash"),
        ),
    ),
)
_AT_START: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_LETTERS: Final = 150
_LINES: Final = 42


class KeySheet(Sheet):
    """Made anew each time, from the live map."""

    def __init__(self, theme: Theme, key_map: KeyMap, parent: QWidget) -> None:
        super().__init__(theme, _TITLE, parent, name="key_sheet", letters=_LETTERS, lines=_LINES)
        columns = QHBoxLayout()
        columns.setSpacing(32)
        for column in (_live_column(key_map), _fixed_column()):
            columns.addWidget(column, 1, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(Text(_HOW, tone="text2", wraps=True))
        self.body.addLayout(columns)
        self.finish()


def _live_column(key_map: KeyMap) -> QWidget:
    column = _Column()
    for place in Place:
        acts = (act for act in Act if act.place is place)
        lines = ((key_map.text(act), act.text) for act in acts)
        column.add(place.value, ((keys, text) for keys, text in lines if keys))
    return column


def _fixed_column() -> QWidget:
    column = _Column()
    for title, lines in _FIXED:
        column.add(title, lines)
    return column


class _Column(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)

    def add(self, title: str, lines: Iterable[tuple[str, str]]) -> None:
        row = self._grid.rowCount()
        if row > 1:
            self._grid.setRowMinimumHeight(row, 8)
            row += 1
        self._grid.addWidget(Text(title, kind="section"), row, 0, 1, 2)
        for keys, text in lines:
            row += 1
            self._grid.addWidget(KeyCap(keys), row, 0, _AT_START)
            self._grid.addWidget(Text(text, tone="text2", wraps=True), row, 1)
