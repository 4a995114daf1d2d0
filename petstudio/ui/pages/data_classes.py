"""What the Data page asks before it renames or merges classes of a project."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from petstudio.bridge.models import spoken_label
from petstudio.bridge.session import Session
from petstudio.project.names import label_problem
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.merge_question import MergeQuestion
from petstudio.ui.widgets.name_question import NameQuestion

_TEXT: Final = "Its pictures get the new name. Undo takes it back."
_TAKEN: Final = "There is a class of this name; draw one onto the other to merge them."


class DataClasses(QObject):
    """Each answer is one edit of the project."""

    def __init__(self, theme: Theme, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._session = session
        self._parent = parent

    @Slot(str)
    def ask_to_rename(self, name: str) -> None:
        question = NameQuestion(
            self._theme,
            f"Rename {spoken_label(name)}",
            _TEXT,
            self._parent.window(),
            problem_of=self._problem,
        )
        question.named.connect(partial(self._rename, name))
        question.open()

    @Slot(str, str)
    def ask_to_merge(self, name: str, into: str) -> None:
        counts = self._counts
        if name not in counts or len(counts) < 2:
            return
        question = MergeQuestion(self._theme, name, counts, self._parent.window(), into=into)
        question.chosen.connect(partial(self._rename, name))
        question.open()

    @property
    def _counts(self) -> dict[str, int]:
        view = self._session.view
        return dict(view.proof.classes) if view else {}

    def _rename(self, old: str, new: str) -> None:
        self._session.apply(lambda project: project.rename_class(old, new))

    def _problem(self, name: str) -> str:
        return _TAKEN if name in self._counts else label_problem(name) or ""
