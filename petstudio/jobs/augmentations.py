"""Augmentations with their options, such that a failure names the plugin. Loads no torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from petstudio.api.contributions import Augmentation
from petstudio.api.options import from_mapping
from petstudio.config.recipe import AugmentationChoice
from petstudio.jobs.plugin_answers import image_transforms
from petstudio.plugin_host.host import PluginHost


def augmentations_of(
    host: PluginHost, choices: Sequence[AugmentationChoice]
) -> tuple[tuple[Augmentation[Any], Any], ...]:
    """Return the augmentations that a recipe chooses with their options.

    Raises:
        InputError: an unknown key, or an option out of range.
    """
    return tuple(_augmentation(host, index, choice) for index, choice in enumerate(choices))


def _augmentation(
    host: PluginHost, index: int, choice: AugmentationChoice
) -> tuple[Augmentation[Any], Any]:
    augmentation = host.augmentation(choice.key)
    prefix = f"augmentations.{index}."
    options = from_mapping(augmentation.options, choice.options, prefix=prefix)
    draw = partial(image_transforms, augmentation)
    return replace(augmentation, draw=host.guard(augmentation, draw)), options
