"""Predict: classify new pictures, look at the result, give the good ones back."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from petstudio.api.contributions import Split
from petstudio.api.errors import PetStudioError
from petstudio.api.events import Outcome, RunFinished
from petstudio.api.language import tr
from petstudio.bridge.folder_watcher import INTERVAL_MS
from petstudio.bridge.heat_maps import MakeHeatMaps
from petstudio.bridge.prediction_list import TOP, PredictionList
from petstudio.bridge.project_view import ProjectView
from petstudio.bridge.runner import JobRunner
from petstudio.bridge.session import Session
from petstudio.jobs.engine_job import export_job, heat_map_job, prediction_job
from petstudio.jobs.job import Job
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.page import Badge, Page, PageKey
from petstudio.ui.pages import predict_words as words
from petstudio.ui.pages.predict_export import ExportPart, MakeExport
from petstudio.ui.pages.predict_giving import GivingPart
from petstudio.ui.pages.predict_looking import LookingPart
from petstudio.ui.pages.predict_results import ResultsPart
from petstudio.ui.pages.predict_running import MakePrediction, RunningPart
from petstudio.ui.pages.predict_sources import VALIDATION_COUNT
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.empty_state import EmptyState
from petstudio.ui.widgets.picture_strip import PictureStrip
from petstudio.ui.widgets.progress_button import ProgressButton

_DRAW_MS: Final = 100
_USUAL_THRESHOLD: Final = 0.5  # of a model that has none of its own


def _predicting(host: PluginHost, model: Path, files: tuple[Path, ...]) -> Job:
    return prediction_job(host, model, files, top=TOP)


def _exporting(host: PluginHost, project: Path, target: Path, run: int) -> Job:
    return export_job(host, project, target, run=run)


class PredictPage(Page):
    """The parts do the work; the page starts predictions and says how things stand."""

    def __init__(
        self,
        theme: Theme,
        host: PluginHost,
        runner: JobRunner,
        session: Session,
        *,
        make_job: MakePrediction = _predicting,
        make_export: MakeExport = _exporting,
        make_heat_maps: MakeHeatMaps = heat_map_job,
        watch_interval_ms: int = INTERVAL_MS,
    ) -> None:
        super().__init__(theme, title=tr("Predict"))
        self._session = session
        self._project: Path | None = None
        self._validation = 0
        self._running = RunningPart(
            host, runner, make_job, self, watch_interval_ms=watch_interval_ms
        )
        self._results = ResultsPart(theme)
        self._looking = LookingPart(theme, host, runner, make_heat_maps, self._results, self)
        self._giving = GivingPart(theme, runner, session, self._results, self)
        self._export = ExportPart(theme, host, runner, make_export, self)
        self._strip = PictureStrip(theme)
        self._empty = EmptyState(theme, icon="sparkle", name="predict.empty")
        self._stop = Button(theme, words.STOP, icon="stop-fill", name="predict.stop")
        self._primary = ProgressButton(
            theme, words.EXPORT_CSV, icon="export", name="predict.export_csv"
        )
        self._stack = QStackedWidget()
        self._timer = QTimer(self)
        self._timer.setInterval(_DRAW_MS)
        self._build()
        self._connect()
        self._take_view(session.view)

    def set_project(self, project: Path | None) -> None:
        """Predict with this project's models from now on; results of another one go."""
        if project != self._project:
            self._results.look_in(project)
            self._looking.look_in(project)
        self._project = project
        self._running.set_project(project)
        self._show_state()

    def predict(self, paths: tuple[Path, ...]) -> None:
        """Predict files and folders, in place of those so far."""
        self._running.sources.take(paths)
        self._show_state()

    def shutdown(self) -> None:
        self._timer.stop()
        self._results.shutdown()
        for part in (self._running, self._looking, self._giving, self._export):
            part.shutdown()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._running.look()
        self._giving.look()

    # How it is put together

    def _build(self) -> None:
        self.add_header_field(self._running.models.box)
        self.add_header_button(self._stop)
        self.add_header_button(self._primary)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._results, 1)
        column.addWidget(self._giving.bar)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(below)
        self.body.addWidget(self._strip)
        self.body.addWidget(self._stack, 1)
        self._looking.inspector.below.addWidget(self._export.card)
        self.set_inspector(self._looking.inspector)

    def _connect(self) -> None:
        running, feed = self._running, self._running.feed
        self._session.changed.connect(self._take_view)
        running.began.connect(self._on_began)
        running.model_changed.connect(self._on_model_changed)
        running.changed.connect(self._show_state)
        running.failed.connect(self._show_error)
        feed.advanced.connect(self._results.take_news)
        feed.ended.connect(self._on_ended)
        self._stop.clicked.connect(feed.stop)
        self._timer.timeout.connect(self._show_state)
        self._connect_sources()
        self._connect_results()

    def _connect_sources(self) -> None:
        sources = self._running.sources
        self._strip.paths_dropped.connect(self.predict)
        self._strip.files_wanted.connect(sources.ask_for_files)
        self._strip.folder_wanted.connect(sources.ask_for_folder)
        self._strip.watch_wanted.connect(sources.toggle_watching)
        self._strip.validation_wanted.connect(self._running.use_validation)
        self._empty.wanted.connect(self._do_what_is_missing)
        sources.lost.connect(self._show_error)
        sources.found_again.connect(self._say_found_again)
        sources.watching_changed.connect(self._strip.show_watching)

    def _connect_results(self) -> None:
        bar = self._giving.bar
        bar.look_wanted.connect(self._looking.look)
        self._results.look_wanted.connect(self.tip_heeded)
        bar.heat_held.connect(self._looking.heat_key.hold)
        bar.heat_released.connect(self._looking.heat_key.release)
        self._results.choice_changed.connect(self._show_models)
        self._looking.failed.connect(self._say)
        self._giving.said.connect(self._say)
        self._giving.copied.connect(self._show_copied)
        self._giving.failed.connect(self._show_error)
        self._export.failed.connect(self._show_error)
        self._export.noted.connect(self._running.look)
        self._primary.clicked.connect(self._giving.ask_for_table)

    # What happens

    @Slot(object)
    def _on_began(self, results: PredictionList) -> None:
        if results is not self._results.results:
            self._results.show_results(results)
        if self._running.feed.is_going:
            self.banner.hide()
            self._timer.start()
        self._show_models()

    @Slot(bool)
    def _on_model_changed(self, is_other: bool) -> None:
        model = self._running.model
        if is_other and model is not None:
            self._results.filters.show_threshold(model.info.reject_below or _USUAL_THRESHOLD)
        self._show_models()

    @Slot(object)
    def _on_ended(self, finished: RunFinished) -> None:
        self._timer.stop()
        self._results.settle()
        if finished.outcome is Outcome.FAILED:
            self.banner.show_message("err", finished.message)
        elif finished.outcome is Outcome.CANCELLED:
            self.banner.show_message("info", words.STOPPED)
        self._show_state()

    @Slot()
    def _do_what_is_missing(self) -> None:
        if self._running.model is None:
            self.page_wanted.emit(PageKey.TRAIN)
        else:
            self._running.use_validation()

    @Slot(object)
    def _take_view(self, view: ProjectView | None) -> None:
        sides = view.proof.sides if view is not None and not view.root_problem else {}
        self._validation = min(VALIDATION_COUNT, sides.get(Split.VALID, 0))
        self._show_state()

    # What is shown

    @Slot()
    def _show_models(self) -> None:
        """Look, name and export with the right model; that of the results may be another."""
        running, threshold = self._running, self._results.filters.choice.sure_from
        used = running.used or running.model
        self._looking.show_model(self._project, used)
        self._giving.show_model(used)
        self._export.show_model(self._project, running.model, threshold)
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        """Say how things stand, and what can be done."""
        running = self._running
        why_not, busy = running.why_not_ready, running.busy_with
        has_results = bool(len(running.results)) or running.feed.is_going
        running.models.box.setEnabled(not running.feed.is_going)
        self._strip.set_ready(not why_not, why_not)
        self._strip.offer_validation(self._validation if has_results and not why_not else 0)
        self._show_source()
        self._export.set_busy(busy)
        self._giving.set_busy(words.busy(busy) if busy else "")
        self._stack.setCurrentIndex(int(has_results))
        self.show_inspector(has_results)
        self._show_empty()
        self._show_buttons(has_results)
        self.set_sentence(self._sentence_now())
        self.set_badge(Badge.RUNNING if running.feed.is_going else Badge.NONE)

    def _show_source(self) -> None:
        running, source = self._running, self._running.sources.source
        title = source.title if source is not None else ""
        total = len(source.files) if source is not None else 0
        counts = words.source(total, running.results.unreadable, running.feed.seconds_left)
        self._strip.show_source(title, counts if title else "")

    def _show_empty(self) -> None:
        running = self._running
        if running.model is None:
            can_train = self._project is not None and not running.models.is_looking
            button = words.GO_TO_TRAIN if can_train else ""
            self._empty.say(running.why_not_ready, words.NO_MODEL_HERE, button)
        else:
            offer = words.use_validation(self._validation) if self._validation else ""
            self._empty.say(words.EMPTY, words.EMPTY_HERE, offer)

    def _show_buttons(self, has_results: bool) -> None:
        feed = self._running.feed
        self._primary.setVisible(has_results)
        self._stop.setVisible(feed.is_going)
        self._stop.setEnabled(not feed.is_stopping)
        self._stop.setText(words.STOPPING if feed.is_stopping else words.STOP)
        if feed.is_going:
            share = feed.done / feed.total if feed.total else 0.0
            self._primary.show_progress(
                tr("{done:,} of {total:,}", done=feed.done, total=feed.total), share
            )
        else:
            self._primary.end_progress()
            self._primary.set_ready(bool(len(self._running.results)), words.NOTHING_TO_EXPORT)

    def _sentence_now(self) -> str:
        running, results = self._running, self._running.results
        if running.feed.is_going:
            return words.going(running.feed, running.used)
        if running.sources.is_busy:
            return words.READING
        if len(results):
            unsure = results.unsure(self._results.filters.choice.sure_from)
            return words.results(running.used, len(results), unsure)
        return running.why_not_ready or (words.ready(running.model) if running.model else "")

    @Slot(object)
    def _show_error(self, error: PetStudioError) -> None:
        self.banner.show_message("err", error.what, error.cure)
        self._show_state()

    @Slot(str)
    def _say(self, text: str) -> None:
        self.banner.show_message("info", text)

    @Slot()
    def _say_found_again(self) -> None:
        self._say(words.FOUND_AGAIN)

    @Slot(str, bool)
    def _show_copied(self, text: str, is_bad: bool) -> None:
        self.banner.show_message("err" if is_bad else "info", text)
