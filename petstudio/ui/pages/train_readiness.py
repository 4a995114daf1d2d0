"""Why a recipe cannot be trained with on this machine, in the words of the Train page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from petstudio.api.language import tr
from petstudio.bridge.recipe_check import missing_plugin, missing_weights, weights_file
from petstudio.bridge.run_settings import setting_words
from petstudio.config.recipe import Recipe
from petstudio.plugin_host.host import PluginHost

NO_STAGE: Final = tr("The recipe has no stage. Add one.")
NO_WEIGHTS: Final = tr(
    "The weights are not on this machine. Fetch them below, or choose a file or none."
)
NO_WEIGHTS_FILE: Final = tr("The file of the weights is not there. Choose another one, or none.")


def why_not_ready(host: PluginHost, recipe: Recipe, problems: Mapping[str, str]) -> str:
    """Return the first reason, empty if there is none; `problems` are those of its fields."""
    if not recipe.stages:
        return NO_STAGE
    for key, problem in problems.items():
        return problem_sentence(key, problem)
    missing = missing_plugin(host, recipe)
    if missing or recipe.start.checkpoint:
        return missing
    if missing_weights(host, recipe.model) is not None:
        return NO_WEIGHTS
    file = weights_file(host, recipe.model)
    return "" if file is None or file.is_file() else NO_WEIGHTS_FILE


def problem_sentence(key: str, problem: str) -> str:
    """Say which value of the recipe cannot be used; `key` is dotted, as in "stages.0.rate"."""
    return f"{setting_words(key)}: {problem}"
