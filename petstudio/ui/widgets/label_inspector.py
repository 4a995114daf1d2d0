"""What stands beside the pictures: classes with their keys, how good suggestions are, history."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from petstudio.api.language import counted, tr
from petstudio.bridge.class_key_model import ClassKeyModel
from petstudio.bridge.label_board import LabelBoard
from petstudio.bridge.label_view import LabelView
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.class_key_list import ClassKeyList
from petstudio.ui.widgets.divider import Divider
from petstudio.ui.widgets.edit_list import EditList
from petstudio.ui.widgets.number_box import NumberBox
from petstudio.ui.widgets.row import row_of
from petstudio.ui.widgets.text import Text

_MERGE: Final = tr("Merge…")
_RENAME: Final = tr("Rename…")
_FIND: Final = tr("Find or add a class")
_FIND_TIP: Final = tr("Enter gives the selected pictures the class that is meant")
_ADD: Final = tr("Add")
_ADD_TIP: Final = tr("Give the selected pictures a class of this name")
_RUN: Final = tr("Run that new suggestions come from")
_LATELY: Final = tr("Suggestions lately")
_NOTHING: Final = tr("A finished run can suggest labels.")
_AT_LEAST: Final = tr("Accept from")
_AT_LEAST_TIP: Final = tr("“Accept page” leaves out suggestions of which the run is less sure")
_USUAL_PERCENT: Final = 50


class LabelInspector(QWidget):
    """Shows a LabelBoard."""

    class_given = Signal(str)
    """The class that the selected pictures shall have; it may be a new one."""
    rename_wanted = Signal(str)
    merge_wanted = Signal(str)
    edit_wanted = Signal(int)
    """As `EditList.wanted`."""
    at_least_changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._model = ClassKeyModel(self)
        self._title = Text(kind="section")
        self._merge = Button(theme, _MERGE, kind="ghost", small=True, name="label.merge")
        self._rename = Button(theme, _RENAME, kind="ghost", small=True, name="label.rename")
        self._find = QLineEdit()
        self._add = Button(theme, _ADD, small=True, name="label.add")
        self.classes = ClassKeyList(theme, self._model)
        self._rate = Text(kind="strong")
        self._source = Text(kind="small", wraps=True)
        self._at_least = NumberBox(0, 99, step=5, unit="%")
        self._at_least_row = QWidget()
        self._runs = ChoiceBox()
        self._history = EditList(theme)
        self._build()
        self._connect()

    @property
    def at_least(self) -> float:
        """How sure a suggestion has to be, to be accepted with all others: 0 to 1."""
        return self._at_least.value() / 100

    @property
    def run(self) -> int | None:
        """The run that new suggestions shall come from; None where there is none."""
        return int(self._runs.key) if self._runs.count() else None

    def show_board(self, board: LabelBoard | None) -> None:
        self._model.show_board(board)
        count = len(board.classes) if board is not None else 0
        self._title.setText(counted(count, "{count:,} class", "{count:,} classes"))
        self._show_suggestions(board)
        self._history.show_edits(board.view.history if board is not None else ())
        self._show_tools()

    def show_selected_class(self, name: str) -> None:
        """Choose the class of the pictures that are selected."""
        self.classes.choose(name)

    @Slot()
    def find_class(self) -> None:
        """Let the user type the name of a class."""
        self._find.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._find.selectAll()

    def _show_suggestions(self, board: LabelBoard | None) -> None:
        view = board.view if board is not None else None
        self._rate.setText(
            tr("{hits} of {decisions} right", hits=view.hits, decisions=view.decisions)
            if view
            else ""
        )
        self._rate.setVisible(view is not None and view.decisions > 0)
        if view is not None:
            self._rate.set_tone("ok" if 2 * view.hits >= view.decisions else "warn")
        self._source.setText(_source_words(view))
        runs = (
            [(str(run), tr("Run {run}", run=run)) for run in view.runs] if view is not None else []
        )
        if runs != [(self._runs.itemData(n), self._runs.itemText(n)) for n in range(len(runs))]:
            self._runs.show_choices(runs)
        self._runs.setVisible(len(runs) > 1)
        self._at_least_row.setVisible(view is not None and view.suggestions is not None)

    def _build(self) -> None:
        self._find.setObjectName("label.find")
        self._find.setPlaceholderText(_FIND)
        self._find.setAccessibleName(_FIND)
        self._find.setToolTip(_FIND_TIP)
        self._rate.setObjectName("label.rate")
        self._source.setObjectName("label.suggestions.source")
        self._at_least.setObjectName("label.at_least")
        self._at_least.setAccessibleName(_AT_LEAST)
        self._at_least.setToolTip(_AT_LEAST_TIP)
        self._at_least.show_value(_USUAL_PERCENT)
        self._runs.setObjectName("label.run")
        self._runs.setAccessibleName(_RUN)
        self._runs.setToolTip(_RUN)
        self._add.setToolTip(_ADD_TIP)
        self._add.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row_of(self._title, None, self._merge, self._rename))
        layout.addLayout(row_of(self._find, self._add))
        layout.addWidget(self.classes, 1)
        layout.addWidget(Divider())
        layout.addLayout(row_of(Text(_LATELY, kind="section"), None, self._rate))
        layout.addWidget(self._source)
        self._at_least_row.setLayout(row_of(Text(_AT_LEAST, kind="small"), self._at_least, None))
        layout.addWidget(self._at_least_row)
        layout.addWidget(self._runs)
        layout.addWidget(Divider())
        layout.addWidget(self._history)

    def _connect(self) -> None:
        self._find.textChanged.connect(self._narrow)
        self._add.clicked.connect(self._give_new)
        self._find.returnPressed.connect(self._give_typed)
        self.classes.given.connect(self.class_given)
        self.classes.chosen.connect(self._show_tools)
        self._rename.clicked.connect(self._ask_to_rename)
        self._merge.clicked.connect(self._ask_to_merge)
        self._history.wanted.connect(self.edit_wanted)
        self._at_least.valueChanged.connect(self.at_least_changed)

    @Slot()
    def _show_tools(self) -> None:
        has_class = bool(self.classes.name)
        self._rename.set_ready(has_class, tr("Choose a class below"))
        self._merge.set_ready(has_class, tr("Choose a class below"))

    @Slot(str)
    def _narrow(self, text: str) -> None:
        self._model.narrow(text)
        self._add.setVisible(bool(text.strip()) and self._model.named(text) is None)

    @Slot()
    def _give_typed(self) -> None:
        text = self._find.text().strip()
        if not text:
            return
        only = self._model.lines[0].name if len(self._model.lines) == 1 else text
        self._give(self._model.named(text) or only)

    @Slot()
    def _give_new(self) -> None:
        self._give(self._find.text().strip())

    def _give(self, name: str) -> None:
        self._find.clear()
        if name:
            self.class_given.emit(name)

    @Slot()
    def _ask_to_rename(self) -> None:
        self.rename_wanted.emit(self.classes.name)

    @Slot()
    def _ask_to_merge(self) -> None:
        self.merge_wanted.emit(self.classes.name)


def _source_words(view: LabelView | None) -> str:
    """Say where the suggestions come from, and how their hits are counted."""
    if view is not None and view.problem:
        return view.problem
    if view is None or view.suggestions is None:
        return _NOTHING
    if not view.decisions:
        return tr("Run {run}. None was decided on yet.", run=view.suggestions.run)
    return counted(
        view.decisions,
        "Run {run}. Counted on your last decision.",
        "Run {run}. Counted on your last {count} decisions.",
        run=view.suggestions.run,
    )
