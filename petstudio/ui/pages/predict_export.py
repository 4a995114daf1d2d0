"""The card that exports the model, and the job behind it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from petstudio.api.errors import PetStudioError
from petstudio.api.events import Event, ExportFinished, Outcome, ProgressMade, RunFinished
from petstudio.api.language import tr
from petstudio.bridge.runner import JobRunner
from petstudio.bridge.side_job import SideJob
from petstudio.bridge.task import BackgroundCall
from petstudio.jobs.exporting import NATIVE_SUFFIX
from petstudio.jobs.job import Job
from petstudio.jobs.model_files import ModelFile
from petstudio.jobs.model_notes import note_in_model
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.pages import predict_words as words
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.details_dialog import DetailsDialog
from petstudio.ui.widgets.export_card import ExportCard
from petstudio.ui.widgets.path_question import ask_new_file

MakeExport: TypeAlias = Callable[[PluginHost, Path, Path, int], Job]
_NATIVE: Final = "native"
_NATIVE_LABEL: Final = "PetStudio"
_TITLE: Final = tr("Export")
_ASK: Final = tr("Where to write the export")
_NO_RUN: Final = tr("Only a model of the open project can be exported.")
_STOPPED: Final = tr("The export was stopped.")
_MISMATCH: Final = tr("The export does not answer as the app does.")
_NO_SCRIPT: Final = tr("The script cannot be opened.")


class ExportPart(QObject):
    """Stores the threshold for "not sure" in the model first, so that it goes with the export."""

    failed = Signal(object)
    """The PetStudioError because of which no export began."""
    noted = Signal()
    """The model has another threshold now."""

    def __init__(
        self,
        theme: Theme,
        host: PluginHost,
        runner: JobRunner,
        make_job: MakeExport,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._theme = theme
        self._host = host
        self._page = page
        self._make_job = make_job
        self._project: Path | None = None
        self._model: ModelFile | None = None
        self._sure_from = 0.0
        self._target = Path()
        self._done: ExportFinished | None = None
        self._job = SideJob(runner, self)
        self._note = BackgroundCall(self)
        self.card = ExportCard(theme)
        self.card.show_formats(_formats(host))
        self._connect(runner)

    def show_model(self, project: Path | None, model: ModelFile | None, sure_from: float) -> None:
        """Export this one from now on; what came of an earlier one is forgotten."""
        is_other = model is None or self._model is None or model.file != self._model.file
        is_other = is_other or sure_from != self._sure_from
        self._project, self._model, self._sure_from = project, model, sure_from
        if is_other and not self._job.is_running:
            self.card.show_offer(words.exported_with(sure_from) if model else "")

    def set_busy(self, title: str) -> None:
        """Say which job is in the way; empty for none."""
        can = self._model is not None and self._model.run is not None
        why_not = words.busy(title) if title else "" if can else _NO_RUN
        self.card.set_ready(can and not title, why_not)

    def shutdown(self) -> None:
        self._note.shutdown()

    def _connect(self, runner: JobRunner) -> None:
        runner.events_arrived.connect(self._take)
        self._job.ended.connect(self._on_ended)
        self._note.done.connect(self._on_noted)
        self._note.failed.connect(self.failed)
        self.card.export_wanted.connect(self._ask)
        self.card.folder_wanted.connect(_open)
        self.card.script_wanted.connect(self._show_script)
        self.card.details_wanted.connect(self._show_details)

    @Slot()
    def _ask(self) -> None:
        if self._project is None or self._model is None or self._model.run is None:
            return
        label, suffix = _format(self._host, self.card.format)
        name = f"{self._project.stem}-run{self._model.run.number}{suffix}"
        start = str(self._project.parent / name)
        ask_new_file(self._page, _ASK, start, f"{label} (*{suffix})", self.export_to)

    def export_to(self, target: Path) -> None:
        """Export to a file; a format that its name does not say is added to it."""
        _, suffix = _format(self._host, self.card.format)
        model, project, threshold = self._model, self._project, self._sure_from
        if model is None or model.run is None or project is None:
            return
        self._target = target if target.suffix.lower() == suffix else Path(f"{target}{suffix}")
        if threshold == model.info.reject_below:
            self._start()
            return
        note = partial(note_in_model, project, model.run.number, reject_below=threshold)
        self._note.start(lambda _control: note())

    @Slot(object)
    def _on_noted(self, _info: object) -> None:
        self.noted.emit()
        self._start()

    def _start(self) -> None:
        if self._project is None or self._model is None or self._model.run is None:
            return
        self._done = None
        try:
            job = self._make_job(self._host, self._project, self._target, self._model.run.number)
            self._job.start(job, title=_TITLE)
        except PetStudioError as error:
            self.failed.emit(error)
            return
        self.card.show_progress(_TITLE, 0.0)

    @Slot(object)
    def _take(self, events: tuple[Event, ...]) -> None:
        if not self._job.is_running:
            return
        for event in events:
            match event:
                case ProgressMade(task=task, done=done, total=total):
                    self.card.show_progress(task, done / total if total else 0.0)
                case ExportFinished():
                    self._done = event
                case _:
                    pass

    @Slot(object)
    def _on_ended(self, finished: RunFinished) -> None:
        if self._done is not None:
            self.card.show_done(self._done)
        elif finished.outcome is Outcome.FAILED:
            self.card.show_problem(finished.message)
        else:
            self.card.show_problem(_STOPPED)
        self.card.end_progress()

    @Slot(object)
    def _show_script(self, script: Path) -> None:
        try:
            text = script.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            text = _NO_SCRIPT
        DetailsDialog(self._theme, script.name, text, self._page).open()

    @Slot(str)
    def _show_details(self, text: str) -> None:
        DetailsDialog(self._theme, _MISMATCH, text, self._page).open()


def _formats(host: PluginHost) -> list[tuple[str, str]]:
    exporters = [(key, exporter.label) for key, exporter in host.exporters.items()]
    return [*exporters, (_NATIVE, _NATIVE_LABEL)]


def _format(host: PluginHost, key: str) -> tuple[str, str]:
    """Return label and suffix of a format."""
    if key == _NATIVE:
        return _NATIVE_LABEL, NATIVE_SUFFIX
    exporter = host.exporters[key]
    return exporter.label, exporter.suffix


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
