"""The button of the Evaluate page that writes the report of what is shown."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from petstudio.bridge.evaluation_view import Evaluation
from petstudio.bridge.task import BackgroundCall
from petstudio.jobs.results import RunResult
from petstudio.ui.pages import evaluate_words as words
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.path_question import ask_new_file


class ReportPart(QObject):
    """Asks where the report goes; what is shown by then is what it tells of."""

    written = Signal(object)
    """The Path of the report."""
    failed = Signal(object)
    """The PetStudioError because of which there is none."""

    def __init__(self, theme: Theme, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._project: Path | None = None
        self._result: RunResult | None = None
        self._call = BackgroundCall(self)
        self.button = Button(theme, words.EXPORT_REPORT, icon="export", name="evaluate.report")
        self.button.clicked.connect(self._ask)
        self._call.done.connect(self.written)
        self._call.failed.connect(self.failed)

    def show_evaluation(self, project: Path | None, seen: Evaluation) -> None:
        self._project, self._result = project, seen.result
        self.button.setVisible(project is not None and bool(seen.runs))
        self.button.setEnabled(seen.result is not None)

    def shutdown(self) -> None:
        self._call.shutdown()

    @Slot()
    def _ask(self) -> None:
        result = self._result
        if result is not None:
            start = f"run-{result.number}-{result.split.value}.html"
            ask_new_file(self._page, words.EXPORT_REPORT, start, words.REPORT_KIND, self._write)

    def _write(self, file: Path) -> None:
        project, result = self._project, self._result
        if project is not None and result is not None:
            self._call.start(lambda _control: _written(project, result, file))


def _written(project: Path, result: RunResult, file: Path) -> Path:
    # It draws pictures, which the page can do without until it is asked for.
    from petstudio.jobs.report import export_report

    export_report(project, result, file)
    return file
