"""Throwing runs away, and the way back: two questions and the list of what lies in the trash."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QWidget

from petstudio.bridge.run_row import RunRow
from petstudio.bridge.run_shelf import RunShelf
from petstudio.bridge.session import Session
from petstudio.ui.pages import runs_words as words
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.dialogs import Question
from petstudio.ui.widgets.trash_dialog import TrashDialog


class TrashPart(QObject):
    """Nothing is thrown away or deleted without an answer."""

    def __init__(self, theme: Theme, shelf: RunShelf, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shelf = shelf
        self._session = session
        self._page = parent
        self._dialog: TrashDialog | None = None

    @Slot(object)
    def ask(self, row: RunRow) -> None:
        """Ask whether a run shall go into the trash; does nothing for one that is going on."""
        if words.why_not_trashed(row):
            return
        self._ask(
            words.trash_title(row),
            words.trash_question(row, self._shelf.seen),
            words.PUT_IN_TRASH,
            lambda: self._session.apply(lambda project: project.trash_run(row.number)),
        )

    @Slot()
    def open(self) -> None:
        """Show what lies in the trash."""
        if self._dialog is not None:
            return
        dialog = TrashDialog(self._theme, self._page.window())
        dialog.back_wanted.connect(self._put_back)
        dialog.empty_wanted.connect(self._ask_to_empty)
        dialog.finished.connect(self._forget_dialog)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        self._dialog = dialog
        self.refresh()
        dialog.open()

    def refresh(self) -> None:
        """Show in the open dialog what lies in the trash by now."""
        if self._dialog is not None:
            self._dialog.show_runs(self._shelf.seen.trashed)

    def close(self) -> None:
        if self._dialog is not None:
            self._dialog.reject()

    def _ask(self, title: str, text: str, yes: str, act: Callable[[], None]) -> None:
        question = Question(self._theme, title, text, self._page.window())
        question.setObjectName("runs.question")
        go = Button(self._theme, yes, kind="danger", name="runs.question.yes")
        keep = Button(self._theme, words.KEEP, kind="primary", name="runs.question.keep")
        question.offer_loss(go, keep)
        question.accepted.connect(act)
        question.setWindowModality(Qt.WindowModality.WindowModal)
        question.open()

    @Slot(int)
    def _put_back(self, number: int) -> None:
        self._session.apply(lambda project: project.restore_run(number))

    @Slot()
    def _ask_to_empty(self) -> None:
        seen = self._shelf.seen
        self._ask(
            words.delete_title(seen),
            words.delete_question(seen),
            words.DELETE,
            lambda: self._session.apply(lambda project: project.empty_trash()),
        )

    @Slot()
    def _forget_dialog(self) -> None:
        self._dialog = None
