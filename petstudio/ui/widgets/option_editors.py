"""One editor for each kind of option; each gives a value or says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from petstudio.api.language import tr
from petstudio.api.options import OptionKind, OptionSpec, parse_text
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.letters_wide import LettersWide
from petstudio.ui.widgets.path_question import ask_file, ask_folder
from petstudio.ui.widgets.pattern_line import PatternLine
from petstudio.ui.widgets.text import plain_tip, restyle

# Texts of this name hold a regular expression.
_PATTERN_OPTION = "pattern"
_NUMBER_LETTERS = 12
_NUMBER_ROOM = 14
_SHORT = (OptionKind.INTEGER, OptionKind.NUMBER, OptionKind.FLAG, OptionKind.CHOICE)
_PICKERS = MappingProxyType({OptionKind.FILE: ask_file, OptionKind.FOLDER: ask_folder})


class OptionEditor(QWidget):
    """Base of the editors."""

    edited = Signal()

    def __init__(self, spec: OptionSpec, name: str) -> None:
        super().__init__()
        self.spec = spec
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(8)
        self.field_name = f"{name}.{spec.name}"

    def value(self) -> object:
        """Return the value; OptionError when what stands there is none."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value without a signal."""
        raise NotImplementedError

    def show_fault(self, is_faulty: bool) -> None:
        """Mark the field itself; the sentence stands below it."""

    def _adopt(self, field: QWidget, *, stretch: int = 0) -> None:
        field.setObjectName(self.field_name)
        field.setAccessibleName(self.spec.label)
        field.setToolTip(plain_tip(self.spec.help))
        self.setFocusProxy(field)
        self.row.addWidget(field, stretch)


class LineEditor(OptionEditor):
    """Numbers, lists of numbers, text and paths, typed in."""

    def __init__(self, theme: Theme, spec: OptionSpec, name: str) -> None:
        super().__init__(spec, name)
        self.line = PatternLine(theme) if spec.name == _PATTERN_OPTION else QLineEdit()
        self._adopt(self.line, stretch=1)
        if is_short(spec):
            LettersWide(self.line, _NUMBER_LETTERS, room=_NUMBER_ROOM)
        if spec.kind in _PICKERS:
            self._add_picker(theme)
        self.line.textChanged.connect(self.edited)
        self.set_value(spec.default)

    def value(self) -> object:
        return parse_text(self.spec, self.line.text())

    def set_value(self, value: Any) -> None:
        blocked = self.line.blockSignals(True)
        self.line.setText(_spell(value))
        self.line.blockSignals(blocked)

    def show_fault(self, is_faulty: bool) -> None:
        state = "error" if is_faulty else ""
        if self.line.property("state") != state:
            self.line.setProperty("state", state)
            restyle(self.line)

    def _add_picker(self, theme: Theme) -> None:
        button = Button(theme, tr("Choose…"), name=f"{self.field_name}.choose")
        button.clicked.connect(self._pick)
        self.row.addWidget(button)

    @Slot()
    def _pick(self) -> None:
        ask = _PICKERS[self.spec.kind]
        ask(self, self.spec.label, self.line.text(), lambda path: self.line.setText(str(path)))


class FlagEditor(OptionEditor):
    """A check box that carries its own label."""

    def __init__(self, _theme: Theme, spec: OptionSpec, name: str) -> None:
        super().__init__(spec, name)
        self.box = QCheckBox(spec.label.replace("&", "&&"))
        self._adopt(self.box)
        self.box.toggled.connect(self.edited)
        self.set_value(spec.default)

    def value(self) -> object:
        return self.box.isChecked()

    def set_value(self, value: Any) -> None:
        blocked = self.box.blockSignals(True)
        self.box.setChecked(bool(value))
        self.box.blockSignals(blocked)


class ChoiceEditor(OptionEditor):
    """One of several, by their labels."""

    def __init__(self, _theme: Theme, spec: OptionSpec, name: str) -> None:
        super().__init__(spec, name)
        self.box = ChoiceBox(spec.choices)
        self._adopt(self.box)
        self.box.picked.connect(self.edited)
        self.set_value(spec.default)

    def value(self) -> object:
        return self.box.key

    def set_value(self, value: Any) -> None:
        self.box.show_key(str(value))


_EDITORS: Mapping[OptionKind, Callable[[Theme, OptionSpec, str], OptionEditor]] = MappingProxyType(
    {
        OptionKind.INTEGER: LineEditor,
        OptionKind.NUMBER: LineEditor,
        OptionKind.INTEGERS: LineEditor,
        OptionKind.TEXT: LineEditor,
        OptionKind.FILE: LineEditor,
        OptionKind.FOLDER: LineEditor,
        OptionKind.FLAG: FlagEditor,
        OptionKind.CHOICE: ChoiceEditor,
    }
)


def make_editor(theme: Theme, spec: OptionSpec, name: str) -> OptionEditor:
    """Return the editor for an option; its field is called `name.option`."""
    return _EDITORS[spec.kind](theme, spec, name)


def is_short(spec: OptionSpec) -> bool:
    """True for an option that can share its row with others."""
    return spec.kind in _SHORT


def _spell(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
