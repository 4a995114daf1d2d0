"""Which pictures the Label page shows, and in which order: pure functions of the labels."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from petstudio.api.contributions import Split
from petstudio.project.image_tags import Tags
from petstudio.project.records import ImageRecord, LabelOrigin
from petstudio.project.suggestions import Suggestions

MOST_DIFFERENT: Final = 200
"""So many pictures are chosen to be unlike one another; the others follow by doubt."""
_SEED: Final = 1
_Floats = NDArray[np.float32]


class LabelOrder(Enum):
    """DIFFERENT: the first ones are unlike one another in what the run takes them for."""

    NAME = "name"
    LEAST_SURE = "least-sure"
    MARGIN = "margin"
    DIFFERENT = "different"
    RANDOM = "random"


class LabelState(Enum):
    """How a picture stands."""

    ANY = "any"
    OPEN = "open"
    SUGGESTED = "suggested"
    LABELLED = "labelled"
    BY_PERSON = "by-person"
    DISAGREES = "disagrees"
    NONE_OF_THESE = "none-of-these"
    EXCLUDED = "excluded"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, kw_only=True)
class LabelChoice:
    """What is to be shown; None and empty stand for any.

    A class is that of the label, or of the suggestion where there is no label.
    """

    order: LabelOrder = LabelOrder.NAME
    label: str = ""
    split: Split | None = None
    tag: str = ""
    state: LabelState = LabelState.ANY


@dataclass(frozen=True, kw_only=True)
class LabelFacts:
    """What the choice is made from; nobody changes it meanwhile.

    Only what is suggested of `classes` counts: a run may know some that are gone.
    """

    records: Mapping[int, ImageRecord]
    tags: Tags
    suggestions: Suggestions | None
    classes: frozenset[str]

    def suggested(self, key: int) -> str | None:
        top = self.suggestions.top(key) if self.suggestions is not None else None
        return top[0] if top is not None and top[0] in self.classes else None


def rows_of(facts: LabelFacts, choice: LabelChoice) -> tuple[int, ...]:
    """Return the ids of the pictures to show, in order; those without a suggestion come last."""
    tests = _tests(facts, choice)
    keys = [key for key, record in facts.records.items() if all(test(record) for test in tests)]
    match choice.order:
        case LabelOrder.NAME:
            return tuple(sorted(keys, key=lambda key: facts.records[key].path))
        case LabelOrder.RANDOM:
            random.Random(_SEED).shuffle(keys)
            return tuple(keys)
        case _:
            return _by_doubt(keys, facts.suggestions, choice.order)


def _tests(facts: LabelFacts, choice: LabelChoice) -> list[Callable[[ImageRecord], bool]]:
    tests: list[Callable[[ImageRecord], bool]] = []
    if choice.label:
        tests.append(lambda record: (record.label or facts.suggested(record.id)) == choice.label)
    if choice.split is not None:
        tests.append(lambda record: record.split is choice.split)
    if choice.tag:
        tagged = facts.tags.get(choice.tag, frozenset())
        tests.append(lambda record: record.id in tagged)
    if choice.state is not LabelState.ANY:
        is_in = _IN_STATE[choice.state]
        tests.append(lambda record: is_in(record, facts))
    return tests


def _disagrees(record: ImageRecord, facts: LabelFacts) -> bool:
    return record.label is not None and facts.suggested(record.id) not in (None, record.label)


_IN_STATE: Final[Mapping[LabelState, Callable[[ImageRecord, LabelFacts], bool]]] = {
    LabelState.OPEN: lambda record, _: record.is_undecided,
    LabelState.SUGGESTED: lambda record, facts: (
        record.is_undecided and facts.suggested(record.id) is not None
    ),
    LabelState.LABELLED: lambda record, _: record.label is not None and not record.excluded,
    LabelState.BY_PERSON: lambda record, _: (
        record.label is not None and record.origin is not LabelOrigin.LOADER
    ),
    LabelState.DISAGREES: _disagrees,
    LabelState.NONE_OF_THESE: lambda record, _: (
        record.label is None and record.origin is LabelOrigin.PERSON
    ),
    LabelState.EXCLUDED: lambda record, _: record.excluded,
    LabelState.UNREADABLE: lambda record, _: record.unreadable is not None,
}


def _by_doubt(
    keys: Sequence[int], suggestions: Suggestions | None, order: LabelOrder
) -> tuple[int, ...]:
    """Put the pictures first of which the run is least sure."""
    if suggestions is None:
        return tuple(keys)
    known = [key for key in keys if key in suggestions.rows]
    rows = np.array([suggestions.rows[key] for key in known], dtype=np.int64)
    shares = suggestions.shares[rows]
    if order is LabelOrder.MARGIN and shares.shape[1] > 1:
        sureness = shares[:, 0] - shares[:, 1]
    else:
        sureness = shares[:, 0]
    by_doubt = np.argsort(sureness, kind="stable")
    if order is LabelOrder.DIFFERENT:
        picks = suggestions.picks[rows]
        by_doubt = _different_first(picks, shares, by_doubt, len(suggestions.classes))
    rest = (key for key in keys if key not in suggestions.rows)
    return (*(known[at] for at in by_doubt.tolist()), *rest)


def _different_first(
    picks: NDArray[np.int32], shares: _Floats, by_doubt: NDArray[np.int64], classes: int
) -> NDArray[np.int64]:
    """Begin with the most doubtful picture, then always take the one most unlike all before.

    Likeness is the overlap of what the run takes two pictures for (Bhattacharyya); it stands in for
    one of looks, which would need the network once more.
    """
    roots = np.sqrt(shares)
    closest = np.zeros(len(shares), dtype=np.float32)
    chosen: list[int] = []
    at = int(by_doubt[0]) if len(by_doubt) else 0
    for _ in range(min(MOST_DIFFERENT, len(shares))):
        chosen.append(at)
        dense = np.zeros(classes, dtype=np.float32)
        dense[picks[at]] = roots[at]
        np.maximum(closest, (dense[picks] * roots).sum(axis=1), out=closest)
        closest[at] = np.inf
        at = int(closest.argmin())
    first = np.array(chosen, dtype=np.int64)
    return np.concatenate([first, by_doubt[~np.isin(by_doubt, first)]])
