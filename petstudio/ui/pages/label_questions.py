"""What the Label page asks before it renames, merges or tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from petstudio.bridge.labelling import Labelling
from petstudio.project.image_tags import LONGEST_TAG
from petstudio.ui.pages import label_words as words
from petstudio.ui.pages.class_questions import ClassQuestions
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.name_question import NameQuestion


class LabelQuestions(QObject):
    """Opens the questions over `parent`; the answers go to the labelling."""

    def __init__(self, theme: Theme, labelling: Labelling, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._labelling = labelling
        self._parent = parent
        self.classes = ClassQuestions(
            theme,
            parent,
            counts=self._counts,
            rename=labelling.rename,
            taken=words.NEW_NAME_TAKEN,
        )

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

    def _counts(self) -> Mapping[str, int]:
        board = self._labelling.board
        return dict(board.classes) if board is not None else {}


def _tag_problem(tag: str) -> str:
    if not tag:
        return words.NO_NAME
    return words.LONG_TAG if len(tag) > LONGEST_TAG else ""
