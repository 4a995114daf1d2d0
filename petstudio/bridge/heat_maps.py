"""Heat maps for the pictures in sight: from the cache if they are there, else drawn by a job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.errors import ImageError, PetStudioError
from petstudio.api.events import Outcome, RunFinished
from petstudio.api.language import tr
from petstudio.bridge.runner import JobRunner, JobState
from petstudio.bridge.side_job import SideJob
from petstudio.bridge.task import BackgroundCall
from petstudio.bridge.thumbnails import Thumbnail
from petstudio.images.decoding import read_image
from petstudio.jobs.engine_job import heat_map_job
from petstudio.jobs.heat_map_files import HeatMapWish, heat_map_wish
from petstudio.jobs.job import Job
from petstudio.plugin_host.host import PluginHost
from petstudio.project.records import RunFolder

MakeHeatMaps: TypeAlias = Callable[[PluginHost, Path, Path, tuple[HeatMapWish, ...]], Job]
HEAT_MAPS: Final = tr("Heat maps")
"""What the job is called."""


@dataclass(frozen=True, kw_only=True)
class HeatRequest:
    """Pictures by key, each with the number of the class whose heat is wanted."""

    project: Path
    run: RunFolder
    pictures: Mapping[int, tuple[Path, int]]


@dataclass(frozen=True, kw_only=True)
class _Found:
    pictures: dict[int, Thumbnail]
    missing: tuple[HeatMapWish, ...]


class HeatMaps(QObject):
    """Only the newest request counts; what was drawn for an older one stays in the cache."""

    arrived = Signal(object)
    """A dict of Thumbnails by key, as many as there are by now."""
    failed = Signal(str)
    """Why there are none."""

    def __init__(
        self,
        host: PluginHost,
        runner: JobRunner,
        make_job: MakeHeatMaps = heat_map_job,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._host = host
        self._runner = runner
        self._make_job = make_job
        self._request: HeatRequest | None = None
        self._has_asked = False
        self._call = BackgroundCall(self)
        self._job = SideJob(runner, self)
        self._call.done.connect(self._take)
        self._call.failed.connect(self._on_failed)
        self._job.ended.connect(self._on_ended)

    @property
    def is_drawing(self) -> bool:
        return self._job.is_running

    def want(self, request: HeatRequest) -> None:
        """Find these, and draw what is missing."""
        self._request, self._has_asked = request, False
        self._call.start(lambda _control: _find(request))

    def forget(self) -> None:
        """Nothing is wanted any more; a job that draws comes to its end."""
        self._request = None
        self._call.cancel()

    def shutdown(self) -> None:
        self._call.shutdown()

    @Slot(object)
    def _take(self, found: _Found) -> None:
        if self._request is None:
            return
        if found.pictures:
            self.arrived.emit(found.pictures)
        # After a job some may be missing still: pictures that cannot be read.
        if found.missing and not self._has_asked and not self._job.is_running:
            self._draw(self._request, found.missing)

    def _draw(self, request: HeatRequest, missing: tuple[HeatMapWish, ...]) -> None:
        if self._runner.state is not JobState.IDLE:
            title = self._runner.title or tr("another job")
            self.failed.emit(tr("Heat maps can be drawn when “{title}” has ended.", title=title))
            return
        self._has_asked = True
        job = self._make_job(self._host, request.project, request.run.model_path, missing)
        self._job.start(job, title=HEAT_MAPS)

    @Slot(object)
    def _on_ended(self, finished: RunFinished) -> None:
        if finished.outcome is Outcome.FAILED:
            self.failed.emit(finished.message)
        elif self._request is not None:
            request = self._request
            self._call.start(lambda _control: _find(request))

    @Slot(object)
    def _on_failed(self, error: PetStudioError) -> None:
        self.failed.emit(str(error))


def _find(request: HeatRequest) -> _Found:
    pictures: dict[int, Thumbnail] = {}
    missing = []
    for key, (path, target) in request.pictures.items():
        wish = heat_map_wish(request.project, request.run, path, target)
        try:
            pictures[key] = _read(wish.file)
        except ImageError:  # most often it is not there yet
            missing.append(wish)
    return _Found(pictures=pictures, missing=tuple(missing))


def _read(file: Path) -> Thumbnail:
    image = read_image(file)
    return Thumbnail(
        path=file,
        side=max(image.size),
        width=image.width,
        height=image.height,
        pixels=image.tobytes(),
    )
