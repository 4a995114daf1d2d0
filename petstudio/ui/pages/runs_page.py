"""Runs: remember, compare, reproduce."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from petstudio.api.errors import PetStudioError
from petstudio.api.language import tr
from petstudio.bridge.run_commands import train_command
from petstudio.bridge.run_row import RunRow
from petstudio.bridge.run_shelf import RunShelf
from petstudio.bridge.runner import JobRunner, JobState
from petstudio.bridge.runs_model import RunsModel
from petstudio.bridge.session import Session
from petstudio.project.run_notes import RunNotes
from petstudio.ui.acts import Act
from petstudio.ui.key_map import KeyAction
from petstudio.ui.page import Page
from petstudio.ui.pages import runs_words as words
from petstudio.ui.pages.runs_again import AgainPart
from petstudio.ui.pages.runs_comparing import PAIR, ComparingPart
from petstudio.ui.pages.runs_trash import TrashPart
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.comparison_card import ComparisonCard
from petstudio.ui.widgets.curves_card import CurvesCard
from petstudio.ui.widgets.row_splitter import RowSplitter
from petstudio.ui.widgets.run_details import RunDetails
from petstudio.ui.widgets.runs_card import RunsCard

_ROW_SHARES: Final = (55, 45)
_CARD_SHARES: Final = (64, 36)


class RunsPage(Page):
    """The chosen run is the current line of the table; everything beside and below follows it."""

    reproduce_wanted = Signal(object)
    """The Recipe that the Train page is to show."""

    def __init__(self, theme: Theme, runner: JobRunner, session: Session) -> None:
        super().__init__(theme, title=tr("Runs"))
        self._session = session
        self._project: Path | None = None
        self._shelf = RunShelf(self)
        self._model = RunsModel(self)
        self._card = RunsCard(theme, self._model)
        self._curves = CurvesCard(theme)
        self._comparison = ComparisonCard(theme)
        self._details = RunDetails(theme)
        self._comparing = ComparingPart(self._shelf, self._model, self)
        self._again = AgainPart(self)
        self._trash = TrashPart(theme, self._shelf, session, self)
        self._baseline = Button(theme, words.SET_BASELINE, name="runs.baseline")
        self._primary = Button(
            theme, words.COMPARE, kind="primary", icon="arrows-left-right", name="runs.compare"
        )
        self._build()
        self._connect(runner)
        self._show_runs()

    def set_project(self, project: Path | None) -> None:
        """Show the runs of this project from now on."""
        is_other, self._project = project != self._project, project
        if is_other:
            self._comparing.forget()
            self._comparison.show_nothing()
            self._shelf.look(None)
        if self.isVisible():
            self._shelf.look(project)  # else when the page is shown

    def shutdown(self) -> None:
        self._trash.close()
        self._comparing.shutdown()
        self._again.shutdown()
        self._shelf.shutdown()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._shelf.look(self._project)

    def _build(self) -> None:
        self.add_header_button(self._baseline)
        self.add_header_button(self._primary)
        lower = QWidget()
        row = QHBoxLayout(lower)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for widget, share in zip((self._curves, self._comparison), _CARD_SHARES, strict=True):
            row.addWidget(widget, share)
        upper_share, lower_share = _ROW_SHARES
        rows = {self._card: upper_share, lower: lower_share}
        self.body.addWidget(RowSplitter(self.theme, rows), 1)
        self.set_inspector(self._details)

    def _connect(self, runner: JobRunner) -> None:
        runner.state_changed.connect(self._on_runner_state)
        self._shelf.changed.connect(self._show_runs)
        self._shelf.failed.connect(self._show_error)
        self._session.failed.connect(self._show_refusal)
        self._connect_table()
        self._connect_details()
        self._connect_comparison()

    def _connect_table(self) -> None:
        table = self._card.table
        table.run_chosen.connect(self._show_chosen)
        table.tick_refused.connect(partial(self.set_sentence, words.TICKS_TAKEN))
        table.pin_wanted.connect(self._details.toggle_pin)
        table.baseline_wanted.connect(self._choose_baseline)
        table.trash_wanted.connect(self._trash.ask)
        table.activated.connect(self._details.edit_name)
        self._model.ticks_changed.connect(self._on_ticks_changed)
        self._card.trash.clicked.connect(self._trash.open)
        self._baseline.clicked.connect(self._choose_baseline)
        KeyAction(Act.FILTER_RUNS, self, self._card.filter.setFocus)

    def _connect_details(self) -> None:
        details = self._details
        details.renamed.connect(self._rename)
        details.noted.connect(self._note)
        details.run_picked.connect(self._card.table.choose)
        details.trash.clicked.connect(self._ask_to_trash)
        details.reproduce.clicked.connect(self._reproduce)
        details.command.clicked.connect(self._copy_command)
        details.script.clicked.connect(self._copy_script)
        self._again.recipe_read.connect(self.reproduce_wanted)
        self._again.script_written.connect(partial(self._copy, words.SCRIPT_COPIED))
        self._again.failed.connect(self._show_error)

    def _connect_comparison(self) -> None:
        self._primary.clicked.connect(self._compare)
        self._curves.plot.run_picked.connect(self._card.table.choose)
        self._comparing.curves_read.connect(self._curves.show_curves)
        self._comparing.differences_read.connect(self._details.differences.show_differences)
        self._comparing.compared.connect(self._comparison.show_comparison)
        self._comparing.not_compared.connect(self._comparison.show_problem)
        self._comparison.part_wanted.connect(partial(self._comparing.open_pictures, self.theme))

    @Slot(object)
    def _on_runner_state(self, state: JobState) -> None:
        if state is JobState.IDLE and self.isVisible():
            self._shelf.look(self._project)

    @Slot()
    def _show_runs(self) -> None:
        seen = self._shelf.seen
        self._model.show_runs(seen)
        if self._model.ticked:
            self._comparing.read_curves()
        self._card.show_runs(seen, words.space_sentence(seen), words.trash_words(seen))
        self._trash.refresh()
        self._show_controls()

    @Slot(object)
    def _show_chosen(self, row: RunRow | None) -> None:
        self.show_inspector(row is not None)
        self._curves.plot.choose(row.number if row is not None else None)
        if row is not None:
            self._details.show_run(row, self._shelf.seen, words.why_not_trashed(row))
            self._comparing.read_differences(row)
        self._show_controls()

    @Slot()
    def _on_ticks_changed(self) -> None:
        self._comparing.forget()
        self._comparing.read_curves()
        has_two = len(self._model.ticked) == PAIR
        self._comparison.show_nothing(has_two=has_two)
        if has_two:
            self.tip_heeded.emit()
        row = self._card.table.chosen
        if row is not None:
            self._comparing.read_differences(row)
        self._show_controls()

    def _show_controls(self) -> None:
        row, ticked = self._card.table.chosen, len(self._model.ticked)
        is_base = row is not None and self._model.is_baseline(row)
        self._primary.set_ready(ticked == PAIR, words.TICK_TWO)
        self._baseline.setText(words.NO_BASELINE if is_base else words.SET_BASELINE)
        self._baseline.set_ready(row is not None, words.CHOOSE_ONE)
        if row is not None:
            self._baseline.setToolTip(words.NO_BASELINE_TIP if is_base else words.BASELINE_TIP)
        self.set_sentence(words.state_sentence(self._shelf.seen, ticked))

    @Slot(object)
    def _show_error(self, error: PetStudioError) -> None:
        self.banner.show_message("err", error.what, error.cure)

    @Slot(object)
    def _show_refusal(self, error: PetStudioError) -> None:
        """Say why an edit was not made, if it can be one of this page."""
        if self.isVisible():
            self._show_error(error)

    @Slot()
    def _compare(self) -> None:
        self._comparison.show_busy()
        self._comparing.compare()

    @Slot()
    def _choose_baseline(self) -> None:
        row = self._card.table.chosen
        if row is not None:
            number = None if self._model.is_baseline(row) else row.number
            self._session.apply(lambda project: project.run_notes.choose_baseline(number))

    @Slot(int, str)
    def _rename(self, number: int, name: str) -> None:
        self._session.apply(lambda project: project.rename_run(number, name))

    @Slot(int, object)
    def _note(self, number: int, notes: RunNotes) -> None:
        self._session.apply(lambda project: project.run_notes.write(number, notes))

    @Slot()
    def _ask_to_trash(self) -> None:
        row = self._card.table.chosen
        if row is not None:
            self._trash.ask(row)

    @Slot()
    def _copy_command(self) -> None:
        row = self._card.table.chosen
        if row is not None and self._project is not None:
            self._copy(words.COMMAND_COPIED, train_command(self._project, row))

    @Slot()
    def _copy_script(self) -> None:
        row = self._card.table.chosen
        if row is not None and self._project is not None:
            self._again.write_script(self._project, row)

    @Slot()
    def _reproduce(self) -> None:
        row = self._card.table.chosen
        if row is not None:
            self._again.read_recipe(row)

    def _copy(self, said: str, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.set_sentence(said)
