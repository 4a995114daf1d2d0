"""What the plugins contribute, each kind by its keys."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from petstudio.api import (
    Architecture,
    Augmentation,
    Contribution,
    DatasetLoader,
    EvaluationView,
    Exporter,
    InputError,
    Metric,
    Scheduler,
)
from petstudio.api.language import tr
from petstudio.plugin_host.kinds import KINDS

T = TypeVar("T")


class Contributed:
    """Finds contributions; what is missing is an InputError that names those that are there."""

    def __init__(self) -> None:
        self._shelves: dict[type[Any], dict[str, Any]] = {kind.type: {} for kind in KINDS}
        self._owners: dict[tuple[type[Any], str], str] = {}

    def hint(self) -> str:
        """Return why something may be missing, as a sentence; empty where nobody knows."""
        return ""

    @property
    def loaders(self) -> Mapping[str, DatasetLoader[Any]]:
        return MappingProxyType(self._shelves[DatasetLoader])

    @property
    def architectures(self) -> Mapping[str, Architecture[Any]]:
        return MappingProxyType(self._shelves[Architecture])

    @property
    def schedulers(self) -> Mapping[str, Scheduler[Any]]:
        return MappingProxyType(self._shelves[Scheduler])

    @property
    def augmentations(self) -> Mapping[str, Augmentation[Any]]:
        return MappingProxyType(self._shelves[Augmentation])

    @property
    def metrics(self) -> Mapping[str, Metric[Any]]:
        return MappingProxyType(self._shelves[Metric])

    @property
    def exporters(self) -> Mapping[str, Exporter[Any]]:
        return MappingProxyType(self._shelves[Exporter])

    @property
    def views(self) -> Mapping[str, EvaluationView[Any]]:
        return MappingProxyType(self._shelves[EvaluationView])

    def loader(self, key: str) -> DatasetLoader[Any]:
        """Return the loader, or raise InputError that names the known ones."""
        return self._find("loader", self.loaders, key)

    def architecture(self, key: str) -> Architecture[Any]:
        """Return the architecture, or raise InputError that names the known ones."""
        return self._find("architecture", self.architectures, key)

    def scheduler(self, key: str) -> Scheduler[Any]:
        """Return the scheduler, or raise InputError that names the known ones."""
        return self._find("scheduler", self.schedulers, key)

    def augmentation(self, key: str) -> Augmentation[Any]:
        """Return the augmentation, or raise InputError that names the known ones."""
        return self._find("augmentation", self.augmentations, key)

    def metric(self, key: str) -> Metric[Any]:
        """Return the metric, or raise InputError that names the known ones."""
        return self._find("metric", self.metrics, key)

    def view(self, key: str) -> EvaluationView[Any]:
        """Return the evaluation view, or raise InputError that names the known ones."""
        return self._find("view", self.views, key)

    def owner_of(self, contribution: Contribution) -> str:
        """Return the name of the plugin that gave it; KeyError for one that is not of this host."""
        return self._owners[type(contribution), contribution.key]

    def all_of(self, kind: type[Any]) -> tuple[Contribution, ...]:
        """Return the contributions of a kind, which is the class of their descriptions."""
        return tuple(self._shelves[kind].values())

    def contributions_of(self, name: str) -> tuple[Contribution, ...]:
        """Return what the plugin of that name gave."""
        owned = (key for key, owner in self._owners.items() if owner == name)
        return tuple(self._shelves[kind][key] for kind, key in owned)

    def _find(self, word: str, known: Mapping[str, T], key: str) -> T:
        if key in known:
            return known[key]
        cure = tr("Known: {known}.{hint}", known=", ".join(known) or "none", hint=self.hint())
        raise InputError(tr("There is no {word} “{key}”.", word=word, key=key), cure=cure)
