"""The recipes that wait for their turn in a project: one file, which nothing is run from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from petstudio.api.errors import InputError, IntegrityError, PetStudioError
from petstudio.api.language import tr
from petstudio.config.recipe import Recipe
from petstudio.config.recipe_file import load_recipes, save_recipes
from petstudio.project.layout import QUEUE


def load_queue(project: Path) -> tuple[Recipe, ...]:
    """Return the recipes that wait, the next one first.

    Raises:
        IntegrityError: the file is damaged, newer, or not what PetStudio writes.
    """
    path = project / QUEUE
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise InputError(tr("It leads elsewhere, or is no file."))  # and could be waited for
        return load_recipes(path) if path.exists() else ()
    except PetStudioError as error:
        raise IntegrityError(
            tr(
                "The queue of recipes, {queue}, cannot be read. {what}",
                queue=QUEUE,
                what=error.what,
            ),
            cure=tr("A recipe that is added now begins a new one."),
        ) from error


def save_queue(project: Path, recipes: Iterable[Recipe]) -> None:
    """Keep the recipes that wait; MachineError if they cannot be written."""
    save_recipes(project / QUEUE, recipes)
