"""What the Label page asks before it renames, merges or tags."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from petstudio.bridge.labelling import Labelling
from petstudio.project.image_tags import LONGEST_TAG
from petstudio.project.names import label_problem
from petstudio.ui.pages import label_words as words
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.merge_question import MergeQuestion
from petstudio.ui.widgets.name_question import NameQuestion


class LabelQuestions(QObject):
    """Opens the questions over `parent`; the answers go to the labelling."""

    def __init__(self, theme: Theme, labelling: Labelling, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._labelling = labelling
        self._parent = parent

    @Slot(str)
    def ask_to_rename(self, name: str) -> None:
        question = NameQuestion(
            self._theme,
            words.rename_title(name),
            words.RENAME_TEXT,
            self._parent,
            problem_of=self._name_problem,
        )
        question.named.connect(partial(self._labelling.rename, name))
        question.open()

    @Slot(str)
    def ask_to_merge(self, name: str) -> None:
        board = self._labelling.board
        counts = dict(board.classes) if board is not None else {}
        if name not in counts or len(counts) < 2:
            return
        question = MergeQuestion(self._theme, name, counts, self._parent)
        question.chosen.connect(partial(self._labelling.rename, name))
        question.open()

    def ask_for_tag(self, keys: Sequence[int]) -> None:
        if not keys:
            return
        question = NameQuestion(
            self._theme,
            words.tag_title(len(keys)),
            words.TAG_TEXT,
            self._parent,
            problem_of=_tag_problem,
        )
        question.named.connect(partial(self._labelling.tag, tuple(keys)))
        question.open()

    def _name_problem(self, name: str) -> str:
        board = self._labelling.board
        if board is not None and name in dict(board.classes):
            return words.NEW_NAME_TAKEN
        return label_problem(name) or ""


def _tag_problem(tag: str) -> str:
    if not tag:
        return words.NO_NAME
    return words.LONG_TAG if len(tag) > LONGEST_TAG else ""
