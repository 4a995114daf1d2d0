"""Fetching the pretrained weights that a recipe names, when the user asked for it."""

from __future__ import annotations

from petstudio.api.control import RunControl
from petstudio.api.events import Emit, ProgressMade
from petstudio.api.language import tr
from petstudio.config.recipe import Recipe
from petstudio.jobs.catalog import fetch_weights
from petstudio.plugin_host.host import PluginHost


def fetch_recipe_weights(host: PluginHost, recipe: Recipe, emit: Emit, control: RunControl) -> None:
    """Put the recipe's weights on this machine; nothing happens for a local file or none.

    Raises:
        MachineError: they cannot be fetched; the cure says which file to put where.
        TrustError: what came is not what was published.
    """
    architecture = host.architecture(recipe.model.architecture)
    declared = dict(architecture.weights).get(recipe.model.weights)
    if declared is not None:
        task = tr("Fetching {file_name}", file_name=declared.file_name)
        fetch_weights(
            declared,
            control,
            lambda done, total: emit(ProgressMade(task=task, done=done, total=total)),
        )
