"""The learning-rate finder as a job, light to import: torch is loaded when it begins to run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from petstudio.api.control import RunControl
from petstudio.api.errors import InputError
from petstudio.api.events import (
    Emit,
    Event,
    ProgressMade,
    RateSuggestion,
    SweepFinished,
    SweepStepFinished,
)
from petstudio.api.language import tr
from petstudio.config.recipe import Recipe
from petstudio.config.sweep import SweepChoice
from petstudio.images.line_plot import Axis, LinePlot, Mark, Series, Stroke, save_plot
from petstudio.jobs.job import Job
from petstudio.jobs.weights import fetch_recipe_weights
from petstudio.plugin_host.host import PluginHost

_HEADROOM: Final = 1.1  # of the plot, above the highest loss before it diverges
_AT_START: Final = 10  # batches whose loss is that of the untrained stage


def find_rate(
    host: PluginHost,
    project: Path,
    recipe: Recipe,
    stage: int,
    choice: SweepChoice,
    *,
    plot: Path | None = None,
    download: bool = False,
) -> Job:
    """Return the job that tries a stage (counted from 0) of a recipe at growing learning rates.

    It starts from `recipe.start`; without one, a later stage starts where the latest run of the
    same model has finished the stage before. Nothing in the project changes but its cache. `plot`
    is a PNG file for the curve.
    """
    if plot is not None:
        _require_writable(plot)

    def job(emit: Emit, control: RunControl) -> None:
        if download:
            fetch_recipe_weights(host, recipe, emit, control)
        emit(ProgressMade(task=tr("Loading the engine"), done=0))
        from petstudio.jobs.finding import run_sweep

        steps: list[SweepStepFinished] = []

        def listen(event: Event) -> None:
            if isinstance(event, SweepStepFinished):
                steps.append(event)
            emit(event)

        finished = run_sweep(host, project, recipe, stage, choice, listen, control)
        if plot is not None:
            save_plot(plot, sweep_plot(steps, finished))
            finished = replace(finished, plot=str(plot))
        emit(finished)

    return job


def _require_writable(plot: Path) -> None:
    if plot.suffix.lower() != ".png":
        raise InputError(
            tr("{plot} is not the name of a PNG picture.", plot=plot.name),
            cure=tr("End it in .png."),
        )
    if not plot.absolute().parent.is_dir():
        raise InputError(
            tr("There is no folder {parent} for the plot.", parent=plot.parent),
            cure=tr("Make it first."),
        )


def sweep_plot(steps: Sequence[SweepStepFinished], finished: SweepFinished) -> LinePlot:
    """Return the curve of a sweep with its suggestions."""
    rates = [step.rate for step in steps]
    smoothed = [step.smoothed_loss for step in steps]
    return LinePlot(
        title=tr("Learning-rate finder"),
        x_axis=Axis(label=tr("learning rate"), logarithmic=True),
        y_axis=Axis(label=tr("training loss"), limits=_limits(smoothed, steps)),
        series=(
            Series(x=rates, y=[step.loss for step in steps], name="batch", stroke=Stroke.FAINT),
            Series(x=rates, y=smoothed, name="smoothed"),
        ),
        marks=tuple(_mark(item, steps) for item in finished.suggestions if item.rate > 0),
    )


def _limits(
    smoothed: Sequence[float], steps: Sequence[SweepStepFinished]
) -> tuple[float, float] | None:
    """Return limits that show the fall of the loss, and the rise behind it as far as it was."""
    finite = [loss for loss in smoothed if math.isfinite(loss)]
    if not finite:
        return None
    top = _HEADROOM * max(finite[: max(_AT_START, len(finite) // 2)])
    bottom = min(step.loss for step in steps if math.isfinite(step.loss)) / _HEADROOM
    return (bottom, top) if bottom < top else None


def _mark(suggestion: RateSuggestion, steps: Sequence[SweepStepFinished]) -> Mark:
    nearest = min(steps, key=lambda step: abs(math.log(step.rate / suggestion.rate)))
    label = f"{suggestion.rule.value} {suggestion.rate:.1e}"
    return Mark(x=suggestion.rate, y=nearest.smoothed_loss, label=label)
