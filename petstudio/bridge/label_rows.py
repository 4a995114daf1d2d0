"""Which pictures the Label page shows, and in which order: pure functions of the labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from heapq import merge
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from petstudio.api.contributions import Split
from petstudio.project.coded import Mask, Rows
from petstudio.project.image_columns import SLICE, ImageColumns
from petstudio.project.image_tags import Tags
from petstudio.project.records import LabelOrigin
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

    records: ImageColumns
    tags: Tags
    suggestions: Suggestions | None
    classes: frozenset[str]

    def suggested(self, key: int) -> str | None:
        top = self.suggestions.top(key) if self.suggestions is not None else None
        return top[0] if top is not None and top[0] in self.classes else None


def rows_of(facts: LabelFacts, choice: LabelChoice) -> Rows:
    """Return the ids of the pictures to show, in order; those without a suggestion come last."""
    chosen = np.flatnonzero(_are_chosen(facts, choice))
    keys = facts.records.ids[chosen]
    match choice.order:
        case LabelOrder.NAME:
            return facts.records.ids[_by_name(chosen, facts.records.paths)]
        case LabelOrder.RANDOM:
            return np.random.default_rng(_SEED).permutation(keys)
        case _:
            return _by_doubt(keys, facts.suggestions, choice.order)


def _are_chosen(facts: LabelFacts, choice: LabelChoice) -> Mask:
    images = facts.records
    chosen = _IN_STATE[choice.state](images, facts)
    if choice.label:
        chosen = chosen & _are_called(choice.label, facts)
    if choice.split is not None:
        chosen = chosen & images.splits.among((choice.split,))
    if choice.tag:
        chosen = chosen & np.isin(images.ids, list(facts.tags.get(choice.tag, ())))
    return chosen


def _are_called(label: str, facts: LabelFacts) -> Mask:
    images = facts.records
    are_suggested = _where(facts, ~images.are_labelled, lambda _, name: name == label)
    return images.labels.among((label,)) | are_suggested


def _disagree(images: ImageColumns, facts: LabelFacts) -> Mask:
    return _where(facts, images.are_labelled, lambda row, name: name != images.labels[row])


def _where(facts: LabelFacts, rows: Mask, is_so: Callable[[int, str], bool]) -> Mask:
    """Return which of these rows have a suggestion for which it is so."""
    found = np.zeros(len(rows), dtype=np.bool_)
    if facts.suggestions is not None:
        for row in np.flatnonzero(rows).tolist():
            name = facts.suggested(int(facts.records.ids[row]))
            found[row] = name is not None and is_so(row, name)
    return found


_IN_STATE: Final[Mapping[LabelState, Callable[[ImageColumns, LabelFacts], Mask]]] = {
    LabelState.ANY: lambda images, _: np.ones(len(images), dtype=np.bool_),
    LabelState.OPEN: lambda images, _: images.are_undecided,
    LabelState.SUGGESTED: lambda images, facts: _where(
        facts, images.are_undecided, lambda _row, _name: True
    ),
    LabelState.LABELLED: lambda images, _: images.are_labelled & ~images.excluded,
    LabelState.BY_PERSON: lambda images, _: (
        images.are_labelled & ~images.origins.among((LabelOrigin.LOADER,))
    ),
    LabelState.DISAGREES: _disagree,
    LabelState.NONE_OF_THESE: lambda images, _: (
        ~images.are_labelled & images.origins.among((LabelOrigin.PERSON,))
    ),
    LabelState.EXCLUDED: lambda images, _: images.excluded,
    LabelState.UNREADABLE: lambda images, _: ~images.are_readable,
}


def _by_name(rows: Rows, paths: Sequence[str]) -> Rows:
    """Return the rows in the order of their names, sorted in slices: the window waits for each."""
    slices = [
        sorted(rows[start : start + SLICE].tolist(), key=paths.__getitem__)
        for start in range(0, len(rows), SLICE)
    ]
    if all(paths[one[-1]] <= paths[other[0]] for one, other in pairwise(slices)):
        return np.concatenate([rows[:0], *map(np.array, slices)])
    return np.fromiter(merge(*slices, key=paths.__getitem__), np.int64, len(rows))


def _by_doubt(keys: Rows, suggestions: Suggestions | None, order: LabelOrder) -> Rows:
    """Put the pictures first of which the run is least sure."""
    if suggestions is None:
        return keys
    are_known = np.isin(keys, suggestions.keys)
    known = keys[are_known]
    rows = np.array([suggestions.rows[key] for key in known.tolist()], dtype=np.int64)
    shares = suggestions.shares[rows]
    if order is LabelOrder.MARGIN and shares.shape[1] > 1:
        sureness = shares[:, 0] - shares[:, 1]
    else:
        sureness = shares[:, 0]
    by_doubt = np.argsort(sureness, kind="stable")
    if order is LabelOrder.DIFFERENT:
        picks = suggestions.picks[rows]
        by_doubt = _different_first(picks, shares, by_doubt, len(suggestions.classes))
    return np.concatenate([known[by_doubt], keys[~are_known]])


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
