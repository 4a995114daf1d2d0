"""Answering only above a probability, against counting picture by picture."""

from __future__ import annotations

import numpy as np
from drawn_predictions import NOTHING, drawn, predictions_of
from hypothesis import given
from hypothesis import strategies as st

from petstudio.engine.analysis.accuracy import Accuracy
from petstudio.engine.analysis.thresholds import coverage_curve
from petstudio.engine.predictions import Predictions


def answered(predictions: Predictions, threshold: float) -> Accuracy:
    reaching = [
        actual == row.index(max(row))
        for actual, row in zip(
            predictions.targets.tolist(), predictions.probabilities.tolist(), strict=True
        )
        if max(row) >= threshold
    ]
    return Accuracy(correct=sum(reaching), images=len(reaching))


@given(drawn(), st.floats(0, 1))
def test_that_a_threshold_answers_what_reaches_it(
    predictions: Predictions, threshold: float
) -> None:
    assert coverage_curve(predictions).at(threshold) == answered(predictions, threshold)


@given(drawn(smallest=1))
def test_that_every_point_of_the_curve_is_what_counting_gives(predictions: Predictions) -> None:
    curve = coverage_curve(predictions)
    for threshold, coverage, accuracy in zip(
        curve.thresholds.tolist(), curve.coverage.tolist(), curve.accuracy.tolist(), strict=True
    ):
        naive = answered(predictions, threshold)
        assert (coverage, accuracy) == (naive.images / len(predictions), naive.share)
    assert curve.coverage[-1] == 1.0
    assert (np.diff(curve.thresholds) < 0).all()


@given(drawn(smallest=1), st.sampled_from([0.5, 0.8, 0.95, 1.0]))
def test_that_no_lower_threshold_reaches_the_wanted_accuracy(
    predictions: Predictions, wanted: float
) -> None:
    confidences = sorted({max(row) for row in predictions.probabilities.tolist()})
    good = [c for c in confidences if answered(predictions, c).share >= wanted]
    threshold = coverage_curve(predictions).threshold_for(wanted)
    if not good:
        assert threshold is None
    else:
        assert threshold is not None
        assert answered(predictions, threshold) == answered(predictions, good[0])


def test_that_no_picture_is_turned_away_where_all_are_good_enough() -> None:
    predictions = predictions_of([0, 1], [[0.6, 0.4], [0.3, 0.7]])
    assert coverage_curve(predictions).threshold_for(0.9) == 0.0


def test_that_there_is_no_curve_without_pictures() -> None:
    curve = coverage_curve(NOTHING)
    assert (len(curve.coverage), len(curve.accuracy), curve.images) == (0, 0, 0)
    assert curve.at(0.5) == Accuracy(correct=0, images=0)
    assert curve.threshold_for(0.5) is None
