"""The hooks: one per kind of contribution. A plugin implements those it has something for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import pluggy

from petstudio.api.contributions import (
    Architecture,
    Augmentation,
    DatasetLoader,
    Exporter,
    Metric,
    Scheduler,
)
from petstudio.api.views import EvaluationView

PROJECT_NAME: Final = "petstudio"
API_VERSION: Final = (1, 1)

hookspec = pluggy.HookspecMarker(PROJECT_NAME)
hookimpl = pluggy.HookimplMarker(PROJECT_NAME)


class PetStudioSpec:
    """What a plugin may implement. Every hook returns descriptions; factories do the work."""

    @hookspec
    def petstudio_dataset_loaders(self) -> Iterable[DatasetLoader[Any]]:
        """Return loaders: ways to read labels for the images of a place."""
        raise NotImplementedError

    @hookspec
    def petstudio_architectures(self) -> Iterable[Architecture[Any]]:
        """Return architectures: network bodies that the engine gives a head."""
        raise NotImplementedError

    @hookspec
    def petstudio_schedulers(self) -> Iterable[Scheduler[Any]]:
        """Return schedulers: learning rate and momentum as functions of the step."""
        raise NotImplementedError

    @hookspec
    def petstudio_augmentations(self) -> Iterable[Augmentation[Any]]:
        """Return augmentations: random changes of geometry and light while training."""
        raise NotImplementedError

    @hookspec
    def petstudio_metrics(self) -> Iterable[Metric[Any]]:
        """Return metrics: one number from probabilities and true classes."""
        raise NotImplementedError

    @hookspec
    def petstudio_exporters(self) -> Iterable[Exporter[Any]]:
        """Return exporters: file formats for finished models."""
        raise NotImplementedError

    @hookspec
    def petstudio_evaluation_views(self) -> Iterable[EvaluationView[Any]]:
        """Return evaluation views: tables or bars about what a run got right and wrong."""
        raise NotImplementedError
