"""Jobs as data, so that they can run in the engine process; light to import, as the window is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

from petstudio.api.contributions import Split
from petstudio.api.control import RunControl
from petstudio.api.events import Emit
from petstudio.config.recipe import Recipe
from petstudio.config.sweep import SweepChoice
from petstudio.jobs.engine_wire import pack
from petstudio.jobs.exporting import export
from petstudio.jobs.heat_map_files import HeatMapWish
from petstudio.jobs.job import Job
from petstudio.jobs.training import resume, train
from petstudio.jobs.viewing import ViewWish, look
from petstudio.plugin_host.host import PluginHost

P = ParamSpec("P")


@dataclass(frozen=True, kw_only=True)
class JobCall:
    """Which function of a module makes the job, and from what; all of it can be pickled."""

    make: Callable[..., Job]
    values: tuple[object, ...]
    named: Mapping[str, object]

    def job(self, host: PluginHost) -> Job:
        """Return the job, made with the plugins of the process that runs it."""
        return self.make(host, *self.values, **self.named)


@dataclass(frozen=True, kw_only=True)
class EngineJob:
    """A job that needs torch. The engine process runs its `call`; called, it runs in place."""

    host: PluginHost
    call: JobCall

    def __call__(self, emit: Emit, control: RunControl) -> None:
        self.call.job(self.host)(emit, control)

    def packed(self) -> bytes:
        """Return the call as it travels; the other process has plugins of its own."""
        return pack(self.call)


def engine_job(
    make: Callable[Concatenate[PluginHost, P], Job],
    host: PluginHost,
    *values: P.args,
    **named: P.kwargs,
) -> EngineJob:
    """Return `make(host, ...)` as a job that can go to the engine process.

    `make` is a function of a module, and a module that does not import torch: this process has to
    name it without loading it.
    """
    return EngineJob(host=host, call=JobCall(make=make, values=values, named=named))


def training_job(
    host: PluginHost, project: Path, recipe: Recipe, *, name: str = "", download: bool = False
) -> EngineJob:
    """Return `petstudio.jobs.training.train` for the engine process."""
    return engine_job(train, host, project, recipe, name=name, download=download)


def resuming_job(
    host: PluginHost, project: Path, *, run: int | None = None, more_epochs: int = 0
) -> EngineJob:
    """Return `petstudio.jobs.training.resume` for the engine process."""
    return engine_job(resume, host, project, run=run, more_epochs=more_epochs)


def finding_job(
    host: PluginHost, project: Path, recipe: Recipe, stage: int, choice: SweepChoice
) -> EngineJob:
    """Return `petstudio.jobs.sweeping.find_rate` for the engine process; `stage` counts from 0."""
    return engine_job(_find, host, project, recipe, stage, choice)


def evaluation_job(
    host: PluginHost,
    project: Path,
    *,
    run: int | None = None,
    split: Split = Split.VALID,
    html: Path | None = None,
    views: int = 0,
) -> EngineJob:
    """Return `petstudio.jobs.evaluating.evaluate` for the engine process."""
    return engine_job(_evaluate, host, project, run=run, split=split, html=html, views=views)


def prediction_job(
    host: PluginHost, model: Path, files: Sequence[Path], *, top: int = 1
) -> EngineJob:
    """Return `petstudio.jobs.predicting.predict` of gathered files for the engine process."""
    return engine_job(_predict, host, model, tuple(files), top=top)


def export_job(
    host: PluginHost,
    project: Path,
    target: Path,
    *,
    run: int | None = None,
    options: Mapping[str, Any] | None = None,
) -> EngineJob:
    """Return `petstudio.jobs.exporting.export` for the engine process."""
    return engine_job(export, host, project, target, run=run, options=options)


def heat_map_job(
    host: PluginHost, project: Path, model: Path, wishes: Sequence[HeatMapWish]
) -> EngineJob:
    """Return `petstudio.jobs.heat_maps.draw_heat_maps` for the engine process."""
    return engine_job(_draw_heat_maps, host, project, model, tuple(wishes))


def view_job(host: PluginHost, project: Path, wish: ViewWish) -> EngineJob:
    """Return `petstudio.jobs.viewing.look` for the engine process: a plugin may import torch."""
    return engine_job(look, host, project, wish)


def suggestion_job(host: PluginHost, project: Path, *, run: int | None = None) -> EngineJob:
    """Return `petstudio.jobs.suggesting.suggest` for the engine process."""
    return engine_job(_suggest, host, project, run=run)


# Each of these imports its module when the job runs, because that module imports the engine or
# what draws pictures.
def _evaluate(
    host: PluginHost,
    project: Path,
    *,
    run: int | None,
    split: Split,
    html: Path | None,
    views: int,
) -> Job:
    from petstudio.jobs.evaluating import evaluate

    return evaluate(host, project, run=run, split=split, html=html, views=views)


def _find(host: PluginHost, project: Path, recipe: Recipe, stage: int, choice: SweepChoice) -> Job:
    from petstudio.jobs.sweeping import find_rate

    return find_rate(host, project, recipe, stage, choice)


def _draw_heat_maps(
    host: PluginHost, project: Path, model: Path, wishes: Sequence[HeatMapWish]
) -> Job:
    from petstudio.jobs.heat_maps import draw_heat_maps

    return draw_heat_maps(host, project, model, wishes)


def _predict(host: PluginHost, model: Path, files: Sequence[Path], *, top: int) -> Job:
    from petstudio.jobs.predicting import predict

    return predict(host, model, files, are_gathered=True, top=top)


def _suggest(host: PluginHost, project: Path, *, run: int | None) -> Job:
    from petstudio.jobs.suggesting import suggest

    return suggest(host, project, run=run)
