"""A learning-rate sweep on a project's pictures. Imports the engine."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from petstudio.api.control import RunControl
from petstudio.api.errors import ImageError, InputError
from petstudio.api.events import Emit, NoticeGiven, NoticeLevel, SweepFinished
from petstudio.api.language import tr
from petstudio.config.recipe import NO_WEIGHTS, Recipe, StartChoice
from petstudio.config.recipe_file import load_recipe
from petstudio.config.settings import SettingsFile
from petstudio.config.sweep import SweepChoice
from petstudio.engine.checkpoint import Checkpoint
from petstudio.engine.plan import TrainingData
from petstudio.engine.processes import ALONE
from petstudio.engine.sweep import sweep
from petstudio.engine.workbench import Workbench
from petstudio.jobs.following import plan_for
from petstudio.jobs.job import skip_teller
from petstudio.jobs.plans import training_data
from petstudio.jobs.preparing import start_checkpoint
from petstudio.jobs.run_checkpoints import RunCheckpoints
from petstudio.jobs.verifying import verify_pictures
from petstudio.plugin_host.host import PluginHost
from petstudio.project.project import Project


def run_sweep(
    host: PluginHost,
    project: Path,
    recipe: Recipe,
    stage: int,
    choice: SweepChoice,
    emit: Emit,
    control: RunControl,
) -> SweepFinished:
    """Sweep a stage; see `petstudio.jobs.sweeping.find_rate`."""
    if not 0 <= stage < len(recipe.stages):
        raise InputError(
            tr("The recipe has no stage {stage}.", stage=stage + 1),
            cure=tr("It has {count}.", count=len(recipe.stages)),
        )

    def warn(message: str) -> None:
        emit(NoticeGiven(level=NoticeLevel.WARNING, message=message))

    begin = _beginning(project, recipe, stage, warn)
    recipe = replace(recipe, start=StartChoice(checkpoint=begin.start))
    plan = plan_for(host, project, recipe, has_weights=begin.checkpoint is not None)
    alone = replace(ALONE, hardware=SettingsFile().values.hardware)
    bench = Workbench(plan, begin.data, alone, begin.checkpoint)
    with ExitStack() as stack:
        bench.open(stack, skipped=_skip_teller(emit), notice=warn)
        return sweep(bench, stage, choice, emit, control, weights=_words(begin.start, recipe))


@dataclass(frozen=True, kw_only=True)
class _Beginning:
    """Where a sweep begins; without a `start` it takes the recipe's weights."""

    data: TrainingData
    start: str
    checkpoint: Checkpoint | None


def _beginning(
    project: Path, recipe: Recipe, stage: int, warn: Callable[[str], None]
) -> _Beginning:
    """Open the project for a moment, and take what is needed.

    Raises:
        InputError: the checkpoint or the pictures cannot be used.
    """
    with Project.open(project) as opened:
        start = recipe.start.checkpoint or _finished_before(opened, recipe, stage)
        checkpoint = start_checkpoint(opened, start) if start else None
        data = training_data(opened)
        notices = verify_pictures(opened.usable(), opened.data_root)
    for notice in notices:
        warn(notice)
    if stage and not start:
        warn(
            tr(
                "No run of this model has finished stage {before} yet, so the sweep of stage "
                "{stage} starts from the weights that the first stage starts from.",
                before=stage,
                stage=stage + 1,
            )
        )
    return _Beginning(data=data, start=start, checkpoint=checkpoint)


def _skip_teller(emit: Emit) -> Callable[[ImageError], None]:
    """Return what tells of each picture once, though it is met in every epoch."""
    tell, told = skip_teller(emit), set[str]()

    def skip(error: ImageError) -> None:
        if error.path not in told:
            told.add(error.path)
            tell(error)

    return skip


def _finished_before(project: Project, recipe: Recipe, stage: int) -> str:
    """Return the newest checkpoint of this model that ends the stage before; empty if none does."""
    if not stage:
        return ""
    for run in reversed(project.runs()):
        is_there = run.folder.recipe_path.is_file() and RunCheckpoints(run.folder).has(
            f"stage-{stage}"
        )
        if is_there and load_recipe(run.folder.recipe_path).model == recipe.model:
            return f"{run.number}:stage-{stage}"
    return ""


def _words(start: str, recipe: Recipe) -> str:
    if start:
        run, _, checkpoint = start.partition(":")
        return tr("run {run}, {checkpoint}", run=run, checkpoint=checkpoint)
    weights = recipe.model.weights
    return (
        tr("random weights")
        if weights == NO_WEIGHTS
        else tr("the weights {weights}", weights=weights)
    )
