"""What is asked before a class gets another name or becomes part of another one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from petstudio.api.language import tr
from petstudio.bridge.models import spoken_label
from petstudio.project.names import label_problem
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.merge_question import MergeQuestion
from petstudio.ui.widgets.name_question import NameQuestion

_TEXT: Final = tr("Its pictures get the new name. Undo takes it back.")


class ClassQuestions(QObject):
    """Asks over the window of `parent`; `rename` gets the answer, and merges where it has to."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        *,
        counts: Callable[[], Mapping[str, int]],
        rename: Callable[[str, str], None],
        taken: str,
    ) -> None:
        """`counts` has the classes as they are now; `taken` says how to merge two of them."""
        super().__init__(parent)
        self._theme = theme
        self._parent = parent
        self._counts = counts
        self._rename = rename
        self._taken = taken

    @Slot(str)
    def ask_to_rename(self, name: str) -> None:
        question = NameQuestion(
            self._theme,
            tr("Rename {name}", name=spoken_label(name)),
            _TEXT,
            self._parent.window(),
            problem_of=self._problem,
        )
        question.named.connect(partial(self._rename, name))
        question.open()

    @Slot(str)
    @Slot(str, str)
    def ask_to_merge(self, name: str, into: str = "") -> None:
        """Propose `into`, else any other class."""
        counts = self._counts()
        if name not in counts or len(counts) < 2:
            return
        question = MergeQuestion(self._theme, name, counts, self._parent.window(), into=into)
        question.chosen.connect(partial(self._rename, name))
        question.open()

    def _problem(self, name: str) -> str:
        return self._taken if name in self._counts() else label_problem(name) or ""
