"""The bundled plugins and a network of a few thousand weights, so that a run takes a moment."""

from __future__ import annotations

from types import ModuleType

import pytest
from engine_fixtures import TINY

from petstudio.api import Architecture, NoOptions, hookimpl
from petstudio.plugin_host.host import PluginHost
from petstudio.plugins import (
    basic_metrics,
    folder_labels,
    regex_labels,
    resnets,
    schedules,
    table_labels,
    tutorial_augmentation,
)

# Beside what QUICK sets: steps without much computing, and no trial of number formats.
TINY_NETWORK = (
    "--set", "model.architecture=tiny", "--set", "model.weights=none",
    "--set", "input.size=16", "--set", "training.precision=float32",
)  # fmt: skip


def tiny_host() -> PluginHost:
    """Return a host that knows the architecture “tiny” beside the bundled plugins."""
    module = ModuleType("tiny")

    @hookimpl
    def petstudio_architectures() -> list[Architecture[NoOptions]]:
        return [TINY]

    module.PETSTUDIO_API = (1, 0)
    module.petstudio_architectures = petstudio_architectures
    bundled = (basic_metrics, folder_labels, regex_labels, resnets, schedules, table_labels)
    return PluginHost.from_modules(module, *bundled, tutorial_augmentation)


def let_commands_know(patch: pytest.MonkeyPatch) -> None:
    """Let commands that run within this process know the architecture."""
    host = tiny_host()
    patch.setattr(PluginHost, "load", lambda *, safe_mode=False: host)
