"""Which predictions are shown, in which order, and how each looks as a tile."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Final, assert_never

import numpy as np
from numpy.typing import NDArray

from petstudio.api.language import tr
from petstudio.bridge.figures import probability_text
from petstudio.bridge.models import in_alphabet, spoken_label
from petstudio.bridge.picture_list import Picture
from petstudio.bridge.prediction_list import PredictionList
from petstudio.jobs.predicted import Predicted
from petstudio.project.names import shown_text

NOT_SURE: Final = tr("not sure")


class SortBy(Enum):
    """The order; what cannot be read always comes last."""

    LEAST_CONFIDENT = "least"
    MOST_CONFIDENT = "most"
    SMALLEST_MARGIN = "margin"
    CLASS = "class"
    FILE = "file"


class Subset(Enum):
    """Which pictures; CLASS those of one class."""

    ALL = "all"
    UNSURE = "unsure"
    UNREADABLE = "unreadable"
    CLASS = "class"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What the user wants to see; a confidence below `sure_from` is shown as "not sure"."""

    sort: SortBy = SortBy.LEAST_CONFIDENT
    subset: Subset = Subset.ALL
    label: str = ""
    at_least: float = 0.0
    sure_from: float = 0.5


class ShownPredictions:
    """The Pictures of a grid; their keys are those of the PredictionList."""

    def __init__(self, results: PredictionList, choice: Choice) -> None:
        self.results = results
        self.choice = choice
        self.keys = _chosen(results, choice)

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, row: int, /) -> Picture:
        key = self.key_at(row)
        return _picture(key, self.results[key], self.choice.sure_from)

    def key_at(self, row: int) -> int:
        return int(self.keys[row])

    def row_of(self, key: int) -> int | None:
        row = int(self._rows[key]) if 0 <= key < len(self._rows) else -1
        return row if row >= 0 else None

    def result(self, key: int) -> Predicted:
        return self.results[key]

    @cached_property
    def _rows(self) -> NDArray[np.intp]:
        """Where each key stands; -1 for one that is not shown."""
        rows = np.full(len(self.results), -1, dtype=np.intp)
        rows[self.keys] = np.arange(len(self.keys))
        return rows


def _picture(key: int, result: Predicted, sure_from: float) -> Picture:
    if not result.top:
        name = shown_text(result.path.name)
        return Picture(key=key, path=result.path, title=name, tip=result.reason)
    is_sure = result.is_sure(sure_from)
    label = spoken_label(result.label)
    return Picture(
        key=key,
        path=result.path,
        title=label if is_sure else NOT_SURE,
        note=probability_text(result.confidence),
        share=result.confidence,
        is_unsure=not is_sure,
        tip=_tip(result, "" if is_sure else label),
    )


def _tip(result: Predicted, best: str) -> str:
    name = shown_text(result.path.name)
    return tr("{name}, perhaps {best}", name=name, best=best) if best else name


def _chosen(results: PredictionList, choice: Choice) -> NDArray[np.intp]:
    """Return the keys of what is shown, in its order."""
    is_readable = results.picks >= 0
    readable = np.flatnonzero(is_readable & _is_wanted(results, choice))
    ordered = readable[_order(results, choice.sort, readable)]
    shows_rest = choice.subset in (Subset.ALL, Subset.UNREADABLE) and not choice.at_least
    return np.concatenate([ordered, np.flatnonzero(~is_readable)]) if shows_rest else ordered


def _is_wanted(results: PredictionList, choice: Choice) -> NDArray[np.bool_]:
    is_enough = np.asarray(results.confidences >= choice.at_least)
    match choice.subset:
        case Subset.ALL:
            return is_enough
        case Subset.UNSURE:
            return np.asarray(is_enough & (results.confidences < choice.sure_from))
        case Subset.UNREADABLE:
            return np.zeros(len(results), dtype=np.bool_)
        case Subset.CLASS:
            is_of_class = results.picks == results.classes.index(choice.label)
            return np.asarray(is_enough & is_of_class)
        case _:
            assert_never(choice.subset)


def _order(results: PredictionList, sort: SortBy, keys: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return in which order the keys are shown; equal ones in the order of arrival."""
    confidences = results.confidences[keys]
    match sort:
        case SortBy.LEAST_CONFIDENT:
            return np.argsort(confidences, kind="stable")
        case SortBy.MOST_CONFIDENT:
            return np.argsort(-confidences, kind="stable")
        case SortBy.SMALLEST_MARGIN:
            return np.argsort(results.margins[keys], kind="stable")
        case SortBy.CLASS:
            return np.lexsort((-confidences, _ranks(results.classes)[results.picks[keys]]))
        case SortBy.FILE:
            ranks = [_file_rank(results.paths[key]) for key in keys.tolist()]
            order = sorted(range(len(ranks)), key=ranks.__getitem__)
            return np.array(order, dtype=np.intp)
        case _:
            assert_never(sort)


def _ranks(classes: tuple[str, ...]) -> NDArray[np.intp]:
    """Return the place of each class in the alphabet."""
    order = sorted(range(len(classes)), key=lambda place: in_alphabet(classes[place]))
    ranks = np.empty(len(classes), dtype=np.intp)
    ranks[order] = np.arange(len(classes))
    return ranks


def _file_rank(path: str) -> tuple[str, str]:
    return path.rpartition(os.sep)[2].casefold(), path  # Path.name takes five times as long
