"""What stands beside the table of runs: the chosen run, where it came from, what is different."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from petstudio.api.language import tr
from petstudio.bridge.figures import duration_text, size_text
from petstudio.bridge.run_row import RunRow, ShelfSeen, family_of
from petstudio.project.run_notes import RunNotes, tags_in, tags_line
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.differences_list import DifferencesList
from petstudio.ui.widgets.divider import Divider
from petstudio.ui.widgets.run_tree import RunTree
from petstudio.ui.widgets.text import ElidedText, Text

_PIN: Final = tr("Pin to the top of the table (P)")
_UNPIN: Final = tr("Take the pin away (P)")
_ALONE: Final = tr("It starts from no other run, and none goes on from it.")
_TREE_TIP: Final = tr("A click chooses the run in the table.")
_REPRODUCE: Final = tr("Reproduce")
_REPRODUCE_TIP: Final = tr("Open the Train page with the recipe of this run")
_COMMAND: Final = tr("Copy as command")
_SCRIPT: Final = tr("Copy as script")
_TRASH: Final = tr("Trash…")
_TAGS: Final = tr("Tags")
_COMMAS: Final = tr("with commas between them")
_NOTE: Final = tr("Note")


class RunDetails(QWidget):
    """Shows a RunRow; what the user writes is told once the field is left or Enter is pressed."""

    renamed = Signal(int, str)
    """The number of the run, and the name that it is to have."""
    noted = Signal(int, object)
    """The number of the run, and the RunNotes as they are to be."""
    run_picked = Signal(int)
    """The number of a run in the tree."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._row: RunRow | None = None
        self._number = Text(kind="section")
        self._name = QLineEdit()
        self._pin = Button(theme, kind="ghost", icon="push-pin", small=True, name="runs.pin")
        self._facts = ElidedText(kind="small", tone="text2")
        self._tags = QLineEdit()
        self._note = QLineEdit()
        self._alone = Text(kind="small", tone="text3", wraps=True)
        self.tree = RunTree(theme)
        self.differences = DifferencesList()
        self.reproduce = Button(theme, _REPRODUCE, icon="arrow-clockwise", name="runs.reproduce")
        self.trash = Button(theme, _TRASH, kind="danger", icon="trash", name="runs.throw_away")
        self.command = Button(theme, _COMMAND, icon="copy", small=True, name="runs.command")
        self.script = Button(theme, _SCRIPT, icon="code", small=True, name="runs.script")
        self._build()
        self._connect()

    def show_run(self, row: RunRow, seen: ShelfSeen, why_not_trashed: str) -> None:
        """Show a run; a field that is being written in keeps what is written."""
        is_other = self._row is None or self._row.number != row.number
        self._row = row
        self._number.setText(str(row.number))
        fields = (
            (self._name, row.view.name),
            (self._tags, tags_line(row.notes.tags)),
            (self._note, " ".join(row.notes.note.split())),
        )
        for field, text in fields:
            if is_other or not field.hasFocus():
                field.setText(text)
                field.setCursorPosition(0)
        self._facts.set_full_text(_facts(row))
        self._pin.set_icon("push-pin-fill" if row.notes.is_pinned else "push-pin")
        self._pin.setToolTip(_UNPIN if row.notes.is_pinned else _PIN)
        self._pin.setAccessibleName(self._pin.toolTip())
        family = family_of(seen, row)
        self.tree.show_runs(family)
        self.tree.setVisible(len(family) > 1)
        self._alone.setText(_origin(row))
        self._alone.setVisible(len(family) == 1)
        self.trash.set_ready(not why_not_trashed, why_not_trashed)

    def edit_name(self) -> None:
        """Put the cursor into the name."""
        self._name.setFocus()
        self._name.selectAll()

    def _build(self) -> None:
        for field, name, spoken in (
            (self._name, "runs.name", tr("Name of the run")),
            (self._tags, "runs.own_tags", _TAGS),
            (self._note, "runs.note", _NOTE),
        ):
            field.setObjectName(name)
            field.setAccessibleName(spoken)
        self._tags.setPlaceholderText(_COMMAS)
        self.tree.setObjectName("runs.tree")
        self.tree.setToolTip(_TREE_TIP)
        self.reproduce.setToolTip(_REPRODUCE_TIP)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._build_head())
        layout.addWidget(self._facts)
        layout.addLayout(self._build_fields())
        layout.addWidget(Divider())
        layout.addWidget(Text(tr("Came from"), kind="section"))
        layout.addWidget(self._alone)
        layout.addWidget(self.tree)
        layout.addWidget(Divider())
        layout.addWidget(self.differences, 1)
        layout.addLayout(self._build_buttons())

    def _build_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._number)
        head.addWidget(self._name, 1)
        head.addWidget(self._pin)
        return head

    def _build_fields(self) -> QGridLayout:
        fields = QGridLayout()
        fields.setSpacing(8)
        for line, (label, field) in enumerate(((_TAGS, self._tags), (_NOTE, self._note))):
            caption = Text(label, kind="small")
            caption.setBuddy(field)
            fields.addWidget(caption, line, 0)
            fields.addWidget(field, line, 1)
        return fields

    def _build_buttons(self) -> QGridLayout:
        buttons = QGridLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.command, 0, 0)
        buttons.addWidget(self.script, 0, 1)
        buttons.addWidget(self.reproduce, 1, 0)
        buttons.addWidget(self.trash, 1, 1)
        return buttons

    def _connect(self) -> None:
        self._name.editingFinished.connect(self._rename)
        self._tags.editingFinished.connect(self._take_notes)
        self._note.editingFinished.connect(self._take_notes)
        self._pin.clicked.connect(self.toggle_pin)
        self.tree.itemClicked.connect(self._pick)
        self.tree.itemActivated.connect(self._pick)

    @Slot()
    def toggle_pin(self) -> None:
        if self._row is not None:
            self._tell(is_pinned=not self._row.notes.is_pinned)

    @Slot()
    def _rename(self) -> None:
        name = self._name.text().strip()
        if self._row is not None and name != self._row.view.name:
            self.renamed.emit(self._row.number, name)

    @Slot()
    def _take_notes(self) -> None:
        if self._row is not None:
            self._tell(is_pinned=self._row.notes.is_pinned)

    def _tell(self, *, is_pinned: bool) -> None:
        assert self._row is not None
        notes, written = self._row.notes, self._note.text().strip()
        is_same = written == " ".join(notes.note.split())
        new = RunNotes(
            tags=tags_in(self._tags.text()),
            note=notes.note if is_same else written,
            is_pinned=is_pinned,
        )
        if new != notes:
            self.noted.emit(self._row.number, new)

    @Slot(QListWidgetItem)
    def _pick(self, item: QListWidgetItem) -> None:
        number = item.data(Qt.ItemDataRole.UserRole)
        if number is not None:
            self.run_picked.emit(number)


def _origin(row: RunRow) -> str:
    number = row.view.parent
    if number is None:
        return _ALONE
    return tr("Run {number}, which is not here any more.", number=number)


def _facts(row: RunRow) -> str:
    parts = [f"{row.started.astimezone():%Y-%m-%d %H:%M}"]
    if math.isfinite(row.figures.seconds):
        parts.append(duration_text(row.figures.seconds))
    return ", ".join(
        (*parts, size_text(row.figures.size), tr("data {fingerprint}", fingerprint=row.data))
    )
