"""The training job, light to import: torch is loaded when the job begins to run."""

from __future__ import annotations

import os
from pathlib import Path

from petstudio.api.control import RunControl
from petstudio.api.events import Emit, ProgressMade
from petstudio.config.placement import Placement
from petstudio.config.recipe import Recipe
from petstudio.jobs.job import Job
from petstudio.jobs.weights import fetch_recipe_weights
from petstudio.plugin_host.host import PluginHost


def train(
    host: PluginHost, project: Path, recipe: Recipe, *, name: str = "", download: bool = False
) -> Job:
    """Return the job that trains on a project, keeps the model and evaluates it.

    The job leaves a new folder under the project's `runs/` with recipe, events, model, predictions
    and report. Cancelled, it keeps the model as far as it was trained. With `download` it fetches
    the recipe's pretrained weights if they are not on this machine.
    """

    def job(emit: Emit, control: RunControl) -> None:
        if download and Placement.of(os.environ).local_rank == 0:
            # Once on each machine; joining the other processes waits for it.
            fetch_recipe_weights(host, recipe, emit, control)
        emit(ProgressMade(task="Loading the engine", done=0))
        from petstudio.jobs.running import run_training

        run_training(host, project, recipe, name, emit, control)

    return job
