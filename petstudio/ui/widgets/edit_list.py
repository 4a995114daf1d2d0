"""The history of edits: choosing one goes back, or forward, to the moment after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from petstudio.api.language import tr
from petstudio.project.records import Edit
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.edit_words import edit_icon, edit_words
from petstudio.ui.widgets.text import Text, plain_tip

_TITLE: Final = tr("History")
_SHOW_ALL: Final = tr("Show all")
_SHOW_FEW: Final = tr("Show few")
_BEGINNING: Final = tr("Before all edits")
_NOTHING: Final = tr("No edits yet")
_TIP: Final = tr("Goes back, or forward, to the moment after this edit")
_FEW: Final = 3
_MANY: Final = 12
_MOST: Final = 2000
_AROUND: Final = 10
_ICON: Final = 14
_EDIT = Qt.ItemDataRole.UserRole


class EditList(QWidget):
    """The newest edit stands first; those that are undone stand above it, in grey."""

    wanted = Signal(int)
    """The number of the edit after which everything shall be as it was; 0 is before all."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._edits: tuple[Edit, ...] = ()
        self._is_long = False
        self._list = QListWidget()
        self._nothing = Text(_NOTHING, kind="small", tone="text3")
        self._more = Button(theme, _SHOW_ALL, kind="link", small=True, name="label.history.more")
        self._build()
        self._more.clicked.connect(self._toggle)
        self._list.itemClicked.connect(self._tell)
        self._list.itemActivated.connect(self._tell)  # by Enter
        theme.changed.connect(self._fill)

    def show_edits(self, edits: Sequence[Edit]) -> None:
        """Show a history as the project gives it, the oldest edit first."""
        if tuple(edits) != self._edits:
            self._edits = tuple(edits)
            self._fill()

    def _build(self) -> None:
        self._list.setObjectName("label.history")
        self._list.setAccessibleName(_TITLE)
        self._list.setToolTip(_TIP)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setUniformItemSizes(True)
        self._list.setIconSize(QSize(_ICON, _ICON))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = QHBoxLayout()
        head.addWidget(Text(_TITLE, kind="section"))
        head.addStretch(1)
        head.addWidget(self._more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._nothing)
        layout.addWidget(self._list)
        self._fill()

    @Slot()
    def _fill(self) -> None:
        self._list.clear()
        for edit in self._edits[-1 : -_MOST - 1 : -1]:
            icon, words = edit_icon(edit.what), edit_words(edit.what)
            self._add(icon, words, edit.id, is_undone=edit.undone)
        if self._edits:
            self._add(edit_icon(""), _BEGINNING, 0, is_undone=False)
        done = sum(edit.undone for edit in self._edits)
        self._list.setCurrentRow(done if self._edits else -1)
        if self._list.currentItem() is not None:
            self._list.scrollToItem(self._list.currentItem())
        self._show_length()

    def _add(self, icon: str, words: str, number: int, *, is_undone: bool) -> None:
        item = QListWidgetItem(tr("{edit} (undone)", edit=words) if is_undone else words)
        item.setIcon(self._theme.icon(icon, "disabled" if is_undone else "text2"))
        item.setData(_EDIT, number)
        item.setToolTip(plain_tip(words))
        item.setSizeHint(QSize(0, self._list.fontMetrics().height() + _AROUND))
        if is_undone:
            item.setForeground(self._theme.color("text3"))
        self._list.addItem(item)

    def _show_length(self) -> None:
        rows = self._list.count()
        shown = min(rows, _MANY if self._is_long else _FEW)
        self._list.setFixedHeight(shown * (self._list.fontMetrics().height() + _AROUND) + 2)
        self._list.setVisible(rows > 0)
        self._nothing.setVisible(rows == 0)
        self._more.setVisible(rows > _FEW)
        self._more.setText(_SHOW_FEW if self._is_long else _SHOW_ALL)

    @Slot()
    def _toggle(self) -> None:
        self._is_long = not self._is_long
        self._show_length()

    @Slot(QListWidgetItem)
    def _tell(self, item: QListWidgetItem) -> None:
        if item.data(_EDIT) != self._newest_done:
            self.wanted.emit(item.data(_EDIT))

    @property
    def _newest_done(self) -> int:
        return max((edit.id for edit in self._edits if not edit.undone), default=0)
