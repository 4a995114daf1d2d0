"""What the processes of a run do that are not its first one. Imports the engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from petstudio.api.control import RunControl
from petstudio.api.events import Event
from petstudio.config.recipe import Recipe
from petstudio.engine.plan import TrainingData, TrainingPlan
from petstudio.engine.processes import Processes
from petstudio.engine.training import Trainer
from petstudio.jobs.picture_cache import features_folder, store_plan
from petstudio.jobs.plans import make_plan
from petstudio.plugin_host.host import PluginHost


def follow(host: PluginHost, project: Path, processes: Processes) -> None:
    """Train along with the first process, which opens the project, tells and keeps the result."""
    nothing: tuple[Recipe, TrainingData] | None = None
    heard = processes.first_says(nothing)
    assert heard is not None
    recipe, data = heard
    trainer = Trainer(plan_for(host, project, recipe), data, processes)
    trainer.run(0, "", _tell_nobody, RunControl())


def plan_for(host: PluginHost, project: Path, recipe: Recipe) -> TrainingPlan:
    """Return the plan of a recipe with the places where a project keeps pictures and features.

    The project is not opened.
    """
    plan = make_plan(host, recipe)
    return replace(plan, store=store_plan(project), features=features_folder(project))


def _tell_nobody(event: Event) -> None:
    """Where the events of a process go that is not the first."""
