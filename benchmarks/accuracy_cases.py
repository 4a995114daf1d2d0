"""What the accuracy benchmark compares: recipes, cases and the titles of their tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_RECIPE: Final = """
[model]
architecture = "resnet18"
weights = "none"
[input]
size = {size}
[training]
batch_size = {batch_size}
precision = "bfloat16"
[[augmentations]]
key = "tutorial"
{augmentation}
[[stages]]
name = "only"
epochs = {epochs}
trainable = "{trainable}"
rate = 1e-2
"""
_SMALL_PICTURES: Final = (
    "max_rotate = 0.0\nmax_zoom = 1.0\nmax_warp = 0.0\nmax_lighting = 0.0\nshift = 0.1"
)
SCRATCH: Final = {"size": 32, "batch_size": 64, "epochs": 10, "trainable": "all"}
RECIPES: Final[Mapping[str, str]] = {
    "a": _RECIPE.format(**SCRATCH, augmentation=_SMALL_PICTURES),
    "b": _RECIPE.format(size=96, batch_size=16, epochs=12, trainable="head", augmentation=""),
    "body": _RECIPE.format(
        size=64, batch_size=32, epochs=15, trainable="all", augmentation=_SMALL_PICTURES
    ),
    "d": _RECIPE.format(
        size=64, batch_size=64, epochs=9, trainable="all", augmentation=_SMALL_PICTURES
    ),
    "c": _RECIPE.format(
        size=64, batch_size=64, epochs=6, trainable="head", augmentation=_SMALL_PICTURES
    ),
}
TITLES: Final[Mapping[str, str]] = {
    "a": "ResNet18 from random weights, CIFAR-10 (500 of each class), 32 px: test accuracy",
    "b": "Head on a pretrained ResNet18, 60 cats and 60 dogs, 96 px: validation accuracy",
    "c": "Head on our own ResNet18, five other classes of CIFAR-10, 64 px: test accuracy",
    "d": "ResNet18 from random weights, CIFAR-10 (500 of each class), 64 px: test accuracy",
}
_FROZEN_STAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "train": ("batchnorm=train",),
    "fresh": ("batchnorm=frozen", "views=0"),
    "adapt": ("batchnorm=adapt", "views=0"),
    "views2": ("batchnorm=frozen", "views=2"),
    "views1": ("batchnorm=frozen", "views=1"),
}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One line of a table; `settings` is None for fastai."""

    experiment: str
    name: str
    settings: tuple[str, ...] | None

    @property
    def key(self) -> str:
        """What `--case` calls it."""
        return f"{self.experiment}-{self.name}"

    @property
    def label(self) -> str:
        """What the table calls it."""
        changes = ", ".join(setting.split(".")[-1] for setting in self.settings or ())
        return f"{self.name}: {changes}" if changes else self.name


def make_cases() -> tuple[Case, ...]:
    """Return all cases, in the order of the tables; the first of a table is the reference."""
    return (
        Case(experiment="a", name="exact", settings=("training.precision=float32",)),
        Case(experiment="a", name="fast", settings=("training.precision=bfloat16",)),
        Case(experiment="a", name="fastai", settings=None),
        *(
            Case(
                experiment=experiment,
                name=name,
                settings=tuple(f"stages.0.{setting}" for setting in settings),
            )
            for experiment in ("b", "c")
            for name, settings in _FROZEN_STAGES.items()
        ),
        Case(experiment="d", name="full", settings=("input.size=64",)),
        Case(experiment="d", name="growing", settings=("input.size=[32, 48, 64]",)),
    )
