"""The card with the table of runs, its filter, its columns and the room that the runs take."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu

from petstudio.api.language import tr
from petstudio.bridge.run_columns import COLUMNS, RunColumn
from petstudio.bridge.run_row import ShelfSeen
from petstudio.bridge.runs_model import RunsModel
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.runs_table import RunsTable
from petstudio.ui.widgets.text import Text

_FILTER: Final = tr("Filter by name, tag or setting")
_COLUMNS: Final = tr("Columns")
_TAGS: Final = tr("Tags")
_NO_TAGS: Final = tr("No run has a tag yet")
_TRASH_TIP: Final = tr("See what lies in the trash, and put it back")
_FILTER_ROOM: Final = 56  # around its words, with the button that clears it
_ALWAYS: Final = (RunColumn.TICK, RunColumn.RUN)


class RunsCard(Card):
    """Forwards what was seen to the table."""

    def __init__(self, theme: Theme, model: RunsModel) -> None:
        super().__init__(name="runs.card")
        self._theme = theme
        self.table = RunsTable(theme, model)
        self.filter = QLineEdit()
        self.trash = Button(theme, kind="link", icon="trash", small=True, name="runs.trash")
        self._columns = Button(theme, _COLUMNS, icon="columns", small=True, name="runs.columns")
        self._tags = Button(theme, _TAGS, icon="tag", small=True, name="runs.tags")
        self._space = Text(kind="small", tone="text2")
        self._column_menu = QMenu(self)
        self._tag_menu = QMenu(self)
        self._build()
        self._dress()
        theme.changed.connect(self._dress)
        self.filter.textChanged.connect(self.table.filter_by)
        self._columns.clicked.connect(self._open_columns)
        self._tags.clicked.connect(self._open_tags)

    def show_runs(self, seen: ShelfSeen, space: str, trash: str) -> None:
        """Offer the tags that there are; `space` and `trash` say what room is taken."""
        self._space.setText(space)
        self.trash.setText(trash)
        self.trash.setEnabled(seen.project is not None)
        self._tag_menu.clear()
        tags = sorted({tag for row in seen.rows for tag in row.notes.tags})
        for tag in tags:
            action = self._tag_menu.addAction(tag.replace("&", "&&"))
            action.triggered.connect(partial(self.filter.setText, tag))
        if not tags:
            self._tag_menu.addAction(_NO_TAGS).setEnabled(False)

    def _build(self) -> None:
        self.filter.setObjectName("runs.filter")
        self.filter.setPlaceholderText(_FILTER)
        self.filter.setAccessibleName(_FILTER)
        self.filter.setClearButtonEnabled(True)
        self.trash.setToolTip(_TRASH_TIP)
        line = QHBoxLayout()
        line.setSpacing(8)
        for widget in (self.filter, self._columns, self._tags):
            line.addWidget(widget)
        line.addStretch(1)
        line.addWidget(self._space)
        line.addWidget(self.trash)
        self.body.addLayout(line)
        self.body.addWidget(self.table, 1)
        for column, look in COLUMNS.items():
            if column not in _ALWAYS:
                self._add_column(column, look.title, is_shown=look.is_shown)

    def _add_column(self, column: RunColumn, title: str, *, is_shown: bool) -> None:
        action = QAction(title, self)
        action.setCheckable(True)
        action.setChecked(is_shown)
        action.toggled.connect(partial(self._show_column, column))
        self._column_menu.addAction(action)

    def _show_column(self, column: RunColumn, is_shown: bool) -> None:
        self.table.setColumnHidden(column, not is_shown)
        self.table.share_width()

    @Slot()
    def _dress(self) -> None:
        words = QFontMetrics(self._theme.font(FontRole.BODY)).horizontalAdvance(_FILTER)
        self.filter.setFixedWidth(words + _FILTER_ROOM)

    @Slot()
    def _open_columns(self) -> None:
        self._column_menu.popup(self._columns.mapToGlobal(self._columns.rect().bottomLeft()))

    @Slot()
    def _open_tags(self) -> None:
        self._tag_menu.popup(self._tags.mapToGlobal(self._tags.rect().bottomLeft()))
