"""Predict: classify new pictures, look at the result, give the good ones back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from petstudio.api.contributions import Split
from petstudio.api.errors import PetStudioError
from petstudio.api.events import Outcome, RunFinished
from petstudio.bridge.folder_watcher import INTERVAL_MS
from petstudio.bridge.heat_maps import MakeHeatMaps
from petstudio.bridge.prediction_feed import PredictionFeed
from petstudio.bridge.prediction_list import TOP, PredictionList
from petstudio.bridge.project_view import ProjectView
from petstudio.bridge.runner import JobRunner
from petstudio.bridge.session import Session
from petstudio.jobs.engine_job import export_job, heat_map_job, prediction_job
from petstudio.jobs.job import Job
from petstudio.jobs.picture_sources import PictureSource
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.page import Badge, Page, PageKey
from petstudio.ui.pages import predict_words as words
from petstudio.ui.pages.predict_export import ExportPart, MakeExport
from petstudio.ui.pages.predict_giving import GivingPart
from petstudio.ui.pages.predict_looking import LookingPart
from petstudio.ui.pages.predict_models import ModelsPart
from petstudio.ui.pages.predict_results import ResultsPart
from petstudio.ui.pages.predict_sources import VALIDATION_COUNT, SourcesPart
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.empty_state import EmptyState
from petstudio.ui.widgets.picture_strip import PictureStrip
from petstudio.ui.widgets.progress_button import ProgressButton

MakePrediction: TypeAlias = Callable[[PluginHost, Path, tuple[Path, ...]], Job]
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
        super().__init__(theme, title="Predict")
        self._host = host
        self._session = session
        self._make_job = make_job
        self._project: Path | None = None
        self._used: Path | None = None
        self._arrived: tuple[Path, ...] = ()
        self._validation = 0
        self._feed = PredictionFeed(runner, self)
        self._models = ModelsPart(self)
        self._sources = SourcesPart(self, interval_ms=watch_interval_ms)
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
        """Predict with this project's models from now on; other results go."""
        if project != self._project:
            self._feed.stop()
            self._sources.forget()
            self._arrived = ()
            self._show_results(PredictionList())
            self._results.look_in(project)
            self._looking.look_in(project)
        self._project = project
        self._models.look(project)
        self._show_state()

    def predict(self, paths: tuple[Path, ...]) -> None:
        """Predict files and folders, in place of those so far."""
        self._sources.take(paths)
        self._show_state()

    def shutdown(self) -> None:
        self._timer.stop()
        self._results.shutdown()
        for part in (self._models, self._sources, self._looking, self._giving, self._export):
            part.shutdown()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._models.look(self._project)
        self._giving.look()

    # How it is put together

    def _build(self) -> None:
        self.add_header_field(self._models.box)
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
        self._session.changed.connect(self._take_view)
        self._models.changed.connect(self._on_model_changed)
        self._models.failed.connect(self._show_error)
        self._feed.advanced.connect(self._results.take_news)
        self._feed.state_changed.connect(self._on_state_changed)
        self._feed.ended.connect(self._on_ended)
        self._stop.clicked.connect(self._feed.stop)
        self._timer.timeout.connect(self._show_state)
        self._connect_sources()
        self._connect_results()

    def _connect_sources(self) -> None:
        self._strip.paths_dropped.connect(self.predict)
        self._strip.files_wanted.connect(self._sources.ask_for_files)
        self._strip.folder_wanted.connect(self._sources.ask_for_folder)
        self._strip.watch_wanted.connect(self._sources.toggle_watching)
        self._strip.validation_wanted.connect(self._use_validation)
        self._empty.wanted.connect(self._do_what_is_missing)
        self._sources.gathered.connect(self._predict)
        self._sources.more_arrived.connect(self._take_more)
        self._sources.failed.connect(self._show_error)
        self._sources.lost.connect(self._show_error)
        self._sources.found_again.connect(self._say_found_again)
        self._sources.watching_changed.connect(self._strip.show_watching)

    def _connect_results(self) -> None:
        bar = self._giving.bar
        bar.look_wanted.connect(self._looking.look)
        bar.heat_held.connect(self._looking.hold_heat)
        bar.heat_released.connect(self._looking.release_heat)
        self._results.choice_changed.connect(self._on_choice_changed)
        self._looking.failed.connect(self._say)
        self._giving.said.connect(self._say)
        self._giving.copied.connect(self._show_copied)
        self._giving.failed.connect(self._show_error)
        self._export.failed.connect(self._show_error)
        self._export.noted.connect(self._look_at_models)
        self._primary.clicked.connect(self._giving.ask_for_table)

    # What is predicted

    @Slot(object)
    def _predict(self, source: PictureSource) -> None:
        model = self._models.model
        if model is None:
            self._show_state()
            return
        self._arrived = ()
        self._models.keep()
        self._used = model.file
        self._start(source.files, PredictionList(model.info.classes))

    def _start(self, files: tuple[Path, ...], results: PredictionList) -> None:
        source, model = self._sources.source, self._models.model
        if source is None or model is None:
            return
        if files:
            job = self._make_job(self._host, model.file, files)
            try:
                self._feed.start(job, results, len(files), title=f"Predicting {source.title}")
            except PetStudioError as error:
                self._show_error(error)
                return
            self.banner.hide()
            self._timer.start()
        if results is not self._results.results:
            self._show_results(results)
        self._show_state()

    @Slot(object)
    def _take_more(self, files: tuple[Path, ...]) -> None:
        self._arrived += files
        self._predict_more()

    def _predict_more(self) -> None:
        if self._arrived and self._feed.is_free:
            files, self._arrived = self._arrived, ()
            self._start(files, self._results.results)

    @Slot()
    def _on_model_changed(self) -> None:
        model, source = self._models.model, self._sources.source
        if model is not None and model.file != self._used:
            self._results.filters.show_threshold(model.info.reject_below or _USUAL_THRESHOLD)
            if source is not None and self._feed.is_free:
                self._predict(source)
        self._on_choice_changed()

    @Slot()
    def _on_state_changed(self) -> None:
        self._show_state()
        self._predict_more()

    @Slot(object)
    def _on_ended(self, finished: RunFinished) -> None:
        self._timer.stop()
        self._results.take_news()
        if finished.outcome is Outcome.FAILED:
            self.banner.show_message("err", finished.message)
        elif finished.outcome is Outcome.CANCELLED:
            self.banner.show_message("info", words.STOPPED)
        self._show_state()

    @Slot()
    def _use_validation(self) -> None:
        if self._project is not None:
            self._sources.take_validation(self._project)

    @Slot()
    def _do_what_is_missing(self) -> None:
        if self._models.model is None:
            self.page_wanted.emit(PageKey.TRAIN)
        else:
            self._use_validation()

    @Slot()
    def _look_at_models(self) -> None:
        self._models.look(self._project)

    @Slot(object)
    def _take_view(self, view: ProjectView | None) -> None:
        splits = view.proof.splits if view is not None and not view.root_problem else ()
        self._validation = min(VALIDATION_COUNT, sum(split is Split.VALID for split in splits))
        self._show_state()

    # What is shown

    def _show_results(self, results: PredictionList) -> None:
        self._results.show_results(results)

    @Slot()
    def _on_choice_changed(self) -> None:
        model, threshold = self._models.model, self._results.filters.choice.sure_from
        self._looking.show_model(self._project, model)
        self._giving.show_model(model)
        self._export.show_model(self._project, model, threshold)
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        """Say how things stand, and what can be done."""
        why_not = self._why_not_ready()
        has_results = bool(len(self._results.results)) or self._feed.is_going
        self._strip.set_ready(not why_not, why_not)
        self._strip.offer_validation(self._validation if has_results and not why_not else 0)
        self._show_source()
        self._export.set_busy(self._busy_with())
        self._giving.set_busy(words.busy(self._busy_with()) if self._busy_with() else "")
        self._stack.setCurrentIndex(int(has_results))
        self.show_inspector(has_results)
        self._show_empty()
        self._show_buttons(has_results)
        self.set_sentence(self._sentence_now())
        self.set_badge(Badge.RUNNING if self._feed.is_going else Badge.NONE)

    def _show_source(self) -> None:
        source, results = self._sources.source, self._results.results
        if source is None:
            self._strip.show_source("", "")
        else:
            total = max(len(source.files), len(results))
            self._strip.show_source(source.title, words.source(total, results.unreadable))

    def _show_empty(self) -> None:
        if self._models.model is None:
            button = words.GO_TO_TRAIN if self._project is not None else ""
            self._empty.say(words.NO_MODEL, words.NO_MODEL_HERE, button)
        else:
            offer = words.use_validation(self._validation) if self._validation else ""
            self._empty.say(words.EMPTY, words.EMPTY_HERE, offer)

    def _show_buttons(self, has_results: bool) -> None:
        feed = self._feed
        self._primary.setVisible(has_results)
        self._stop.setVisible(feed.is_going)
        self._stop.setEnabled(not feed.is_stopping)
        self._stop.setText(words.STOPPING if feed.is_stopping else words.STOP)
        if feed.is_going:
            share = feed.done / feed.total if feed.total else 0.0
            self._primary.show_progress(f"{feed.done:,} of {feed.total:,}", share)
        else:
            self._primary.end_progress()
            self._primary.set_ready(bool(len(self._results.results)), words.NOTHING_TO_EXPORT)

    def _why_not_ready(self) -> str:
        if self._models.model is None:
            return words.NO_MODEL
        return words.busy(self._busy_with()) if self._busy_with() else ""

    def _busy_with(self) -> str:
        """Return what the runner is busy with, a prediction among it; empty if with nothing."""
        return self._feed.busy_with or (words.GOING if self._feed.is_going else "")

    def _sentence_now(self) -> str:
        model, results = self._models.model, self._results.results
        if self._feed.is_going:
            return words.going(self._feed, model)
        if self._sources.is_busy:
            return words.READING
        if len(results):
            unsure = results.unsure(self._results.filters.choice.sure_from)
            return words.results(model, len(results), unsure)
        return self._why_not_ready() or (words.ready(model) if model else words.NO_MODEL)

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
