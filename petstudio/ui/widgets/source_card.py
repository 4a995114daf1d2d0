"""The source of the data: a folder, and how its pictures get their labels."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from petstudio.api.contributions import DatasetLoader
from petstudio.api.errors import OptionError
from petstudio.api.language import tr
from petstudio.bridge.models import ProofRow, spoken_label
from petstudio.bridge.prover import Fault
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.chip import Chip
from petstudio.ui.widgets.flow_layout import FlowLayout
from petstudio.ui.widgets.option_form import OptionForm
from petstudio.ui.widgets.pair import Pair
from petstudio.ui.widgets.pattern_builder import PatternBuilder
from petstudio.ui.widgets.pattern_line import PatternLine
from petstudio.ui.widgets.problem_line import ProblemLine
from petstudio.ui.widgets.segmented import Segmented
from petstudio.ui.widgets.source_well import SourceWell
from petstudio.ui.widgets.text import Text
from petstudio.ui.widgets.thumbnail_cache import ThumbnailCache
from petstudio.ui.widgets.tinted_name import TintedName

_LABELS_FROM: Final = tr("Labels from")
_EXAMPLE: Final = tr("Example")
_PRESETS: Final = tr("Presets")
# The loaders that most people want stand first, those of further plugins after them.
_FIRST: Final = ("regex", "folder", "table")
_PATTERN: Final = "pattern"
_BUILD: Final = tr("Build by clicking")
_BUILDABLE: Final = "regex"
_CLOSE: Final = tr("Done clicking")
_PATTERN_PRESETS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "Pets style": {"pattern": r"^(?P<label>.+)_\d+\.[^.]+$", "match": "name"},
        "Before first _": {"pattern": r"^(?P<label>[^_]+)_", "match": "name"},
        "Parent folder": {"pattern": r"(?P<label>[^/]+)/[^/]+$", "match": "path"},
        "Grandparent folder": {"pattern": r"(?P<label>[^/]+)/[^/]+/[^/]+$", "match": "path"},
    }
)
_PRESET_TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Pets style": tr("Pets style"),
        "Before first _": tr("Before first _"),
        "Parent folder": tr("Parent folder"),
        "Grandparent folder": tr("Grandparent folder"),
    }
)


class SourceCard(Card):
    """Says what the user chose; what is wrong with it is shown where it was typed."""

    edited = Signal()
    """The loader or one of its options was changed by the user."""
    folder_dropped = Signal(object)
    choose_requested = Signal()

    def __init__(
        self, theme: Theme, loaders: Mapping[str, DatasetLoader[Any]], pictures: ThumbnailCache
    ) -> None:
        super().__init__(name="data.source")
        self._theme = theme
        self._sample = ""
        self.well = SourceWell(theme, pictures)
        order = sorted(loaders, key=_rank)
        labels = {key: loaders[key].label for key in order}
        self._choice = Segmented(labels, name="data.loader", spoken=_LABELS_FROM)
        self._caption = Text(_LABELS_FROM, kind="label")
        self._forms: dict[str, OptionForm] = {}
        self._problem = ProblemLine(theme, name="data.source.problem")
        self._example = QWidget()
        self._name = TintedName(theme)
        self._label = Chip(theme, kind="accent")
        self._presets = QWidget()
        self._builder = PatternBuilder()
        self._click = Button(theme, _BUILD, icon="cursor", name="data.builder.open")
        self._build(loaders)
        self._connect()
        self.setFocusProxy(self._choice)
        self._show_loader(self._choice.key)

    @property
    def loader(self) -> str:
        return self._choice.key

    def values(self) -> dict[str, Any] | None:
        """Return the loader's options, or None when one of them is wrong, which is then shown."""
        self._problem.show_problem("")
        return self._form.values()

    def show_choice(self, loader: str, options: Mapping[str, Any]) -> None:
        """Show a loader and its options without a signal."""
        if loader in self._forms:
            self._choice.choose(loader)
            self._show_loader(loader)
            self._form.set_values(options)
        self.clear_problems()

    def clear_problems(self) -> None:
        self._form.clear_problems()
        self._problem.show_problem("")

    def show_mark(self, is_good: bool) -> None:
        """Say at the pattern whether it gave labels."""
        for form in self._forms.values():
            if _PATTERN in form.option_names:
                line = form.editor(_PATTERN).findChild(PatternLine)
                assert line is not None
                line.show_mark(is_good)

    def show_fault(self, fault: Fault) -> None:
        """Show the sentence at the field it is about, else below the form."""
        error = fault.error
        if isinstance(error, OptionError) and self._form.show_problem(error):
            return
        if _PATTERN in self._form.option_names and not fault.is_folder:
            self._form.show_problem(OptionError(_PATTERN, error.what, cure=error.cure))
        else:
            self._problem.show_problem(str(error))

    def show_example(self, row: ProofRow | None) -> None:
        """Show one file and the label that it got."""
        self._sample = row.path if row else ""
        self._example.setVisible(row is not None and self._builder.isHidden())
        if row is not None and self._builder.isHidden():
            self._builder.show_name(row.path)
        if row is not None:
            self._name.show_name(row.path, row.span)
            text = spoken_label(row.label) if row.label else tr("no label")
            self._label.show_state(text, kind="accent" if row.label else "warn")

    @property
    def _form(self) -> OptionForm:
        return self._forms[self._choice.key]

    def _build(self, loaders: Mapping[str, DatasetLoader[Any]]) -> None:
        label_width = self._caption.sizeHint().width()
        for key, loader in loaders.items():
            form = OptionForm(
                self._theme, loader.options, name=f"data.{key}", label_width=label_width
            )
            self._forms[key] = form
            if _PATTERN in form.option_names and key == _BUILDABLE:
                form.editor(_PATTERN).row.addWidget(self._click)
        panel = QWidget()
        right = QVBoxLayout(panel)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(8)
        right.addLayout(self._build_choice(label_width))
        for form in self._forms.values():
            right.addWidget(form)
        right.addWidget(self._problem)
        right.addWidget(self._build_example(label_width))
        right.addWidget(self._builder)
        self._builder.setContentsMargins(label_width + 12, 0, 0, 0)
        self._builder.hide()
        right.addWidget(self._build_presets(label_width))
        right.addStretch(1)
        self.body.addWidget(Pair(self.well, panel, shares=(0, 1), spacing=20))

    def _build_choice(self, label_width: int) -> QGridLayout:
        row = QGridLayout()
        row.setHorizontalSpacing(12)
        row.setColumnMinimumWidth(0, label_width)
        row.setColumnStretch(1, 1)
        row.addWidget(self._caption, 0, 0)
        row.addWidget(self._choice, 0, 1, Qt.AlignmentFlag.AlignLeft)
        return row

    def _build_example(self, label_width: int) -> QWidget:
        row = QHBoxLayout(self._example)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        caption = Text(_EXAMPLE, kind="small", tone="text3")
        caption.setMinimumWidth(label_width)
        row.addWidget(caption)
        row.addWidget(self._name)
        row.addWidget(Text("→", tone="text3"))
        row.addWidget(self._label)
        row.addStretch(1)
        self._example.hide()
        return self._example

    def _build_presets(self, label_width: int) -> QWidget:
        row = QGridLayout(self._presets)
        row.setContentsMargins(0, 0, 0, 0)
        row.setHorizontalSpacing(12)
        row.setColumnMinimumWidth(0, label_width)
        row.setColumnStretch(1, 1)
        buttons = FlowLayout(spacing=6)
        row.addWidget(Text(_PRESETS, kind="small", tone="text3"), 0, 0)
        row.addLayout(buttons, 0, 1)
        for name, title in _PRESET_TITLES.items():
            button = Button(self._theme, title, small=True, name=f"data.preset.{name}")
            button.clicked.connect(self._apply_preset)
            buttons.addWidget(button)
        return self._presets

    def _connect(self) -> None:
        self.well.folder_dropped.connect(self.folder_dropped)
        self.well.choose_requested.connect(self.choose_requested)
        self._choice.chosen.connect(self._take_loader)
        self._click.clicked.connect(self._open_builder)
        self._builder.built.connect(self._take_options)
        for form in self._forms.values():
            form.changed.connect(self.edited)

    @Slot(str)
    def _take_loader(self, key: str) -> None:
        self._show_loader(key)
        self._problem.show_problem("")
        self.edited.emit()

    @Slot()
    def _apply_preset(self) -> None:
        name = self.sender().objectName().rpartition(".")[2]
        self._take_options(_PATTERN_PRESETS[name])

    @Slot(object)
    def _take_options(self, options: Mapping[str, str]) -> None:
        self._form.set_values(options)
        self.edited.emit()

    @Slot()
    def _open_builder(self) -> None:
        is_open = self._builder.isHidden()
        self._builder.setVisible(is_open)
        self._builder.show_name(self._sample)
        self._example.setVisible(not is_open and bool(self._sample))
        self._click.setText(_CLOSE if is_open else _BUILD)

    def _show_loader(self, key: str) -> None:
        for name, form in self._forms.items():
            form.setVisible(name == key)
        self._presets.setVisible(key == _BUILDABLE)
        if key != _BUILDABLE:
            self._builder.hide()
            self._click.setText(_BUILD)


def _rank(key: str) -> int:
    return _FIRST.index(key) if key in _FIRST else len(_FIRST)
