"""The plugin host: everything that plugins contribute, and what became of each plugin."""

from __future__ import annotations

import importlib
import logging
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Final, ParamSpec, TypeVar

from petstudio.api import Contribution, PetStudioError, PluginError
from petstudio.api.language import tr
from petstudio.config.paths import user_plugin_folder
from petstudio.config.settings import SettingsFile
from petstudio.plugin_host.contributed import Contributed
from petstudio.plugin_host.discovery import Candidate, discover, in_folder
from petstudio.plugin_host.kinds import RejectedError
from petstudio.plugin_host.loading import Offer, load_offer
from petstudio.plugin_host.outlines import read_outline
from petstudio.plugin_host.records import Origin, PluginRecord, PluginState

P = ParamSpec("P")
T = TypeVar("T")

MOST_FAILURES: Final = 3  # of one plugin when it is used, from start to end of the program

logger = logging.getLogger(__name__)


class PluginHost(Contributed):
    """Loads each candidate by itself; one that fails is recorded and adds nothing."""

    def __init__(
        self,
        candidates: Iterable[Candidate],
        *,
        disabled: frozenset[str] = frozenset(),
        safe_mode: bool = False,
        user_folder: Path | None = None,
    ) -> None:
        super().__init__()
        self._disabled = disabled
        self._safe_mode = safe_mode
        self._user_folder = user_folder
        self._candidates: dict[str, Candidate] = {}
        self._records: dict[str, PluginRecord] = {}
        self._hidden: list[PluginRecord] = []
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
        disabled: frozenset[str] | None = None,
        safe_mode: bool = False,
        user_folder: Path | None = None,
    ) -> PluginHost:
        """Load the bundled and installed plugins and those of the user's folder.

        `disabled` holds names of plugins that are not imported, by default those that the user has
        switched off. In safe mode only the bundled ones are imported; the others are listed as
        disabled.
        """
        folder = user_folder or user_plugin_folder()
        off = frozenset(SettingsFile().values.plugins_off) if disabled is None else disabled
        return cls(discover(folder), disabled=off, safe_mode=safe_mode, user_folder=folder)

    @classmethod
    def from_modules(cls, *modules: ModuleType) -> PluginHost:
        """Load these modules and nothing else, whatever is installed."""
        return cls(_candidate_of(module) for module in modules)

    @property
    def records(self) -> tuple[PluginRecord, ...]:
        """What became of each plugin, in the order in which they were found."""
        return (*self._records.values(), *self._hidden)

    @property
    def user_folder(self) -> Path:
        """Where the user's own plugins are; it need not be there."""
        return self._user_folder or user_plugin_folder()

    def record(self, name: str) -> PluginRecord:
        """Return what became of a plugin; KeyError where there is none of that name."""
        return self._records[name]

    def take_new(self) -> tuple[PluginRecord, ...]:
        """Load what was put into the user's folder since the start, and return its records."""
        new = [found for found in in_folder(self.user_folder) if found.name not in self._records]
        for candidate in new:
            self._take(candidate)
        return tuple(self._records[candidate.name] for candidate in new)

    def try_again(self, name: str) -> PluginRecord:
        """Load a plugin that failed anew, or let one that failed in use be used again.

        Nothing of a plugin that failed to load is held by anybody, so its modules can be replaced.
        One that is active keeps the code that it has.
        """
        record = self._records[name]
        if record.state is PluginState.FAILED:
            _forget(self._candidates[name].module)
            self._records[name] = self._load(self._candidates[name])
        elif record.state is PluginState.ACTIVE:
            self._records[name] = replace(record, reason="", traceback="", failures=0)
        return self._records[name]

    def learn_of_failure(self, name: str, reason: str, details: str) -> None:
        """Note how a plugin failed in a job, unless that is known from the job's being here."""
        record = self._records.get(name)
        if record is not None and not (record.failures and reason.startswith(record.reason)):
            self._fail(record, reason, details)

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
            PluginError: any other exception; it is noted in the plugin's record as well. After
                MOST_FAILURES the plugin is not called any more.
        """
        self._require_patience(contribution)
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

    def guard(self, contribution: Contribution, function: Callable[P, T]) -> Callable[P, T]:
        """Return the function such that each call of it is a `call`."""

        def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            return self.call(contribution, function, *args, **kwargs)

        return guarded

    def _require_patience(self, contribution: Contribution) -> None:
        name = self._owners.get((type(contribution), contribution.key), "")
        record = self._records.get(name)
        if record is not None and record.failures >= MOST_FAILURES:
            reason = tr(
                "it failed {failures} times and is left alone until the next start.",
                failures=record.failures,
            )
            raise PluginError(name, contribution.key, reason)

    def _take(self, candidate: Candidate) -> None:
        name = candidate.name
        earlier = self._records.get(name)
        if earlier is not None:
            reason = tr(
                "Hidden by the plugin of the same name that is {where}.",
                where=_WHERE[earlier.origin],
            )
            self._hidden.append(_outlined(candidate, PluginState.HIDDEN, reason))
            return
        self._candidates[name] = candidate
        if name in self._disabled:
            self._records[name] = _outlined(candidate, PluginState.DISABLED, tr("Switched off."))
        elif self._safe_mode and candidate.origin is not Origin.BUNDLED:
            reason = tr("Safe mode: only the plugins that come with PetStudio were loaded.")
            self._records[name] = _outlined(candidate, PluginState.DISABLED, reason)
        else:
            self._records[name] = self._load(candidate)

    def _load(self, candidate: Candidate) -> PluginRecord:
        try:
            offer = load_offer(candidate)
            self._check_free(offer)
        except (Exception, SystemExit) as error:  # the plugin boundary: the others still load
            reason = _reason(error)
            logger.warning("The plugin %s was not loaded", candidate.name, exc_info=True)
            failed = _outlined(candidate, PluginState.FAILED, reason)
            return replace(failed, traceback=traceback.format_exc())
        for kind, contribution in offer.contributions:
            self._shelves[kind.type][contribution.key] = contribution
            self._owners[kind.type, contribution.key] = candidate.name
        return PluginRecord(
            name=candidate.name,
            version=offer.version,
            origin=candidate.origin,
            state=PluginState.ACTIVE,
            contributions=tuple(f"{kind.word} {item.key}" for kind, item in offer.contributions),
            kinds=tuple(dict.fromkeys(kind.word for kind, _ in offer.contributions)),
            summary=offer.summary,
        )

    def _check_free(self, offer: Offer) -> None:
        for kind, contribution in offer.contributions:
            owner = self._owners.get((kind.type, contribution.key))
            if owner is not None:
                key = contribution.key
                raise RejectedError(
                    tr(
                        "The plugin {owner} already has a {word} “{key}”.",
                        owner=owner,
                        word=tr(kind.word),
                        key=key,
                    )
                )

    def hint(self) -> str:
        """Return why something may be missing: a plugin failed or is switched off."""
        states = {record.state for record in self.records}
        hint = ""
        if PluginState.FAILED in states:
            hint += tr(" A plugin could not be loaded; “petstudio plugins” says why.")
        if PluginState.DISABLED in states:
            hint += tr(" Some plugins are switched off; “petstudio plugins” lists them.")
        return hint

    def _note(self, contribution: Contribution, error: PluginError, details: str) -> None:
        logger.warning("%s\n%s", error, details)
        self._fail(self._records[self.owner_of(contribution)], str(error), details)

    def _fail(self, record: PluginRecord, reason: str, details: str) -> None:
        self._records[record.name] = replace(
            record, reason=reason, traceback=details, failures=record.failures + 1
        )


_WHERE: Mapping[Origin, str] = MappingProxyType(
    {
        Origin.BUNDLED: tr("bundled"),
        Origin.INSTALLED: tr("installed"),
        Origin.USER: tr("in the user folder"),
    }
)


def _candidate_of(module: ModuleType) -> Candidate:
    name = module.__name__.rpartition(".")[2]
    return Candidate(
        name=name, origin=Origin.INSTALLED, load=lambda: module, module=module.__name__
    )


def _outlined(candidate: Candidate, state: PluginState, reason: str) -> PluginRecord:
    outline = read_outline(candidate.source)
    return PluginRecord(
        name=candidate.name,
        version=candidate.version,
        origin=candidate.origin,
        state=state,
        kinds=outline.kinds,
        reason=reason,
        summary=outline.summary,
    )


def _forget(module: str) -> None:
    for name in [name for name in sys.modules if f"{name}.".startswith(f"{module}.")]:
        del sys.modules[name]
    importlib.invalidate_caches()


def _reason(error: BaseException) -> str:
    if isinstance(error, RejectedError):
        return str(error)
    if isinstance(error, SystemExit):
        return tr("It tried to end the program (SystemExit: {code}).", code=error.code)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return tr(
            "It needs the package {package}, which is not installed.",
            package=error.name.partition(".")[0],
        )
    return tr("It failed with {name}: {error}", name=type(error).__name__, error=error)
