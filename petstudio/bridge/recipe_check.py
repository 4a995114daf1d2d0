"""What a recipe needs that is not on this machine."""

from __future__ import annotations

from pathlib import Path

from petstudio.api.contributions import PretrainedWeights
from petstudio.api.errors import InputError
from petstudio.config.paths import weights_folder
from petstudio.config.recipe import NO_WEIGHTS, ModelChoice, Recipe
from petstudio.plugin_host.host import PluginHost


def missing_plugin(host: PluginHost, recipe: Recipe) -> str:
    """Return a sentence on the first key that no plugin provides; empty if all are there."""
    try:
        host.architecture(recipe.model.architecture)
        for stage in recipe.stages:
            host.scheduler(stage.scheduler)
        for choice in recipe.augmentations:
            host.augmentation(choice.key)
    except InputError as error:
        return str(error)
    return ""


def weights_file(host: PluginHost, model: ModelChoice) -> Path | None:
    """Return where the weights are that the model wants, or should be; None if it wants none."""
    architecture = host.architectures.get(model.architecture)
    if architecture is None or model.weights == NO_WEIGHTS:
        return None
    declared = dict(architecture.weights).get(model.weights)
    return Path(model.weights).expanduser() if declared is None else _kept(declared)


def missing_weights(host: PluginHost, model: ModelChoice) -> PretrainedWeights | None:
    """Return the published weights that the model wants and that are not on this machine."""
    architecture = host.architectures.get(model.architecture)
    declared = dict(architecture.weights).get(model.weights) if architecture is not None else None
    return None if declared is None or _kept(declared).is_file() else declared


def _kept(declared: PretrainedWeights) -> Path:
    return weights_folder() / declared.file_name
