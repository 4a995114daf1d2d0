"""The recipes that wait behind the run that is going, kept in the project in the background."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.errors import PetStudioError
from petstudio.api.events import Outcome
from petstudio.api.language import counted
from petstudio.bridge.starts import start_words
from petstudio.bridge.task import BackgroundCall
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
        self._project: Path | None = None
        self._kept = _NONE
        self._reading = BackgroundCall(self)
        self._writing = BackgroundCall(self)
        self._reading.done.connect(self._take)
        self._reading.failed.connect(self._on_unreadable)
        self._writing.failed.connect(self.failed)

    def look(self, project: Path | None) -> None:
        """Take the queue of another project, or of none."""
        if project == self._project:
            return
        self._flush()
        self._reading.cancel()
        self._project, self.recipes, self._kept, self.is_held = project, _NONE, _NONE, False
        if project is not None:
            self._reading.start(lambda _control: _load(project))
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
        self._reading.shutdown()
        self._flush()

    def _become(self, recipes: tuple[Recipe, ...]) -> None:
        self.recipes = recipes
        self.is_held = self.is_held and bool(recipes)
        self._keep()
        self.changed.emit()

    def _set_held(self, is_held: bool) -> None:
        if is_held != self.is_held:
            self.is_held = is_held
            self.changed.emit()

    def _keep(self) -> None:
        project, recipes = self._project, self.recipes
        # While the file is still read it is not written; what is added meanwhile comes behind it.
        if project is not None and not self._reading.is_busy:
            self._kept = recipes
            self._writing.start(lambda _control: _save(project, recipes))

    def _flush(self) -> None:
        """Write what a newer change has not let through; the window waits for it."""
        is_idle = not self._writing.is_busy
        self._writing.shutdown()
        if is_idle or self._project is None:
            return
        try:
            _save(self._project, self._kept)
        except PetStudioError as error:
            self.failed.emit(error)

    @Slot(object)
    def _take(self, recipes: tuple[Recipe, ...]) -> None:
        early, self.recipes = self.recipes, (*recipes, *self.recipes)
        self.is_held = bool(recipes)
        if early:
            self._keep()
        self.changed.emit()
        if recipes:
            self.found.emit()

    @Slot(object)
    def _on_unreadable(self, error: PetStudioError) -> None:
        if self.recipes:
            self._keep()
        self.failed.emit(error)


def queue_words(recipe: Recipe) -> str:
    """Return a recipe that waits in one line: its stages, its model, and where it starts."""
    stages = recipe.stages[recipe.start.stage :]
    names = ", ".join(stage.name for stage in stages)
    epochs = counted(sum(stage.epochs for stage in stages), "{count:,} epoch", "{count:,} epochs")
    key = recipe.start.checkpoint
    start = f", {start_words(key)[0].lower()}{start_words(key)[1:]}" if key else ""
    return f"{names}: {epochs}, {recipe.model.architecture}{start}"


# Both run in the background, and bring the project's modules along.
def _load(project: Path) -> tuple[Recipe, ...]:
    from petstudio.project.recipe_queue import load_queue

    return load_queue(project)


def _save(project: Path, recipes: tuple[Recipe, ...]) -> None:
    from petstudio.project.recipe_queue import save_queue

    save_queue(project, recipes)
