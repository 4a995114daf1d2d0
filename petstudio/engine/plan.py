"""What a training run needs, resolved: contributions instead of keys, pictures instead of rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from petstudio.api.contributions import Architecture, Augmentation, Metric, Scheduler
from petstudio.config.recipe import Recipe, Stage
from petstudio.engine.input.batches import ImageSet
from petstudio.engine.input.store import StorePlan


@dataclass(frozen=True, kw_only=True)
class StagePlan:
    """A stage with its scheduler and that scheduler's options."""

    stage: Stage
    scheduler: Scheduler[Any]
    options: Any


@dataclass(frozen=True, kw_only=True)
class TrainingPlan:
    """A recipe whose keys have been looked up.

    Attributes:
        weights: a local file with the body's weights, or None for random ones.
        mean, std: per channel of RGB in 0..1, that the input is normalised with.
        store: where decoded pictures may be kept; None is memory alone.
        features: the folder for features of frozen bodies; None keeps nothing.
    """

    recipe: Recipe
    architecture: Architecture[Any]
    architecture_options: Any
    weights: Path | None
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    stages: tuple[StagePlan, ...]
    augmentations: tuple[tuple[Augmentation[Any], Any], ...]
    metrics: tuple[tuple[Metric[Any], Any], ...]
    store: StorePlan | None = None
    features: Path | None = None


@dataclass(frozen=True, kw_only=True)
class TrainingData:
    """The classes in the order of the network's outputs, and the pictures."""

    classes: tuple[str, ...]
    train: ImageSet
    valid: ImageSet
