"""The training jobs, light to import: torch is loaded when the job begins to run."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from petstudio.api.control import RunControl
from petstudio.api.events import Emit, ProgressMade
from petstudio.api.language import tr
from petstudio.config.placement import Placement
from petstudio.config.recipe import Recipe
from petstudio.jobs.job import Job
from petstudio.jobs.weights import fetch_recipe_weights
from petstudio.plugin_host.host import PluginHost


@dataclass(frozen=True, kw_only=True)
class NewRun:
    """A run of a recipe, from its beginning or from another run's checkpoint (`recipe.start`)."""

    recipe: Recipe
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class ResumedRun:
    """A run that goes on from its newest checkpoint; `number` None is the latest broken-off one.

    With `more_epochs` its last stage is done once more, for so many epochs.
    """

    number: int | None = None
    more_epochs: int = 0


WantedRun: TypeAlias = NewRun | ResumedRun


def train(
    host: PluginHost, project: Path, recipe: Recipe, *, name: str = "", download: bool = False
) -> Job:
    """Return the job that trains on a project, keeps the model and evaluates it.

    The job leaves a new folder under the project's `runs/` with recipe, events, checkpoints, model,
    predictions and report. Cancelled, it keeps the model as far as it was trained, and can be
    resumed. With `download` it fetches the recipe's pretrained weights if they are not on this
    machine.
    """

    def job(emit: Emit, control: RunControl) -> None:
        if download and Placement.of(os.environ).local_rank == 0:
            # Once on each machine; joining the other processes waits for it.
            fetch_recipe_weights(host, recipe, emit, control)
        _run(host, project, NewRun(recipe=recipe, name=name), emit, control)

    return job


def resume(host: PluginHost, project: Path, *, run: int | None = None, more_epochs: int = 0) -> Job:
    """Return the job that goes on with a run, as `ResumedRun` says.

    On a CPU with the same number of threads and the same versions it ends with the very weights of
    the unbroken run.
    """

    def job(emit: Emit, control: RunControl) -> None:
        _run(host, project, ResumedRun(number=run, more_epochs=more_epochs), emit, control)

    return job


def _run(
    host: PluginHost, project: Path, wanted: WantedRun, emit: Emit, control: RunControl
) -> None:
    emit(ProgressMade(task=tr("Loading the engine"), done=0))
    from petstudio.jobs.running import run_training

    run_training(host, project, wanted, emit, control)
