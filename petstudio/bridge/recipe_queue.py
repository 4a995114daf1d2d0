"""The recipes that wait behind the run that is going, kept in the project in the background."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.events import Outcome
from petstudio.api.language import counted, within
from petstudio.bridge.kept_file import KeptFile
from petstudio.bridge.starts import start_words
from petstudio.config.recipe import Recipe

_NONE: Final[tuple[Recipe, ...]] = ()


class RecipeQueue(QObject):
    """What waits, the next one first; every change is on the disk soon after.

    While `is_held` none of them starts by itself: after a run that did not come to its end, and in
    a project that was opened with recipes waiting.
    """

    changed = Signal()
    found = Signal()
    """The project was opened with recipes waiting."""
    failed = Signal(object)
    """The PetStudioError because of which the queue cannot be read or kept."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.recipes = _NONE
        self.is_held = False
        self._file = KeptFile(_load, _save, _NONE, self)
        self._file.read.connect(self._take)
        self._file.failed.connect(self.failed)

    def look(self, project: Path | None) -> None:
        """Take the queue of another project, or of none."""
        if self._file.look(project):
            self.recipes, self.is_held = _NONE, False
            self.changed.emit()

    def add(self, recipe: Recipe) -> None:
        """Put a recipe behind all others."""
        self._become((*self.recipes, recipe))

    def remove(self, place: int) -> None:
        self._become(self.recipes[:place] + self.recipes[place + 1 :])

    def move(self, place: int, to: int) -> None:
        """Put a recipe in another place, if there is such a place."""
        if 0 <= to < len(self.recipes) and to != place:
            rest = [*self.recipes]
            rest.insert(to, rest.pop(place))
            self._become(tuple(rest))

    def clear(self) -> None:
        self._become(_NONE)

    def hold(self) -> None:
        """Let the recipes wait until `go_on`."""
        self._set_held(bool(self.recipes))

    def go_on(self) -> None:
        """Let the next one start as soon as it can."""
        self._set_held(False)

    def goes_on_after(self, outcome: Outcome) -> bool:
        """Say whether the next one is to start now that a run has ended so; else they wait."""
        if outcome is not Outcome.COMPLETED:
            self.hold()
        return bool(self.recipes) and not self.is_held

    def shutdown(self) -> None:
        self._file.shutdown()

    def _become(self, recipes: tuple[Recipe, ...]) -> None:
        self.recipes = recipes
        self.is_held = self.is_held and bool(recipes)
        self._file.keep(recipes)
        self.changed.emit()

    def _set_held(self, is_held: bool) -> None:
        if is_held != self.is_held:
            self.is_held = is_held
            self.changed.emit()

    @Slot(object)
    def _take(self, recipes: tuple[Recipe, ...]) -> None:
        early, self.recipes = self.recipes, (*recipes, *self.recipes)
        self.is_held = bool(recipes)
        if early:
            self._file.keep(self.recipes)
        self.changed.emit()
        if recipes:
            self.found.emit()


def queue_words(recipe: Recipe) -> str:
    """Return a recipe that waits in one line: its stages, its model, and where it starts."""
    stages = recipe.stages[recipe.start.stage :]
    names = ", ".join(stage.name for stage in stages)
    epochs = counted(sum(stage.epochs for stage in stages), "{count:,} epoch", "{count:,} epochs")
    key = recipe.start.checkpoint
    start = f", {within(start_words(key, recipe.model))}" if key else ""
    return f"{names}: {epochs}, {recipe.model.architecture}{start}"


# Both run in the background, and bring the project's modules along.
def _load(project: Path) -> tuple[Recipe, ...]:
    from petstudio.project.recipe_queue import load_queue

    return load_queue(project)


def _save(project: Path, recipes: tuple[Recipe, ...]) -> None:
    from petstudio.project.recipe_queue import save_queue

    save_queue(project, recipes)
