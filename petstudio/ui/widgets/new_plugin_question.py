"""Asking for the kind and the name of a new plugin; the answer comes later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from petstudio.api.language import tr
from petstudio.plugin_host.kinds import KINDS, Kind
from petstudio.ui.theme import Theme
from petstudio.ui.widgets import plugin_words as words
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.dialogs import Question
from petstudio.ui.widgets.problem_line import ProblemLine
from petstudio.ui.widgets.text import Text

_TITLE: Final = tr("New plugin")
_TEXT: Final = tr(
    "PetStudio writes one small file that works, with a form and comments, into your plugin "
    "folder. Change it with any editor."
)
_KIND: Final = tr("What it adds")
_NAME: Final = tr("Name")
_CHOICES: Final = {
    "loader": tr("A way to read labels"),
    "architecture": tr("A network"),
    "scheduler": tr("A schedule of the learning rate"),
    "augmentation": tr("A random change of pictures"),
    "metric": tr("A number about predictions"),
    "exporter": tr("A file format for models"),
    "view": tr("A table or bars on the Evaluate page"),
}


class NewPluginQuestion(Question):
    """Stays open until the name can be used; `problem_of` says why one cannot."""

    answered = Signal(object, str)
    """The Kind and the name."""

    def __init__(
        self, theme: Theme, parent: QWidget, *, problem_of: Callable[[Kind, str], str]
    ) -> None:
        super().__init__(theme, _TITLE, _TEXT, parent)
        self._problem_of = problem_of
        self._kind = ChoiceBox((kind.word, _CHOICES[kind.word]) for kind in KINDS)
        self._line = QLineEdit()
        self._problem = ProblemLine(theme, name="new_plugin.problem")
        self.setObjectName("new_plugin")
        self._kind.setObjectName("new_plugin.kind")
        self._line.setObjectName("new_plugin.name")
        self._line.setPlaceholderText(tr("My plugin"))
        for label, field in ((_KIND, self._kind), (_NAME, self._line)):
            field.setAccessibleName(label)
            text = Text(label, kind="label")
            text.setBuddy(field)
            self._column.addWidget(text)
            self._column.addWidget(field)
        self._column.addWidget(self._problem)
        cancel = self.add_button(Button(theme, tr("Cancel"), name="new_plugin.cancel"))
        write = self.add_button(
            Button(theme, tr("Write plugin"), kind="primary", name="new_plugin.write")
        )
        write.setDefault(True)
        self.finish()
        cancel.clicked.connect(self.reject)
        write.clicked.connect(self._answer)
        self._line.textEdited.connect(self._forgive)
        self._line.setFocus()

    @Slot()
    def _answer(self) -> None:
        kind = next(kind for kind in KINDS if kind.word == self._kind.key)
        name = "_".join(self._line.text().lower().replace("-", " ").split())
        problem = self._problem_of(kind, name)
        self._problem.show_problem(problem)
        self.adjustSize()
        if not problem:
            self.accept()
            self.answered.emit(kind, name)

    @Slot()
    def _forgive(self) -> None:
        self._problem.show_problem("")


class SafeModeQuestion(Question):
    """Says what safe mode is; accepted means to start again in it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, words.SAFE_TITLE, words.SAFE_WORDS, parent)
        self.setObjectName("safe_mode")
        self._column.addWidget(Text(words.SAFE_COMMAND, kind="mono"))
        cancel = self.add_button(Button(theme, tr("Cancel"), name="safe_mode.cancel"))
        restart = Button(theme, words.RESTART, kind="primary", name="safe_mode.restart")
        self.add_button(restart).setDefault(True)
        self.finish()
        cancel.clicked.connect(self.reject)
        restart.clicked.connect(self.accept)
