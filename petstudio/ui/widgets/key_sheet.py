"""All keys by place, as they are now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.ui.acts import Act, Place
from petstudio.ui.key_map import KeyMap
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.key_cap import KeyCap
from petstudio.ui.widgets.sheet import Sheet
from petstudio.ui.widgets.text import Text

_TITLE: Final = tr("Keys")
_HOW: Final = tr(
    "Letters act only while pictures or a chart have the focus. "
    "The keys in the first column can be changed on the Settings page."
)
_FIXED: Final = (
    (
        tr("Pictures"),
        (
            (tr("Arrows"), tr("move; with Shift or Ctrl select more")),
            (tr("Ctrl+A"), tr("select all")),
            (tr("Space"), tr("look at the picture")),
            (tr("Enter"), tr("open, or accept what is suggested")),
            (tr("+ and −"), tr("larger and smaller")),
            (tr("Home, End"), tr("first, last")),
        ),
    ),
    (
        tr("Pictures on Label and Evaluate"),
        (
            (tr("1 to 9, 0"), tr("give the class with this key")),
            (tr("` and letters"), tr("give one of the other classes")),
            ("R", tr("repeat the class that was given last")),
            ("X", tr("exclude")),
            ("K", tr("the label is right")),
        ),
    ),
    (
        tr("Pictures on Label"),
        (
            ("N", tr("none of the classes")),
            (tr("Delete"), tr("take the label away")),
            ("T", tr("tag")),
            ("U", tr("next without a label")),
            ("G", tr("grid, or one by one")),
            ("A, D", tr("previous, next")),
            ("/", tr("find a class")),
        ),
    ),
    (
        tr("Pictures on Label, Evaluate and Predict"),
        (
            (tr("H, held"), tr("where the model looked")),
            (tr("Shift+H"), tr("for the true class, on Label and Evaluate")),
        ),
    ),
    (
        tr("Confusion grid"),
        (
            (tr("Arrows"), tr("move the cell")),
            (tr("Enter"), tr("its pictures")),
            ("E", tr("next larger error")),
            (tr("Ctrl+F, /"), tr("find a class")),
            (tr("+ and −"), tr("zoom")),
        ),
    ),
    (
        tr("Stages of the recipe"),
        (
            (tr("Alt+Left, Right"), tr("move the stage")),
            (tr("Ctrl+D"), tr("duplicate it")),
            (tr("Delete"), tr("remove it")),
            (tr("[ and ]"), tr("freeze more or fewer layers")),
        ),
    ),
    (
        tr("Learning rate finder"),
        (
            (tr("Left, Right"), tr("move the handle; with Shift a decade")),
            (tr("Home, End"), tr("whole range")),
            ("S", tr("next suggestion")),
            (tr("Ctrl+Enter"), tr("apply the range")),
        ),
    ),
    (
        tr("Table of runs"),
        (
            (tr("Space"), tr("tick the run")),
            ("P", tr("pin it")),
            ("B", tr("make it the baseline")),
            (tr("Delete"), tr("to the trash")),
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
