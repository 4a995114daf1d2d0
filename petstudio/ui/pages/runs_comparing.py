"""What is read of several runs at once: curves, differences, pictures that turned right or not."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from petstudio.api.errors import PetStudioError
from petstudio.api.language import tr
from petstudio.bridge.run_comparison import (
    ComparedPart,
    ComparedPictures,
    ComparedRuns,
    compare_runs,
)
from petstudio.bridge.run_curves import RunCurve, curves_of
from petstudio.bridge.run_differences import RunDifferences, differences_between, facts_of
from petstudio.bridge.run_row import RunRow
from petstudio.bridge.run_shelf import RunShelf
from petstudio.bridge.runs_model import RunsModel
from petstudio.bridge.task import BackgroundCall
from petstudio.ui.pages.evaluate_words import part_text
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.pictures_dialog import PicturesDialog

PAIR: Final = 2
_PART_WORDS: Final = {
    ComparedPart.FIXED: tr("Run {before} was wrong here, run {after} is right."),
    ComparedPart.BROKEN: tr("Run {before} was right here, run {after} is wrong."),
    ComparedPart.BOTH_WRONG: tr("Both runs are wrong here."),
    ComparedPart.BOTH_RIGHT: tr("Both runs are right here."),
}


class ComparingPart(QObject):
    """Reads in the background; a newer question takes the place of an older one."""

    curves_read = Signal(object)
    """The RunCurves of the ticked runs, by their series."""
    differences_read = Signal(object)
    """RunDifferences, or None where there is nothing to compare with."""
    compared = Signal(object)
    """The ComparedRuns of the two ticked runs."""
    not_compared = Signal(str)
    """Why there are none."""

    def __init__(self, shelf: RunShelf, model: RunsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._shelf = shelf
        self._model = model
        self._found: ComparedRuns | None = None
        self._curves = BackgroundCall(self)
        self._differences = BackgroundCall(self)
        self._comparison = BackgroundCall(self)
        self._curves.done.connect(self._take_curves)
        self._differences.done.connect(self.differences_read)
        self._comparison.done.connect(self._take_comparison)
        self._comparison.failed.connect(self._take_failure)

    def read_curves(self) -> None:
        """Read the curves of the ticked runs."""
        seen, ticked = self._shelf.seen, self._model.ticked
        self._curves.start(lambda _control: curves_of(seen, ticked))

    def read_differences(self, row: RunRow) -> None:
        """Read what sets a run apart from the other ticked one, else from the baseline."""
        other = self._other(row)
        if other is None:
            self._differences.cancel()
            self.differences_read.emit(None)
            return
        there = other
        self._differences.start(lambda _control: _differences(there, row))

    def compare(self) -> None:
        """Compare the two ticked runs: against the baseline, else the newer with the older."""
        project, seen = self._shelf.seen.project, self._shelf.seen
        if project is None or len(self._model.ticked) != PAIR:
            return
        older, newer = sorted(self._model.ticked, key=lambda n: (n != seen.baseline, n))
        self._comparison.start(lambda _control: compare_runs(project, older, newer))

    def forget(self) -> None:
        """Drop what was compared, and what is being compared."""
        self._comparison.cancel()
        self._found = None

    def open_pictures(self, theme: Theme, part: ComparedPart) -> None:
        """Show the pictures of a part in a dialog."""
        found, window = self._found, self.parent()
        if found is None:
            return
        assert isinstance(window, QWidget)
        before, after = found.before.number, found.after.number
        figure = part_text(part, len(found.keys(part)))
        title = tr("{after} against {before}: {figure}", after=after, before=before, figure=figure)
        text = _PART_WORDS[part].format(before=before, after=after)
        dialog = PicturesDialog(theme, title, text, window.window())
        dialog.show_pictures(ComparedPictures(found, part), self._shelf.seen.project)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.open()

    def shutdown(self) -> None:
        for call in (self._curves, self._differences, self._comparison):
            call.shutdown()

    def _other(self, row: RunRow) -> RunRow | None:
        """Return the run that another one is to be told apart from."""
        seen, ticked = self._shelf.seen, self._model.ticked
        if row.number in ticked and len(ticked) == PAIR:
            return seen.row(next(number for number in ticked if number != row.number))
        return seen.row(seen.baseline) if row.number != seen.baseline else None

    @Slot(object)
    def _take_curves(self, curves: tuple[RunCurve, ...]) -> None:
        series = {self._model.series_of(curve.number): curve for curve in curves}
        self.curves_read.emit({at: curve for at, curve in series.items() if at is not None})

    @Slot(object)
    def _take_comparison(self, found: ComparedRuns) -> None:
        self._found = found
        self.compared.emit(found)

    @Slot(object)
    def _take_failure(self, error: PetStudioError) -> None:
        self._found = None
        self.not_compared.emit(str(error))


def _differences(there: RunRow, here: RunRow) -> RunDifferences:
    return differences_between(facts_of(there), facts_of(here))
