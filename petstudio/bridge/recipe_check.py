"""What a recipe needs that is not on this machine."""

from __future__ import annotations

from petstudio.api.contributions import PretrainedWeights
from petstudio.api.errors import InputError
from petstudio.config.paths import weights_folder
from petstudio.config.recipe import ModelChoice, Recipe
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


def missing_weights(host: PluginHost, model: ModelChoice) -> PretrainedWeights | None:
    """Return the published weights that the model wants and that are not on this machine."""
    architecture = host.architectures.get(model.architecture)
    declared = dict(architecture.weights).get(model.weights) if architecture is not None else None
    if declared is None or (weights_folder() / declared.file_name).is_file():
        return None
    return declared
