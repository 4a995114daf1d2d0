"""What a plugin adds, and for each of it the form that its options declare."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import tomli_w
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from petstudio.api.contributions import Contribution
from petstudio.api.errors import OptionError
from petstudio.api.language import tr
from petstudio.api.options import from_mapping, option_specs, to_mapping
from petstudio.bridge.plugin_shelf import PluginRow
from petstudio.plugin_host.kinds import KINDS
from petstudio.plugin_host.records import PluginState
from petstudio.project.names import shown_text
from petstudio.ui.theme import Theme
from petstudio.ui.widgets import plugin_words as words
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.divider import Divider
from petstudio.ui.widgets.option_form import OptionForm
from petstudio.ui.widgets.problem_line import ProblemLine
from petstudio.ui.widgets.text import Text

_SETTINGS: Final = tr("Settings")
_NOTHING: Final = tr("There is nothing to set.")
_ADDS_NOTHING: Final = tr("It works, but adds nothing on this machine.")
_NOT_LOADED: Final = tr("It is not loaded, so its settings are not known.")
_RESET: Final = tr("Reset")
_COPY: Final = tr("Copy values")
_WHERE: Final = tr(
    "The app draws and checks this form from the fields that the plugin declares. Recipes and "
    "projects keep the values that you choose there; here you can try them."
)
_WRONG: Final = tr("Correct the marked fields first")


class PluginDetails(QWidget):
    """Fills the inspector; nothing that is typed here changes anything elsewhere."""

    copied = Signal(str)
    """The values, as lines of a recipe."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: PluginRow | None = None
        self._contributions: tuple[Contribution, ...] = ()
        self._form: OptionForm | None = None
        self._title = Text(kind="section", wraps=True)
        self._version = Text(kind="small", tone="text3")
        self._origin = Text(kind="small", tone="text2", wraps=True)
        self._choice = ChoiceBox()
        self._summary = Text(kind="label", wraps=True)
        self._place = QVBoxLayout()
        self._problem = ProblemLine(theme, name="plugins.form.problem")
        self._note = Text(_WHERE, kind="small", tone="text3", wraps=True)
        self._reset = Button(theme, _RESET, name="plugins.form.reset")
        self._copy = Button(theme, _COPY, icon="copy", name="plugins.form.copy")
        self._choice.setObjectName("plugins.contribution")
        self._choice.setAccessibleName(tr("What the plugin adds"))
        self._build()
        self._choice.currentIndexChanged.connect(self._show_form)
        self._reset.clicked.connect(self._show_form)
        self._copy.clicked.connect(self._tell_copied)

    @property
    def form(self) -> OptionForm | None:
        """What stands there now; None where there is nothing to set."""
        return self._form

    def show_row(
        self, row: PluginRow, contributions: tuple[Contribution, ...], folder: Path
    ) -> None:
        """Show a plugin; the form of its first contribution. What was typed stays if it can."""
        if row == self._shown:
            return
        self._shown = row
        self._title.setText(words.title_of(row.record))
        self._version.setText(words.version_of(row.record))
        self._origin.setText(words.origin_sentence(row.record, folder))
        self._contributions = contributions
        blocked = self._choice.blockSignals(True)
        self._choice.show_choices(
            (str(number), _named(item)) for number, item in enumerate(contributions)
        )
        self._choice.setCurrentIndex(0)
        self._choice.blockSignals(blocked)
        self._choice.setVisible(bool(contributions))
        self._show_form()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._version, 0, Qt.AlignmentFlag.AlignTop)
        self._place.setContentsMargins(0, 0, 0, 0)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self._origin)
        column.addWidget(self._choice)
        column.addWidget(self._summary)
        column.addWidget(Divider())
        column.addWidget(Text(_SETTINGS, kind="strong"))
        column.addLayout(self._place)
        column.addWidget(self._problem)
        column.addWidget(self._note)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(_scrolled(inner), 1)
        outer.addLayout(self._build_buttons())

    def _build_buttons(self) -> QHBoxLayout:
        buttons = QHBoxLayout()
        buttons.addWidget(self._reset)
        buttons.addStretch(1)
        buttons.addWidget(self._copy)
        return buttons

    @property
    def _contribution(self) -> Contribution | None:
        index = self._choice.currentIndex()
        return self._contributions[index] if 0 <= index < len(self._contributions) else None

    @Slot()
    def _show_form(self) -> None:
        while (item := self._place.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        shown, self._form = self._contribution, None
        self._summary.setText(shown_text(self._summary_of(shown)))
        if shown is not None and option_specs(shown.options):
            self._form = OptionForm(self._theme, shown.options, name="plugins.form")
            self._form.changed.connect(self._check)
            self._place.addWidget(self._form)
        else:
            self._place.addWidget(Text(self._why_no_form(shown), kind="label", wraps=True))
        self._note.setVisible(self._form is not None)
        self._reset.setVisible(self._form is not None)
        self._copy.setVisible(self._form is not None)
        self._problem.show_problem("")
        self._copy.set_ready(True)

    def _summary_of(self, shown: Contribution | None) -> str:
        assert self._shown is not None
        return shown.summary if shown is not None else self._shown.record.summary

    def _why_no_form(self, shown: Contribution | None) -> str:
        assert self._shown is not None
        if shown is not None:
            return _NOTHING
        is_active = self._shown.record.state is PluginState.ACTIVE
        return _ADDS_NOTHING if is_active else _NOT_LOADED

    @Slot()
    def _check(self) -> None:
        self._copy.set_ready(self._values() is not None, _WRONG)

    def _values(self) -> dict[str, object] | None:
        """Return the values, or None and say at its field what is wrong."""
        shown = self._contribution
        assert shown is not None
        assert self._form is not None
        self._problem.show_problem("")
        values = self._form.values()
        if values is None:
            return None
        try:
            return to_mapping(from_mapping(shown.options, values))
        except OptionError as error:
            if not self._form.show_problem(error):
                self._problem.show_problem(f"{error.what} {error.cure}".strip())
            return None

    @Slot()
    def _tell_copied(self) -> None:
        values = self._values()
        if values is not None:
            self.copied.emit(tomli_w.dumps(values))


def _named(item: Contribution) -> str:
    kind = next(kind for kind in KINDS if type(item) is kind.type)
    return f"{shown_text(item.label)} ({words.KIND_CHIPS[kind.word]})"


def _scrolled(inner: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setObjectName("plugins.details")
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    area.viewport().setAutoFillBackground(False)
    inner.setAutoFillBackground(False)
    return area
