"""An order of classes in which those that are confused stand together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def cluster_order(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places of the classes, int64 (classes,); rows of `counts` are actual.

    The two groups whose classes are confused most, on average, are joined until no two are
    confused. The largest group comes first; ties stay in the order of the class list.
    """
    alike = _likeness(counts)
    groups = [[place] for place in range(len(alike))]
    near = alike.copy()
    while near.size and near.max() > 0:
        one, other = sorted(int(at) for at in np.unravel_index(near.argmax(), near.shape))
        sizes = len(groups[one]), len(groups[other])
        mean = (near[one] * sizes[0] + near[other] * sizes[1]) / sum(sizes)
        near[one], near[:, one] = mean, mean
        near[one, one] = 0.0
        near[other], near[:, other] = 0.0, 0.0
        groups[one] = _joined(groups[one], groups[other], alike)
        groups[other] = []
    groups.sort(key=lambda group: -len(group))
    return np.array([place for group in groups for place in group], dtype=np.int64)


def _likeness(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return which shares of the pictures of two classes are taken for the other, added up."""
    rates = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    alike = rates + rates.T
    np.fill_diagonal(alike, 0.0)
    return np.asarray(alike, dtype=np.float64)


def _joined(one: list[int], other: list[int], alike: NDArray[np.float64]) -> list[int]:
    """Return both groups in a row, turned such that the ends that meet are most alike."""
    ways = [(a, b) for a in (one, one[::-1]) for b in (other, other[::-1])]
    left, right = max(ways, key=lambda way: alike[way[0][-1], way[1][0]])
    return left + right
