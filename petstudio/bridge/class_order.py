"""In which order classes stand in the confusion grid."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from petstudio.bridge.confusion_table import ConfusionTable
from petstudio.bridge.models import in_alphabet


class ClassOrder(Enum):
    """What comes first, or stands together."""

    ERRORS = "errors"
    CLUSTER = "cluster"
    COUNT = "count"
    NAME = "name"


def ordered_classes(
    order: ClassOrder, table: ConfusionTable, clustered: Sequence[int] = ()
) -> NDArray[np.intp]:
    """Return the class of each place; `clustered` is the order of CLUSTER, where it is known."""
    match order:
        case ClassOrder.ERRORS:
            return _largest_first(table.errors.sum(axis=0) + table.errors.sum(axis=1))
        case ClassOrder.COUNT:
            return _largest_first(table.totals)
        case ClassOrder.NAME:
            names = [in_alphabet(name) for name in table.classes]
            return np.array(sorted(range(table.size), key=names.__getitem__), dtype=np.intp)
        case ClassOrder.CLUSTER:
            return _checked(clustered, table.size) if len(clustered) else np.arange(table.size)


def _largest_first(sizes: NDArray[np.int64]) -> NDArray[np.intp]:
    return np.argsort(-sizes, kind="stable")


def _checked(order: Sequence[int], size: int) -> NDArray[np.intp]:
    if sorted(order) != list(range(size)):
        raise ValueError(f"no order of {size} classes")
    return np.array(order, dtype=np.intp)
