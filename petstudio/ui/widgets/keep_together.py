"""Which pictures are never divided: those of a folder, of a group, or that look alike."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from petstudio.api.language import tr
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.flow_layout import FlowLayout
from petstudio.ui.widgets.letters_wide import LettersWide
from petstudio.ui.widgets.text import Text

_CAPTION: Final = tr("Keep together")
_NONE: Final = "none"
_FOLDER: Final = "folder"
_PATTERN: Final = "pattern"
_CHOICES: Final = (
    (_NONE, tr("nothing more")),
    (_FOLDER, tr("each folder")),
    (_PATTERN, tr("a part of the name")),
)
_TIP: Final = tr(
    "Pictures of one animal, scene or film belong on one side of the split. A group named group in "
    "the label pattern keeps them together, too; equal files always stay together."
)
_EXAMPLE: Final = r"^([^_]+)_"
_PATTERN_TIP: Final = tr("What the first group of this pattern matches in the path stays together.")
_ALIKE: Final = tr("Near-duplicates")
_ALIKE_TIP: Final = tr("Pictures that look the same go to the same side.")
_PATTERN_LETTERS: Final = 17
_PATTERN_ROOM: Final = 14


class KeepTogether(QWidget):
    """`group` is a pattern, empty for none."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._what = ChoiceBox(_CHOICES)
        self._pattern = QLineEdit()
        self._alike = QCheckBox(_ALIKE)
        self._build()
        self._what.picked.connect(self._take_what)
        self._pattern.textChanged.connect(self.edited)
        self._alike.toggled.connect(self.edited)

    @property
    def by_folder(self) -> bool:
        return self._what.key == _FOLDER

    @property
    def alike(self) -> bool:
        return self._alike.isChecked()

    @property
    def group(self) -> str:
        return self._pattern.text() if self._what.key == _PATTERN else ""

    def show_choice(self, *, by_folder: bool, alike: bool, group: str) -> None:
        """Show these without a signal."""
        blocked = self.blockSignals(True)
        self._what.show_key(_PATTERN if group else _FOLDER if by_folder else _NONE)
        if group:
            self._pattern.setText(group)
        self._alike.setChecked(alike)
        self._pattern.setVisible(bool(group))
        self.blockSignals(blocked)

    def keep_alike(self) -> None:
        """Put pictures that look the same on the same side."""
        self._alike.setChecked(True)

    def _build(self) -> None:
        caption = Text(_CAPTION, kind="label")
        caption.setBuddy(self._what)
        for field, name, spoken, tip in (
            (self._what, "data.split.together", _CAPTION, _TIP),
            (self._pattern, "data.split.group", tr("Pattern of what stays together"), _PATTERN_TIP),
            (self._alike, "data.split.alike", tr("Keep near-duplicates together"), _ALIKE_TIP),
        ):
            field.setObjectName(name)
            field.setAccessibleName(spoken)
            field.setToolTip(tip)
        self._pattern.setProperty("mono", True)
        self._pattern.setText(_EXAMPLE)
        LettersWide(self._pattern, _PATTERN_LETTERS, room=_PATTERN_ROOM)
        self._pattern.hide()
        row = FlowLayout(self, spacing=8)
        for widget in (caption, self._what, self._pattern, self._alike):
            row.addWidget(widget)

    @Slot()
    def _take_what(self) -> None:
        self._pattern.setVisible(self._what.key == _PATTERN)
        self.edited.emit()
