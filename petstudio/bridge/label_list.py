"""Chooses and orders the pictures of the Label page in the background."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.bridge.label_board import LabelBoard
from petstudio.bridge.label_rows import LabelChoice, LabelFacts, rows_of
from petstudio.bridge.label_tiles import LabelPictures
from petstudio.bridge.task import BackgroundCall


class LabelList(QObject):
    """An edit does not take a picture out of what is shown; choosing again does."""

    chosen = Signal(object)
    """The LabelPictures."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_looking = False
        """Whether `chosen` is still to come."""
        self._call = BackgroundCall(self)
        self._call.done.connect(self._take)

    def choose(self, board: LabelBoard, choice: LabelChoice) -> None:
        """Look for the pictures; `chosen` follows, for the newest choice only."""
        facts = LabelFacts(
            records=board.all_records(),
            tags=board.tags,
            suggestions=board.suggestions,
            classes=frozenset(name for name, _ in board.classes),
        )
        self.is_looking = True
        self._call.start(lambda _control: LabelPictures(board, rows_of(facts, choice)))

    def forget(self) -> None:
        """Drop what is being looked for."""
        self.is_looking = False
        self._call.cancel()

    def shutdown(self) -> None:
        self._call.shutdown()

    @Slot(object)
    def _take(self, pictures: LabelPictures) -> None:
        self.is_looking = False
        self.chosen.emit(pictures)
