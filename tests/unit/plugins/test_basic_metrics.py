from __future__ import annotations

import numpy as np
import pytest

from petstudio.api import NoOptions
from petstudio.plugins.basic_metrics import (
    TopKOptions,
    accuracy,
    balanced_accuracy,
    error_rate,
    macro_f1,
    top_k,
)

PROBABILITIES = np.array(
    [[0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0.4, 0.5, 0.1], [0.2, 0.3, 0.5]], dtype=np.float32
)
TRUTH = np.array([0, 2, 0, 0])


def test_that_accuracy_is_the_share_of_right_first_guesses():
    assert accuracy(NoOptions(), PROBABILITIES, TRUTH) == 0.5


def test_that_the_error_rate_is_the_share_of_wrong_first_guesses():
    assert error_rate(NoOptions(), PROBABILITIES[:3], TRUTH[:3]) == pytest.approx(1 / 3)


@pytest.mark.parametrize(("k", "share"), [(1, 0.5), (2, 0.75), (3, 1.0), (5, 1.0)])
def test_that_top_k_is_the_share_of_images_right_within_k_guesses(k, share):
    assert top_k(TopKOptions(k=k), PROBABILITIES, TRUTH) == share


def test_that_top_1_is_accuracy_also_between_equal_probabilities():
    even = np.full((3, 3), 1 / 3, dtype=np.float32)
    truth = np.array([0, 1, 2])
    assert top_k(TopKOptions(k=1), even, truth) == accuracy(NoOptions(), even, truth)


def sure(guesses: list[int]) -> np.ndarray:
    return np.eye(3, dtype=np.float32)[guesses]


def test_that_balanced_accuracy_counts_small_classes_as_much_as_large_ones():
    truth = np.array([0, 0, 0, 1])
    assert balanced_accuracy(NoOptions(), sure([0, 0, 0, 0]), truth) == 0.5


def test_that_a_class_without_images_does_not_count_for_balanced_accuracy():
    assert balanced_accuracy(NoOptions(), sure([0, 2]), np.array([0, 0])) == 0.5


def test_that_macro_f1_is_the_mean_of_the_classes_harmonic_means():
    truth = np.array([0, 0, 1, 1])
    first, second = 2 * 1 / (2 + 1), 2 * 2 / (2 + 3)
    assert macro_f1(NoOptions(), sure([0, 1, 1, 1]), truth) == pytest.approx((first + second) / 2)


def test_that_a_class_that_is_only_guessed_lowers_macro_f1():
    assert macro_f1(NoOptions(), sure([0, 2]), np.array([0, 0])) == pytest.approx((2 / 3) / 2)
