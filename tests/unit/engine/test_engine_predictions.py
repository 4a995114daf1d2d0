"""Predictions of a labelled set: counting and keeping them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from petstudio.api.errors import IntegrityError
from petstudio.engine.predictions import (
    Predictions,
    averaged,
    confusion,
    load_predictions,
    retargeted,
    save_predictions,
    top_losses,
)


def predictions():
    probabilities = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.6, 0.3, 0.1]], dtype=np.float32)
    targets = np.array([0, 0, 2])
    losses = -np.log(probabilities[np.arange(3), targets])
    return Predictions(
        keys=np.array([10, 11, 12]), targets=targets, probabilities=probabilities, losses=losses
    )


def test_that_confusion_counts_actual_rows_and_predicted_columns():
    assert confusion(predictions()).tolist() == [[1, 1, 0], [0, 0, 0], [1, 0, 0]]


def test_that_the_worst_picture_comes_first_with_both_probabilities():
    worst = top_losses(predictions(), 2)
    assert [top.key for top in worst] == [11, 12]
    assert worst[0].actual_probability == pytest.approx(0.1)
    assert worst[0].predicted_probability == pytest.approx(0.8)


def test_that_predictions_come_back_as_they_were_saved(tmp_path):
    save_predictions(tmp_path / "p.safetensors", predictions())
    loaded = load_predictions(tmp_path / "p.safetensors")
    assert np.array_equal(loaded.probabilities, predictions().probabilities)
    assert np.array_equal(loaded.keys, predictions().keys)


def test_that_damaged_predictions_are_not_believed(tmp_path):
    (tmp_path / "p.safetensors").write_bytes(b"nothing")
    with pytest.raises(IntegrityError, match="Evaluate the run again"):
        load_predictions(tmp_path / "p.safetensors")


def test_that_a_quarter_of_the_plain_picture_is_in_the_average():
    plain = predictions()
    other = replace(plain, probabilities=plain.probabilities[:, ::-1].copy())
    found = averaged(plain, [other, plain, other])
    # fastai's rule: mean + beta * (plain - mean) with beta = 0.25.
    mean = (2 * other.probabilities + plain.probabilities) / 3
    assert found.probabilities == pytest.approx(mean + 0.25 * (plain.probabilities - mean))
    own = found.probabilities[np.arange(3), found.targets]
    assert found.losses == pytest.approx(-np.log(own))
    assert found.probabilities.dtype == np.float32


def test_that_a_picture_without_all_of_its_views_is_left_out():
    plain = predictions()
    view = retargeted(plain, {10: 0, 12: 2})
    assert averaged(plain, [plain, view]).keys.tolist() == [10, 12]


def test_that_predictions_that_are_no_numbers_are_not_believed(tmp_path):
    spoiled = replace(predictions(), losses=np.full(3, np.nan, dtype=np.float32))
    save_predictions(tmp_path / "p.safetensors", spoiled)
    with pytest.raises(IntegrityError):
        load_predictions(tmp_path / "p.safetensors")
