"""A form drawn from declared options; what is wrong stands under its field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from petstudio.api.errors import OptionError
from petstudio.api.language import tr
from petstudio.api.options import OptionKind, OptionSpec, option_specs
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.flow_layout import FlowLayout
from petstudio.ui.widgets.option_editors import OptionEditor, is_short, make_editor
from petstudio.ui.widgets.problem_line import ProblemLine
from petstudio.ui.widgets.text import Text

_MORE = tr("More options")
_LESS = tr("Fewer options")


class OptionForm(QWidget):
    """Short options share a row, long ones have their own; advanced ones are folded away."""

    changed = Signal()

    def __init__(
        self, theme: Theme, options: type[Any], *, name: str, label_width: int = 0
    ) -> None:
        """Fields are called `name.option`; labels take at least `label_width` pixels."""
        super().__init__()
        self._theme = theme
        self._name = name
        self._label_width = label_width
        self._editors: dict[str, OptionEditor] = {}
        self._problems: dict[str, ProblemLine] = {}
        self._advanced = QWidget()
        self._fold = Button(theme, _MORE, kind="link", small=True, name=f"{name}.more")
        self._build(option_specs(options))
        self._fold.clicked.connect(self._toggle_advanced)

    @property
    def option_names(self) -> tuple[str, ...]:
        return tuple(self._editors)

    def values(self) -> dict[str, Any] | None:
        """Return the values by name, or None when one of them is wrong, which is then shown."""
        self.clear_problems()
        values: dict[str, Any] = {}
        is_complete = True
        for name, editor in self._editors.items():
            try:
                values[name] = editor.value()
            except OptionError as error:
                self.show_problem(error)
                is_complete = False
        return values if is_complete else None

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show these values without a signal; options that are not named keep theirs."""
        for name, value in values.items():
            if name in self._editors:
                self._editors[name].set_value(value)
        self.clear_problems()

    def show_problem(self, error: OptionError) -> bool:
        """Show the error at its field; False when the form has no field of that name."""
        name = error.option.rpartition(".")[2]
        if name not in self._editors:
            return False
        sentence = f"{error.what[:1].upper()}{error.what[1:]} {error.cure}".strip()
        self._problems[name].show_problem(sentence)
        self._editors[name].show_fault(True)
        if self._editors[name].spec.advanced and self._advanced.isHidden():
            self._toggle_advanced()
        return True

    def clear_problems(self) -> None:
        for name, problem in self._problems.items():
            problem.show_problem("")
            self._editors[name].show_fault(False)

    def editor(self, option: str) -> OptionEditor:
        return self._editors[option]

    def _build(self, specs: tuple[OptionSpec, ...]) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        advanced = [spec for spec in specs if spec.advanced]
        plain = QWidget()
        self._fill(plain, [spec for spec in specs if not spec.advanced])
        self._fill(self._advanced, advanced)
        outer.addWidget(plain)
        outer.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        outer.addWidget(self._advanced)
        self._advanced.hide()
        self._fold.setVisible(bool(advanced))  # in its place: else it is a window for a moment

    def _fill(self, panel: QWidget, specs: Iterable[OptionSpec]) -> None:
        grid = QGridLayout(panel)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, self._label_width)
        grid.setColumnStretch(1, 1)
        for row in _rows(specs):
            self._add_row(grid, row)

    def _add_row(self, grid: QGridLayout, specs: list[OptionSpec]) -> None:
        at = grid.rowCount()
        line = FlowLayout(spacing=12) if is_short(specs[0]) else QHBoxLayout()
        for number, spec in enumerate(specs):
            editor = self._add_editor(spec)
            label = None if spec.kind is OptionKind.FLAG else Text(spec.label, kind="label")
            if label is not None:
                label.setBuddy(editor)
            if label is not None and number == 0:
                grid.addWidget(label, at, 0)
                label = None
            line.addWidget(editor if label is None else _side_by_side(label, editor))
            grid.addWidget(self._problems[spec.name], at + 1 + number, 1)
        grid.addLayout(line, at, 1)

    def _add_editor(self, spec: OptionSpec) -> OptionEditor:
        editor = make_editor(self._theme, spec, self._name)
        if spec.unit:
            editor.row.addWidget(Text(spec.unit, kind="small", tone="text3"))
        editor.edited.connect(self.changed)
        problem = ProblemLine(self._theme, name=f"{editor.field_name}.problem")
        self._editors[spec.name] = editor
        self._problems[spec.name] = problem
        return editor

    @Slot()
    def _toggle_advanced(self) -> None:
        is_folded = self._advanced.isHidden()
        self._advanced.setVisible(is_folded)
        self._fold.setText(_LESS if is_folded else _MORE)


def _side_by_side(label: QWidget, editor: QWidget) -> QWidget:
    """Keep the label with its field when the row goes on in the next line."""
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(12)
    row.addWidget(label)
    row.addWidget(editor)
    return both


def _rows(specs: Iterable[OptionSpec]) -> Iterator[list[OptionSpec]]:
    for short, group in groupby(specs, is_short):
        row = list(group)
        if short:
            yield row
        else:
            yield from ([spec] for spec in row)
