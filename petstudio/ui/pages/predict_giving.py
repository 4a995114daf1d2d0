"""What is done with the results of the Predict page: a table, copies, suggestions for the data."""

from __future__ import annotations

from collections import deque
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from petstudio.api.errors import PetStudioError
from petstudio.bridge.prediction_list import TOP
from petstudio.bridge.runner import JobRunner
from petstudio.bridge.session import Session
from petstudio.bridge.task import BackgroundCall
from petstudio.jobs.adding import Added, add_as_suggestions
from petstudio.jobs.model_files import ModelFile
from petstudio.jobs.result_table import write_results
from petstudio.project.names import shown_text
from petstudio.ui.pages import predict_words as words
from petstudio.ui.pages.copying_part import CopyingPart
from petstudio.ui.pages.predict_results import ResultsPart
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.path_question import ask_new_file
from petstudio.ui.widgets.result_actions import ResultActions

_TABLE: Final = "predictions.csv"


class GivingPart(QObject):
    """Acts on the selected results, or on all that are shown."""

    said = Signal(str)
    """What was done."""
    failed = Signal(object)
    """The PetStudioError because of which it was not done."""
    copied = Signal(str, bool)
    """What was copied, and whether it can be undone."""

    def __init__(
        self,
        theme: Theme,
        runner: JobRunner,
        session: Session,
        results: ResultsPart,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._session = session
        self._added: deque[Added] = deque()
        self._is_adding = False
        self._page = page
        self._results = results
        self._model: ModelFile | None = None
        self._file = Path()
        self._copying = CopyingPart(theme, runner, page, left_out=words.left_out)
        self._table = BackgroundCall(self)
        self.bar = ResultActions(theme)
        self._connect()

    def look(self) -> None:
        """See whether there are copies that can be taken back."""
        self._copying.look()

    def show_model(self, model: ModelFile | None) -> None:
        """Name this one in what is written."""
        self._model = model
        self._show_can_add()

    def set_busy(self, why_not: str) -> None:
        """Say why nothing can be copied now; empty if it can."""
        self.bar.set_ready(not why_not, why_not)

    def shutdown(self) -> None:
        self._copying.shutdown()
        self._table.shutdown()

    @Slot()
    def ask_for_table(self) -> None:
        """Let the user say where to write what is shown as a table."""
        start = str(Path.home() / _TABLE)
        ask_new_file(self._page, words.EXPORT_CSV_TITLE, start, words.CSV_KIND, self.write_table)

    def write_table(self, file: Path) -> None:
        """Write all that is shown, in its order."""
        model, shown = self._model, self._results.shown
        if model is None:
            return
        self._file = file
        rows = shown.results.some(shown.keys.tolist())
        write = partial(write_results, file, rows, model, top=TOP, sure_from=shown.choice.sure_from)
        self._table.start(lambda _control: write())

    @Slot()
    def add(self) -> None:
        """Suggest what the model says for pictures of the project, new ones among them."""
        model, added = self._model, self._added
        if model is None:
            return
        found = self._results.results.some(self._results.acted_on)
        self._is_adding = True
        self._session.apply(lambda project: added.append(add_as_suggestions(project, found, model)))

    @Slot()
    def undo(self) -> None:
        """Take the newest copies back, if the user says so."""
        self._copying.undo()

    def _connect(self) -> None:
        self._results.selection_changed.connect(self._show_which)
        self._table.done.connect(self._on_written)
        self._table.failed.connect(self.failed)
        self._copying.said.connect(self._on_copied)
        self._copying.failed.connect(self.failed)
        self._session.changed.connect(self._on_session_changed)
        self._session.failed.connect(self._on_session_failed)
        self.bar.add_wanted.connect(self.add)
        self._copying.ledger_changed.connect(self._show_undo)
        self.bar.copy_wanted.connect(self._copy)
        self.bar.undo_wanted.connect(self.undo)
        self._show_which()
        self._show_undo()

    @Slot()
    def _show_which(self) -> None:
        selected = self._results.view.selected_count
        self.bar.show_which(words.acted_on(selected, len(self._results.shown)))

    def _show_can_add(self) -> None:
        has_project = self._session.view is not None
        is_own = self._model is not None and self._model.run is not None
        why_not = "" if is_own else words.FOREIGN_MODEL
        self.bar.set_can_add(has_project and is_own, why_not if has_project else words.NO_PROJECT)

    @Slot(object)
    def _on_session_changed(self, _view: object) -> None:
        self._show_can_add()
        if self._added:
            self._is_adding = False
            self.said.emit(words.added(self._added.popleft()))

    @Slot(object)
    def _on_session_failed(self, error: PetStudioError) -> None:
        if self._is_adding:
            self._is_adding = False
            self.failed.emit(error)

    @Slot()
    def _show_undo(self) -> None:
        self.bar.offer_undo(self._copying.can_undo)

    @Slot()
    def _copy(self) -> None:
        found = self._results.results.some(self._results.acted_on)
        threshold = self._results.shown.choice.sure_from
        sure = ((each.path, each.label) for each in found if each.is_sure(threshold))
        self._copying.ask(lambda: sure, len(self._results.acted_on))

    @Slot(str, bool)
    def _on_copied(self, text: str, is_bad: bool) -> None:
        self.copied.emit(text, is_bad)

    @Slot(object)
    def _on_written(self, rows: int) -> None:
        name = shown_text(self._file.name)
        self.said.emit(words.written(rows, len(self._results.results), name))
