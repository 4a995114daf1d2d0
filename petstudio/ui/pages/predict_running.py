"""Which model predicts which pictures on the Predict page, and when."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from petstudio.api.errors import PetStudioError
from petstudio.api.language import tr
from petstudio.bridge.prediction_feed import PredictionFeed
from petstudio.bridge.prediction_list import PredictionList
from petstudio.bridge.runner import JobRunner
from petstudio.jobs.job import Job
from petstudio.jobs.model_files import ModelFile
from petstudio.jobs.picture_sources import PictureSource
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.pages import predict_words as words
from petstudio.ui.pages.predict_models import ModelsPart
from petstudio.ui.pages.predict_sources import SourcesPart

MakePrediction: TypeAlias = Callable[[PluginHost, Path, tuple[Path, ...]], Job]


class RunningPart(QObject):
    """Another model predicts the same pictures again; new ones in a watched folder are added."""

    began = Signal(object)
    """The PredictionList into which results go; the one before, if pictures are added."""
    model_changed = Signal(bool)
    """The chosen model was read again; whether it is another than the one used last."""
    changed = Signal()
    """What can be done, or is being done, may be another."""
    failed = Signal(object)
    """The PetStudioError because of which nothing was begun."""

    def __init__(
        self,
        host: PluginHost,
        runner: JobRunner,
        make_job: MakePrediction,
        page: QWidget,
        *,
        watch_interval_ms: int,
    ) -> None:
        super().__init__(page)
        self._host = host
        self._make_job = make_job
        self._project: Path | None = None
        self._arrived: tuple[Path, ...] = ()
        self.results = PredictionList()
        self.used: ModelFile | None = None
        """The model that the results are from."""
        self.feed = PredictionFeed(runner, self)
        self.models = ModelsPart(page)
        self.sources = SourcesPart(page, interval_ms=watch_interval_ms)
        self._connect()

    @property
    def model(self) -> ModelFile | None:
        return self.models.model

    @property
    def busy_with(self) -> str:
        """What is going on, a prediction or another job; empty if nothing is."""
        return self.feed.busy_with or (words.GOING if self.feed.is_going else "")

    @property
    def why_not_ready(self) -> str:
        """Why nothing can be predicted now; empty if it can."""
        if self.model is None:
            return words.LOOKING if self.models.is_looking else words.NO_MODEL
        return words.busy(self.busy_with) if self.busy_with else ""

    def set_project(self, project: Path | None) -> None:
        """Predict with this project's models from now on."""
        if project != self._project:
            self.feed.stop()
            self.sources.forget()
            self._arrived, self.results, self.used = (), PredictionList(), None
            self.began.emit(self.results)
        self._project = project
        self.look()

    @Slot()
    def look(self) -> None:
        """Look at the models again."""
        self.models.look(self._project)

    @Slot()
    def use_validation(self) -> None:
        """Predict some validation pictures of the project."""
        if self._project is not None:
            self.sources.take_validation(self._project)
            self.changed.emit()

    def shutdown(self) -> None:
        self.models.shutdown()
        self.sources.shutdown()

    def _connect(self) -> None:
        self.models.changed.connect(self._on_model_changed)
        self.models.failed.connect(self.failed)
        self.sources.gathered.connect(self._predict)
        self.sources.more_arrived.connect(self._take_more)
        self.sources.failed.connect(self.failed)
        self.feed.state_changed.connect(self._on_state_changed)

    @Slot(object)
    def _predict(self, source: PictureSource) -> None:
        model = self.model
        if model is not None:
            self._arrived = ()
            self.models.keep()
            self._start(source, source.files, model, PredictionList(model.info.classes))

    def _start(
        self,
        source: PictureSource,
        files: tuple[Path, ...],
        model: ModelFile,
        results: PredictionList,
    ) -> None:
        if files:
            job = self._make_job(self._host, model.file, files)
            try:
                self.feed.start(
                    job, results, len(files), title=tr("Predicting {title}", title=source.title)
                )
            except PetStudioError as error:
                self.failed.emit(error)
                return
        self.used, self.results = model, results
        self.began.emit(results)
        self.changed.emit()

    @Slot(object)
    def _take_more(self, files: tuple[Path, ...]) -> None:
        self._arrived += files
        self._catch_up()

    def _catch_up(self) -> None:
        """Predict what had to wait for the runner."""
        source, model = self.sources.source, self.model
        if source is None or model is None or not self.feed.is_free:
            return
        if self.used is not None and model.file != self.used.file:
            self._predict(source)
        elif self._arrived:
            files, self._arrived = self._arrived, ()
            self._start(source, files, model, self.results)

    @Slot()
    def _on_model_changed(self) -> None:
        model, used = self.model, self.used
        is_other = model is not None and (used is None or model.file != used.file)
        self.model_changed.emit(is_other)
        self._catch_up()

    @Slot()
    def _on_state_changed(self) -> None:
        self.changed.emit()
        self._catch_up()
