"""Asking for a name; the answer comes later, nothing waits for it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from petstudio.api.language import tr, tr_as
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.dialogs import Question
from petstudio.ui.widgets.problem_line import ProblemLine


class NameQuestion(Question):
    """Stays open until the name can be used; `problem_of` says why one cannot."""

    named = Signal(str)

    def __init__(
        self,
        theme: Theme,
        title: str,
        text: str,
        parent: QWidget,
        *,
        problem_of: Callable[[str], str],
    ) -> None:
        super().__init__(theme, title, text, parent)
        self._problem_of = problem_of
        self._line = QLineEdit()
        self._problem = ProblemLine(theme, name="question.problem")
        self.setObjectName("question.name")
        self._line.setObjectName("question.line")
        self._line.setAccessibleName(tr("Name"))
        self._column.addWidget(self._line)
        self._column.addWidget(self._problem)
        cancel = self.add_button(Button(theme, tr("Cancel"), name="question.cancel"))
        give = self.add_button(
            Button(theme, tr_as("to give a name", "Name"), kind="primary", name="question.give")
        )
        give.setDefault(True)
        self.finish()
        cancel.clicked.connect(self.reject)
        give.clicked.connect(self._give)
        self._line.setFocus()

    @Slot()
    def _give(self) -> None:
        name = self._line.text().strip()
        problem = self._problem_of(name)
        self._problem.show_problem(problem)
        if not problem:
            self.accept()
            self.named.emit(name)
