"""From a candidate to the checked descriptions that it offers, or a reason why not."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pluggy

from petstudio.api.contributions import Contribution
from petstudio.api.hooks import API_VERSION, PROJECT_NAME, PetStudioSpec
from petstudio.api.language import tr
from petstudio.plugin_host.discovery import Candidate
from petstudio.plugin_host.kinds import KINDS, Kind, RejectedError, check_description

MOST_CONTRIBUTIONS: Final = 5_000  # of one hook; timm has about a thousand networks


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What a plugin that keeps all rules contributes."""

    version: str
    summary: str
    contributions: tuple[tuple[Kind, Contribution], ...]


def load_offer(candidate: Candidate) -> Offer:
    """Import the plugin, call its hooks and check what they return.

    Raises:
        RejectedError: it breaks a rule.
        Exception, SystemExit: whatever its own code raises.
    """
    plugin = candidate.load()
    _check_api(getattr(plugin, "PETSTUDIO_API", None))
    manager = _register(candidate.name, plugin)
    contributions = tuple(_call_hooks(manager, plugin))
    _check_unique(contributions)
    lines = (getattr(plugin, "__doc__", None) or "").strip().splitlines()
    return Offer(
        version=candidate.version or str(getattr(plugin, "__version__", "")),
        summary=tr(lines[0]) if lines else "",
        contributions=contributions,
    )


def _check_api(stated: Any) -> None:
    ours = ".".join(map(str, API_VERSION))
    if stated is None:
        raise RejectedError(
            tr(
                "It does not state its API: write PETSTUDIO_API = {api_version}.",
                api_version=API_VERSION,
            )
        )
    if not isinstance(stated, tuple) or [type(part) for part in stated] != [int, int]:
        raise RejectedError(
            tr(
                "PETSTUDIO_API is {stated!r}; write PETSTUDIO_API = {api_version}.",
                stated=stated,
                api_version=API_VERSION,
            )
        )
    if stated[0] != API_VERSION[0] or stated[1] > API_VERSION[1]:
        cure = tr("Update PetStudio.") if stated > API_VERSION else tr("Update the plugin.")
        theirs = ".".join(map(str, stated))
        raise RejectedError(
            tr(
                "It needs the API {theirs}; this PetStudio has {ours}. {cure}",
                theirs=theirs,
                ours=ours,
                cure=cure,
            )
        )


def _register(name: str, plugin: object) -> pluggy.PluginManager:
    # A manager for each plugin: what one of them does cannot reach another's registration.
    manager = pluggy.PluginManager(PROJECT_NAME)
    manager.add_hookspecs(PetStudioSpec)
    try:
        manager.register(plugin, name)
        _check_names(manager, plugin)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise RejectedError(" ".join(str(error).split())) from error
    return manager


def _check_names(manager: pluggy.PluginManager, plugin: object) -> None:
    callers = manager.get_hookcallers(plugin) or []
    if not callers:
        raise RejectedError(tr("It implements no hook. Is @hookimpl missing?"))
    for caller in callers:
        if not caller.has_spec():
            close = difflib.get_close_matches(caller.name, [kind.hook for kind in KINDS], n=1)
            hint = tr(" Did you mean {close}?", close=close[0]) if close else ""
            raise RejectedError(
                tr("There is no hook {caller}.{hint}", caller=caller.name, hint=hint)
            )


def _call_hooks(
    manager: pluggy.PluginManager, plugin: object
) -> Iterator[tuple[Kind, Contribution]]:
    kinds = {kind.hook: kind for kind in KINDS}
    for caller in manager.get_hookcallers(plugin) or []:
        for implementation in caller.get_hookimpls():
            kind = kinds[caller.name]
            listed = _listed(kind, implementation.function())
            for number, description in enumerate(listed):
                if number == MOST_CONTRIBUTIONS:
                    raise RejectedError(
                        tr(
                            "{hook} gave more than {number:,} descriptions.",
                            hook=kind.hook,
                            number=number,
                        )
                    )
                check_description(kind, description)
                yield kind, description


def _listed(kind: Kind, result: object) -> Iterable[Any]:
    if not isinstance(result, Iterable):
        found = type(result).__name__
        raise RejectedError(
            tr(
                "{hook} gave a {found}, not a list of {name}.",
                hook=kind.hook,
                found=found,
                name=kind.type.__name__,
            )
        )
    return result


def _check_unique(contributions: tuple[tuple[Kind, Contribution], ...]) -> None:
    names = Counter((kind.word, contribution.key) for kind, contribution in contributions)
    for (word, key), count in names.items():
        if count > 1:
            raise RejectedError(tr("It has two {word}s with the key “{key}”.", word=word, key=key))
