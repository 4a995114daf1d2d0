"""What sets two runs apart: settings, data, versions; only where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from petstudio.api.errors import PetStudioError
from petstudio.api.events import RunStarted
from petstudio.api.language import shown_number, tr
from petstudio.bridge.run_row import RunRow
from petstudio.bridge.run_settings import NOTHING, part_of, part_words, setting_words
from petstudio.engine.model_info import read_info
from petstudio.project.event_log import read_events
from petstudio.project.records import RunFolder

_ABSENT: Final = "…"
_PARTS: Final = ("name", "key", "epochs", "trainable", "rate")  # what tells most of a whole part


@dataclass(frozen=True, kw_only=True)
class RunFacts:
    """What can be compared of a run, each fact by a key; `data` is the fingerprint."""

    number: int
    data: str
    settings: Mapping[str, str]
    conditions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One fact, as it was there and as it is here."""

    what: str
    there: str
    here: str

    @property
    def spoken(self) -> str:
        return tr("{what}: {there} became {here}", what=self.what, there=self.there, here=self.here)


@dataclass(frozen=True, kw_only=True)
class RunDifferences:
    """Of run `here` against run `there`; `same` is how many settings are the same."""

    here: int
    there: int
    differences: tuple[Difference, ...]
    same: int


def facts_of(row: RunRow) -> RunFacts:
    """Read a run's facts; what its files do not tell is left out."""
    conditions = {**_conditions(row.folder), **_versions(row.folder)}
    return RunFacts(
        number=row.number,
        data=row.fingerprint,
        settings=row.figures.settings,
        conditions=conditions,
    )


def differences_between(there: RunFacts, here: RunFacts) -> RunDifferences:
    """Return what is different here."""
    keys = list(dict.fromkeys((*there.settings, *here.settings)))
    same = sum(there.settings.get(key) == here.settings.get(key) for key in keys)
    return RunDifferences(
        here=here.number,
        there=there.number,
        differences=(
            *_of_data(there, here),
            *_of_settings(there.settings, here.settings, keys),
            *_of_conditions(there.conditions, here.conditions),
        ),
        same=same,
    )


def _of_data(there: RunFacts, here: RunFacts) -> Iterator[Difference]:
    if there.data != here.data:
        length = 4
        while there.data[:length] == here.data[:length]:
            length += 4
        yield Difference(what=tr("Data"), there=there.data[:length], here=here.data[:length])


def _of_settings(
    there: Mapping[str, str], here: Mapping[str, str], keys: list[str]
) -> Iterator[Difference]:
    """Yield them one by one; a stage that only one of the two has is one difference."""
    whole = {part for part in map(part_of, keys) if part and _has(there, part) != _has(here, part)}
    for key in keys:
        part = part_of(key)
        if part in whole:
            whole.remove(part)
            whole_words = (_summary(there, part), _summary(here, part))
            yield Difference(what=part_words(part), there=whole_words[0], here=whole_words[1])
        elif there.get(key) != here.get(key) and (
            not part or _has(there, part) == _has(here, part)
        ):
            yield Difference(
                what=setting_words(key),
                there=there.get(key, _ABSENT),
                here=here.get(key, _ABSENT),
            )


def _of_conditions(there: Mapping[str, str], here: Mapping[str, str]) -> Iterator[Difference]:
    for key in dict.fromkeys((*there, *here)):
        if there.get(key) != here.get(key):
            yield Difference(what=key, there=there.get(key, _ABSENT), here=here.get(key, _ABSENT))


def _has(settings: Mapping[str, str], part: str) -> bool:
    return any(part_of(key) == part for key in settings)


def _summary(settings: Mapping[str, str], part: str) -> str:
    """Return the most telling settings of a stage or an augmentation; nothing where it lacks."""
    values = {key.removeprefix(f"{part}."): value for key, value in settings.items()}
    told = [values[name] for name in _PARTS if f"{part}.{name}" in settings]
    return ", ".join(told) or NOTHING


def _conditions(folder: RunFolder) -> dict[str, str]:
    try:
        start = next(
            (event for event in read_events(folder.events_path) if isinstance(event, RunStarted)),
            None,
        )
    except (PetStudioError, OSError):
        return {}
    if start is None:
        return {}
    return {
        tr("Training pictures"): shown_number(start.train),
        tr("Validation pictures"): shown_number(start.valid),
        tr("Classes"): shown_number(len(start.classes)),
        tr("Device"): start.device,
        tr("Precision"): start.precision,
        tr("Threads"): shown_number(start.threads),
    }


def _versions(folder: RunFolder) -> dict[str, str]:
    try:
        versions = read_info(folder.model_path).versions
    except (PetStudioError, OSError):
        return {}
    return {tr("Version of {name}", name=name): str(version) for name, version in versions.items()}
