"""Reliability, expected calibration error and temperature."""

from __future__ import annotations

import math

import numpy as np
import pytest
from drawn_predictions import NOTHING, drawn, predictions_of
from hypothesis import given
from hypothesis import strategies as st

from petstudio.engine.analysis.calibration import (
    BINS,
    COLDEST,
    HOTTEST,
    fit_temperature,
    reliability,
    tempered,
)
from petstudio.engine.predictions import Predictions


def overconfident(factor: float, count: int = 4000) -> Predictions:
    """Return answers of a network whose logits are too large by a factor, of five classes."""
    source = np.random.default_rng(3)
    logits = source.normal(0, 2, (count, 5))
    honest = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    targets = [int(source.choice(5, p=row)) for row in honest]
    loud = np.exp(factor * logits)
    return predictions_of(targets, loud / loud.sum(axis=1, keepdims=True))


@given(drawn())
def test_that_the_expected_error_is_what_counting_gives(predictions: Predictions) -> None:
    error = 0.0
    for bin_number in range(1, BINS + 1):
        low, high = (bin_number - 1) / BINS, bin_number / BINS
        inside = [
            (max(row), actual == row.index(max(row)))
            for actual, row in zip(
                predictions.targets.tolist(), predictions.probabilities.tolist(), strict=True
            )
            if math.ceil(max(row) * BINS) == bin_number
        ]
        assert all(low - 1e-6 <= confidence <= high + 1e-6 for confidence, _ in inside)
        if inside:
            confidence = sum(item[0] for item in inside) / len(inside)
            accuracy = sum(item[1] for item in inside) / len(inside)
            error += len(inside) / len(predictions) * abs(accuracy - confidence)
    assert reliability(predictions).expected_error == pytest.approx(error)


def test_that_empty_bins_hold_zeros() -> None:
    found = reliability(predictions_of([0, 1], [[0.9, 0.1], [0.95, 0.05]]))
    assert found.images.tolist() == [0] * 13 + [1, 1]
    assert found.accuracy.tolist() == [0.0] * 13 + [1.0, 0.0]


def test_that_nothing_is_wrong_with_the_calibration_of_no_pictures() -> None:
    assert reliability(NOTHING).expected_error == 0.0
    assert fit_temperature(NOTHING) == 1.0
    assert len(tempered(NOTHING, 2.0)) == 0


@pytest.mark.parametrize("factor", [0.5, 1.0, 2.5])
def test_that_the_factor_of_too_large_logits_is_found(factor: float) -> None:
    assert fit_temperature(overconfident(factor)) == pytest.approx(factor, rel=0.06)


def test_that_the_fitted_temperature_lowers_the_expected_error() -> None:
    predictions = overconfident(2.5)
    better = tempered(predictions, fit_temperature(predictions))
    assert reliability(better).expected_error < reliability(predictions).expected_error / 3


@given(drawn(smallest=2))
def test_that_no_temperature_nearby_has_a_lower_loss(predictions: Predictions) -> None:
    best = fit_temperature(predictions)
    assert COLDEST * 0.999 <= best <= HOTTEST * 1.001
    if predictions.correct in (0, len(predictions)):
        assert best == 1.0
        return
    lowest = tempered(predictions, best).loss
    for factor in (0.97, 1.03):
        other = min(max(best * factor, COLDEST), HOTTEST)
        assert tempered(predictions, other).loss >= lowest - 1e-6


@given(drawn(), st.floats(0.2, 5.0))
def test_that_a_temperature_divides_the_logits(predictions: Predictions, heat: float) -> None:
    found = tempered(predictions, heat).probabilities.tolist()
    for row, tempered_row in zip(predictions.probabilities.tolist(), found, strict=True):
        powers = [value ** (1 / heat) for value in row]
        assert tempered_row == pytest.approx([power / sum(powers) for power in powers], rel=1e-4)


def test_that_certain_answers_stay_finite() -> None:
    certain = predictions_of([0, 1, 1], [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    best = fit_temperature(certain)
    assert np.isfinite(tempered(certain, best).losses).all()
    assert COLDEST <= best <= HOTTEST * 1.001


def test_that_a_temperature_of_one_changes_nothing() -> None:
    predictions = overconfident(1.0, count=10)
    assert tempered(predictions, 1.0) is predictions
