"""Groups of classes that stand beside each other and are confused among themselves."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from petstudio.api.language import tr
from petstudio.bridge.confusion_table import Shares
from petstudio.bridge.models import spoken_label
from petstudio.bridge.shown_confusion import ShownConfusion

_REACH: Final = 9  # classes on each side of a border that have a say in it
_CROSSING: Final = 0.1  # the largest share of their errors that may cross it
_APART: Final = 3  # classes between two borders, at least
_NAMED: Final = 3


def class_groups(shown: ShownConfusion) -> tuple[range, ...]:
    """Return the places of each group of three classes or more, in the order that is shown."""
    crossing = _crossing(shown.table.errors[np.ix_(shown.order, shown.order)])
    borders = [0, *_borders(crossing), shown.size]
    found = (range(start, stop) for start, stop in pairwise(borders))
    return tuple(group for group in found if len(group) >= _APART)


def group_text(shown: ShownConfusion, group: range) -> str:
    """Return the names of a group: 18 classes, among them Birman, Ragdoll, Siamese."""
    names = [
        spoken_label(shown.table.classes[index])
        for index in shown.order[group.start : group.start + _NAMED]
    ]
    return tr("{count} classes, among them {names}", count=len(group), names=", ".join(names))


def _borders(crossing: Shares) -> list[int]:
    """Return the places before which a group begins: where fewest errors cross, far and wide."""
    borders: list[int] = []
    for place in np.flatnonzero(crossing <= _CROSSING).tolist():
        around = crossing[max(0, place - _APART) : place + _APART + 1]
        is_far = not borders or place - borders[-1] >= _APART
        if is_far and crossing[place] == around.min() and 0 < place < len(crossing):
            borders.append(place)
    return borders


def _crossing(errors: NDArray[np.int64]) -> Shares:
    """Return, for a border before each place, which share of the errors around it crosses it."""
    size = len(errors)
    sums = np.zeros((size + 1, size + 1), dtype=np.int64)
    sums[1:, 1:] = errors.cumsum(axis=0).cumsum(axis=1)

    def inside(start: NDArray[np.intp], stop: NDArray[np.intp]) -> NDArray[np.int64]:
        return np.asarray(
            sums[stop, stop] - sums[start, stop] - sums[stop, start] + sums[start, start]
        )

    place = np.arange(size)
    first, last = np.maximum(place - _REACH, 0), np.minimum(place + _REACH, size)
    around = inside(first, last)
    across = around - inside(first, place) - inside(place, last)
    return np.asarray(across / np.maximum(around, 1), dtype=np.float64)
