"""The order in which confused classes stand together."""

from __future__ import annotations

import numpy as np
from drawn_predictions import drawn
from hypothesis import given

from petstudio.engine.analysis.clusters import cluster_order
from petstudio.engine.predictions import Predictions, confusion


def with_errors(classes: int, *pairs: tuple[int, int, int]) -> np.ndarray:
    counts = np.diag(np.full(classes, 20))
    for actual, predicted, count in pairs:
        counts[actual, predicted] = count
    return counts


@given(drawn())
def test_that_every_class_has_one_place(predictions: Predictions) -> None:
    counts = confusion(predictions)
    assert sorted(cluster_order(counts)) == list(range(len(counts)))


def test_that_classes_that_nobody_confuses_keep_their_order() -> None:
    assert cluster_order(with_errors(4)).tolist() == [0, 1, 2, 3]


def test_that_confused_classes_stand_together_and_the_largest_group_first() -> None:
    counts = with_errors(7, (0, 5, 3), (5, 0, 2), (1, 3, 4), (3, 6, 2))
    assert cluster_order(counts).tolist() == [1, 3, 6, 0, 5, 2, 4]


def test_that_the_ends_that_meet_are_those_that_are_confused() -> None:
    # 0-1 and 2-3 are pairs; 0 and 3 connect them, so that both have to be turned.
    counts = with_errors(4, (0, 1, 9), (2, 3, 8), (0, 3, 2))
    assert cluster_order(counts).tolist() == [1, 0, 3, 2]


def test_that_no_classes_have_no_order() -> None:
    assert cluster_order(np.zeros((0, 0), dtype=np.int64)).tolist() == []
