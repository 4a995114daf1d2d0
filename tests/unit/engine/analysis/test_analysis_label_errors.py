"""Labels that are likely wrong, against the paper's rule written plainly."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_predictions import NOTHING, drawn, predictions_of
from hypothesis import given

from petstudio.engine.analysis.label_errors import likely_label_errors
from petstudio.engine.predictions import Predictions


def naive_errors(predictions: Predictions) -> list[tuple[int, int, int, float]]:
    """Return key, label, suggestion and margin, in a loop over pictures and classes."""
    rows = [[np.float32(value) for value in row] for row in predictions.probabilities]
    labels = predictions.targets.tolist()
    means = {}
    for label in sorted(set(labels)):
        own = [float(row[label]) for row, other in zip(rows, labels, strict=True) if other == label]
        means[label] = np.float32(sum(own) / len(own))
    found = []
    for key, label, row in zip(predictions.keys.tolist(), labels, rows, strict=True):
        reached = [other for other in means if row[other] >= means[other]]
        best = max(reached, key=lambda other: row[other], default=label)
        if best not in (label,) and row.index(max(row)) != label:
            others = [value for place, value in enumerate(row) if place != label]
            found.append((key, label, best, float(row[label] - max(others))))
    return sorted(found, key=lambda item: item[3])


@given(drawn())
def test_that_likely_errors_are_those_of_the_plain_rule(predictions: Predictions) -> None:
    found = likely_label_errors(predictions)
    assert [(e.key, e.actual, e.suggested, e.margin) for e in found] == naive_errors(predictions)


def test_that_no_label_is_doubted_without_pictures() -> None:
    assert likely_label_errors(NOTHING) == ()


def test_that_a_single_class_has_no_likely_errors() -> None:
    assert likely_label_errors(predictions_of([0, 0], [[1.0], [1.0]])) == ()


def test_that_a_class_without_pictures_is_never_suggested() -> None:
    predictions = predictions_of([0, 0, 1], [[0.1, 0.1, 0.8], [0.7, 0.2, 0.1], [0.1, 0.6, 0.3]])
    assert likely_label_errors(predictions) == ()


def swapped(share: float) -> tuple[Predictions, set[int]]:
    """Return a good network's answers to pictures some of whose labels are wrong, and which."""
    source = np.random.default_rng(1)
    true = source.integers(0, 10, 1000)
    logits = source.normal(0, 1, (1000, 10))
    logits[np.arange(1000), true] += 4.0
    rows = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    wrong = source.choice(1000, int(1000 * share), replace=False)
    labels = true.copy()
    labels[wrong] = (true[wrong] + source.integers(1, 10, len(wrong))) % 10
    return predictions_of(labels.tolist(), rows), {100 + int(place) for place in wrong}


@pytest.mark.parametrize("share", [0.05, 0.2])
def test_that_labels_that_are_called_likely_errors_were_swapped(share: float) -> None:
    predictions, wrong = swapped(share)
    found = {error.key for error in likely_label_errors(predictions)}
    assert len(wrong & found) > 0.95 * len(found)
    assert len(wrong & found) > 0.5 * len(wrong)
