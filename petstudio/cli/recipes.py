"""The recipe that a command line means: by name, file or run, and what is changed in it."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Final

from petstudio.api.errors import InputError
from petstudio.config.recipe import Recipe, StartChoice
from petstudio.config.recipe_file import bundled_recipe, bundled_recipes, load_recipe, with_settings
from petstudio.project.checkpoints import CheckpointFolder
from petstudio.project.project import Project
from petstudio.project.records import Access

_DEFAULT: Final = "tutorial"
_LAST: Final = "last"


def started_recipe(project: Path, given: argparse.Namespace) -> Recipe:
    """Return the recipe with `--set` applied, and with the start that `--from` and `--stage` ask.

    Raises:
        InputError: there is no such recipe, run, checkpoint or stage.
    """
    if given.start is None:
        recipe = with_settings(_named(given.recipe or _DEFAULT), given.set)
        return _at_stage(recipe, given.stage)
    run, checkpoint = _parse(given.start)
    own, done = _of_run(project, run, checkpoint)
    recipe = with_settings(_named(given.recipe) if given.recipe else own, given.set)
    recipe = replace(recipe, start=StartChoice(checkpoint=f"{run}:{checkpoint}"))
    if given.recipe or given.stage is not None:
        return _at_stage(recipe, given.stage)
    if done >= len(recipe.stages):
        raise InputError(
            f"All stages of run {run} are done at {checkpoint}.",
            cure="Choose one with --stage N, or another recipe with --recipe.",
        )
    return _at_stage(recipe, done + 1)


def _named(choice: str) -> Recipe:
    return bundled_recipe(choice) if choice in bundled_recipes() else load_recipe(Path(choice))


def _parse(start: str) -> tuple[int, str]:
    run, _, checkpoint = start.partition(":")
    if not run.isdecimal():
        raise InputError(
            f"--from {start} does not begin with the number of a run.", cure="Use 3 or 3:stage-1."
        )
    return int(run), checkpoint or _LAST


def _of_run(project: Path, number: int, checkpoint: str) -> tuple[Recipe, int]:
    """Return a run's recipe, and how many of its stages are done at a checkpoint."""
    with Project.open(project, Access.READ) as opened:
        folder = opened.run(number).folder
    record = CheckpointFolder(folder.checkpoints_path, budget=0).find(checkpoint)
    return load_recipe(folder.recipe_path), record.stage


def _at_stage(recipe: Recipe, number: int | None) -> Recipe:
    if number is None:
        return recipe
    if not 1 <= number <= len(recipe.stages):
        raise InputError(
            f"The recipe has no stage {number}.", cure=f"It has stages 1 to {len(recipe.stages)}."
        )
    return replace(recipe, start=replace(recipe.start, stage=number - 1))
