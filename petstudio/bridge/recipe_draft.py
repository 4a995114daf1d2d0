"""The recipe that is being edited: always a valid one, with what was typed but cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from petstudio.api.errors import PetStudioError
from petstudio.config.recipe import (
    TRAIN_ALL,
    AugmentationChoice,
    Recipe,
    Stage,
    StartChoice,
    recipe_from_mapping,
    recipe_to_mapping,
)

_STAGES = "stages."
_AUGMENTATIONS = "augmentations"


class RecipeDraft(QObject):
    """Checks every edit as the recipe file would be checked.

    An edit that fails leaves the recipe as it was and is named in `problems` by its dotted key,
    until the same key gets a value that can be used.
    """

    changed = Signal()
    """The recipe or its problems are other ones now."""
    loaded = Signal()
    """Another recipe took the place of the former one."""
    augmented = Signal()
    """Other augmentations took the place of the former ones, from outside of the form."""

    def __init__(self, recipe: Recipe, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._recipe = recipe
        self._problems: dict[str, str] = {}

    @property
    def recipe(self) -> Recipe:
        return self._recipe

    @property
    def problems(self) -> Mapping[str, str]:
        """Sentences by dotted key, as in "stages.0.rate"."""
        return self._problems

    def load(self, recipe: Recipe) -> None:
        """Begin anew with another recipe."""
        self._problems = {}
        self._recipe = recipe
        self.loaded.emit()
        self.changed.emit()

    def edit(self, key: str, value: object) -> None:
        """Set one value by its dotted key."""
        self._try(key, {key: value})

    def choose_plugin(self, key: str, value: str) -> None:
        """Set a plugin's key; the options beside it belong to the former one and go."""
        parent = key.rpartition(".")[0]
        self._try(key, {key: value, f"{parent}.options": {}})

    def use_augmentations(self, choices: tuple[AugmentationChoice, ...]) -> None:
        """Change pictures in these ways and in no other."""
        self._problems.pop(_AUGMENTATIONS, None)
        self._accept(replace(self._recipe, augmentations=choices))
        self.augmented.emit()

    def start_from(self, start: StartChoice) -> None:
        """Let the next run go on from a checkpoint, or begin anew."""
        self._accept(replace(self._recipe, start=start))

    def lower_rate(self, stage: int) -> None:
        """Train a stage at a tenth of its rates."""
        if stage < len(self._recipe.stages):
            rates = [rate / 10 for rate in self._recipe.stages[stage].rate]
            self.edit(f"{_STAGES}{stage}.rate", rates)

    def report(self, key: str, problem: str) -> None:
        """Note that what stands in a form cannot be used, where the form has found out itself."""
        self._problems[key] = problem
        self.changed.emit()

    def drop_problems(self, prefix: str) -> None:
        """Forget what was typed but could not be used, for keys that begin like this."""
        kept = {key: what for key, what in self._problems.items() if not key.startswith(prefix)}
        if len(kept) < len(self._problems):
            self._problems = kept
            self.changed.emit()

    def add_stage(self) -> None:
        """Put a stage that trains every layer at the end."""
        name = f"stage {len(self._recipe.stages) + 1}"
        stage = Stage(name=name, epochs=1, trainable=TRAIN_ALL, rate=(1e-5, 1e-3))
        self._set_stages([*self._recipe.stages, stage])

    def copy_stage(self, index: int, to: int) -> int:
        """Put a copy at that place, or behind all that another run has done; return the place."""
        stages, to = list(self._recipe.stages), max(to, self._recipe.start.stage)
        stages.insert(to, stages[index])
        self._set_stages(stages)
        return to

    def remove_stage(self, index: int) -> None:
        stages = list(self._recipe.stages)
        del stages[index]
        self._set_stages(stages, done=self._recipe.start.stage - (index < self._recipe.start.stage))

    def move_stage(self, index: int, to: int) -> int:
        """Move it there, and return where it is; what another run has done keeps its place."""
        done = self._recipe.start.stage
        to = index if index < done else max(to, done)
        if to != index:
            stages = list(self._recipe.stages)
            stages.insert(to, stages.pop(index))
            self._set_stages(stages)
        return to

    def _try(self, key: str, changes: Mapping[str, object]) -> None:
        values = recipe_to_mapping(self._recipe)
        for place, value in changes.items():
            _place(values, place.split("."), value)
        try:
            recipe = recipe_from_mapping(values)
        except PetStudioError as error:
            self._problems[key] = f"{error.what} {error.cure}".strip()
            self.changed.emit()
            return
        self._problems.pop(key, None)
        self._accept(recipe)

    def _set_stages(self, stages: list[Stage], *, done: int | None = None) -> None:
        """`done` is how many of them another run has done, where that is another number now."""
        # Problems are known by the stage's number, which is another one now.
        self._problems = {k: v for k, v in self._problems.items() if not k.startswith(_STAGES)}
        start = self._recipe.start
        start = start if done is None else replace(start, stage=done)
        if start.stage >= max(1, len(stages)):
            start = replace(start, stage=max(0, len(stages) - 1))
        self._accept(replace(self._recipe, stages=tuple(stages), start=start))

    def _accept(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self.changed.emit()


def _place(values: Any, path: list[str], value: object) -> None:
    """Set the value inside nested dicts and lists, whose kinds the path decides."""
    *parents, last = path
    for part in parents:
        values = values[int(part)] if isinstance(values, list) else values[part]
    values[last] = value
