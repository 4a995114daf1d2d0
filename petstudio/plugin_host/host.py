"""The plugin host: everything that plugins contribute, and what became of each plugin."""

from __future__ import annotations

import dataclasses
import logging
import traceback
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any, ParamSpec, TypeVar

from petstudio.api import (
    Architecture,
    Augmentation,
    Contribution,
    DatasetLoader,
    Exporter,
    InputError,
    Metric,
    PetStudioError,
    PluginError,
    Scheduler,
)
from petstudio.config.paths import user_plugin_folder
from petstudio.plugin_host.discovery import Candidate, discover
from petstudio.plugin_host.kinds import KINDS, RejectedError
from petstudio.plugin_host.loading import Offer, load_offer
from petstudio.plugin_host.records import Origin, PluginRecord, PluginState

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)


class PluginHost:
    """Loads each candidate by itself; one that fails is recorded and adds nothing."""

    def __init__(
        self,
        candidates: Iterable[Candidate],
        *,
        disabled: frozenset[str] = frozenset(),
        safe_mode: bool = False,
    ) -> None:
        self._disabled = disabled
        self._safe_mode = safe_mode
        self._records: dict[str, PluginRecord] = {}
        self._hidden: list[PluginRecord] = []
        self._shelves: dict[type[Any], dict[str, Any]] = {kind.type: {} for kind in KINDS}
        self._owners: dict[tuple[type[Any], str], str] = {}
        for candidate in candidates:
            self._take(candidate)

    @property
    def is_in_safe_mode(self) -> bool:
        """True if only the bundled plugins were loaded."""
        return self._safe_mode

    @classmethod
    def load(
        cls,
        *,
        disabled: frozenset[str] = frozenset(),
        safe_mode: bool = False,
        user_folder: Path | None = None,
    ) -> PluginHost:
        """Load the bundled and installed plugins and those of the user's folder.

        `disabled` holds names of plugins that are not imported. In safe mode only the bundled ones
        are imported; the others are listed as disabled.
        """
        folder = user_folder or user_plugin_folder()
        return cls(discover(folder), disabled=disabled, safe_mode=safe_mode)

    @classmethod
    def from_modules(cls, *modules: ModuleType) -> PluginHost:
        """Load these modules and nothing else, whatever is installed."""
        return cls(_candidate_of(module) for module in modules)

    @property
    def records(self) -> tuple[PluginRecord, ...]:
        """What became of each plugin, in the order in which they were found."""
        return (*self._records.values(), *self._hidden)

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

    def owner_of(self, contribution: Contribution) -> str:
        """Return the name of the plugin that gave it; KeyError for one that is not of this host."""
        return self._owners[type(contribution), contribution.key]

    def call(
        self,
        contribution: Contribution,
        function: Callable[P, T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Call plugin code: a factory of the contribution, or what a factory returned.

        Raises:
            PetStudioError: as the plugin raised it, for example InputError.
            PluginError: any other exception; it is noted in the plugin's record as well.
        """
        try:
            return function(*args, **kwargs)
        except PluginError as error:
            self._note(contribution, error, traceback.format_exc())
            raise
        except PetStudioError:
            raise
        except (Exception, SystemExit) as error:  # the plugin boundary: the program goes on
            failure = PluginError(self.owner_of(contribution), contribution.key, error)
            self._note(contribution, failure, traceback.format_exc())
            raise failure from error

    def _take(self, candidate: Candidate) -> None:
        name = candidate.name
        earlier = self._records.get(name)
        if earlier is not None:
            reason = f"Hidden by the plugin of the same name that is {_WHERE[earlier.origin]}."
            self._hidden.append(_record(candidate, PluginState.HIDDEN, reason=reason))
        elif name in self._disabled:
            self._records[name] = _record(candidate, PluginState.DISABLED, reason="Switched off.")
        elif self._safe_mode and candidate.origin is not Origin.BUNDLED:
            reason = "Safe mode: only the plugins that come with PetStudio were loaded."
            self._records[name] = _record(candidate, PluginState.DISABLED, reason=reason)
        else:
            self._records[name] = self._load(candidate)

    def _load(self, candidate: Candidate) -> PluginRecord:
        try:
            offer = load_offer(candidate)
            self._check_free(offer)
        except (Exception, SystemExit) as error:  # the plugin boundary: the others still load
            reason = _reason(error)
            logger.warning("The plugin %s was not loaded", candidate.name, exc_info=True)
            details = traceback.format_exc()
            return _record(candidate, PluginState.FAILED, reason=reason, traceback=details)
        for kind, contribution in offer.contributions:
            self._shelves[kind.type][contribution.key] = contribution
            self._owners[kind.type, contribution.key] = candidate.name
        return _record(
            candidate,
            PluginState.ACTIVE,
            version=offer.version,
            contributions=tuple(f"{kind.word} {item.key}" for kind, item in offer.contributions),
            summary=offer.summary,
        )

    def _check_free(self, offer: Offer) -> None:
        for kind, contribution in offer.contributions:
            owner = self._owners.get((kind.type, contribution.key))
            if owner is not None:
                key = contribution.key
                raise RejectedError(f"The plugin {owner} already has a {kind.word} “{key}”.")

    def _find(self, word: str, known: Mapping[str, T], key: str) -> T:
        if key in known:
            return known[key]
        cure = f"Known: {', '.join(known) or 'none'}."
        if any(record.state is PluginState.FAILED for record in self.records):
            cure += " A plugin could not be loaded; “petstudio plugins” says why."
        raise InputError(f"There is no {word} “{key}”.", cure=cure)

    def _note(self, contribution: Contribution, error: PluginError, details: str) -> None:
        name = self.owner_of(contribution)
        logger.warning("%s\n%s", error, details)
        self._records[name] = dataclasses.replace(
            self._records[name], reason=str(error), traceback=details
        )


_WHERE: Mapping[Origin, str] = MappingProxyType(
    {
        Origin.BUNDLED: "bundled",
        Origin.INSTALLED: "installed",
        Origin.USER: "in the user folder",
    }
)


def _candidate_of(module: ModuleType) -> Candidate:
    name = module.__name__.rpartition(".")[2]
    return Candidate(name=name, origin=Origin.INSTALLED, load=lambda: module)


def _record(candidate: Candidate, state: PluginState, **found: Any) -> PluginRecord:
    known = PluginRecord(
        name=candidate.name, version=candidate.version, origin=candidate.origin, state=state
    )
    return dataclasses.replace(known, **found)


def _reason(error: BaseException) -> str:
    if isinstance(error, RejectedError):
        return str(error)
    if isinstance(error, SystemExit):
        return f"It tried to end the program (SystemExit: {error.code})."
    return f"It failed with {type(error).__name__}: {error}"
