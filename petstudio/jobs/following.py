"""What the processes of a run do that are not its first one. Imports the engine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from petstudio.api.control import RunControl
from petstudio.api.events import Event
from petstudio.config.recipe import Recipe
from petstudio.engine.checkpoint import Checkpoint
from petstudio.engine.plan import TrainingData, TrainingPlan
from petstudio.engine.processes import Processes
from petstudio.engine.training import Listener, Trainer
from petstudio.jobs.picture_cache import features_folder, store_plan
from petstudio.jobs.plans import make_plan
from petstudio.plugin_host.host import PluginHost


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What the first process tells the others to train on, and from where."""

    recipe: Recipe
    data: TrainingData
    checkpoint: Checkpoint | None


def follow(host: PluginHost, project: Path, processes: Processes) -> None:
    """Train along with the first process, which opens the project, tells and keeps the result."""
    nothing: Heard | None = None
    heard = processes.first_says(nothing)
    assert heard is not None
    plan = plan_for(host, project, heard.recipe, has_weights=heard.checkpoint is not None)
    trainer = Trainer(plan, heard.data, processes, heard.checkpoint)
    trainer.run(0, "", Listener(emit=_tell_nobody, control=RunControl()))


def plan_for(
    host: PluginHost, project: Path, recipe: Recipe, *, has_weights: bool = False
) -> TrainingPlan:
    """Return the plan of a recipe with the places where a project keeps pictures and features.

    The project is not opened. A run that `has_weights` from a checkpoint needs no others.
    """
    plan = make_plan(host, recipe, has_weights=has_weights)
    return replace(plan, store=store_plan(project), features=features_folder(project))


def _tell_nobody(event: Event) -> None:
    """Where the events of a process go that is not the first."""
