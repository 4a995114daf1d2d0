"""Numbers as people read them."""

from __future__ import annotations

import math

import pytest

from petstudio.bridge import figures


@pytest.mark.parametrize(("rate", "text"), [(3e-3, "3.0e-3"), (1.24e-4, "1.2e-4"), (1.0, "1.0e+0")])
def test_that_a_rate_is_shown_with_two_digits(rate: float, text: str) -> None:
    assert figures.rate_text(rate) == text


@pytest.mark.parametrize("rate", [3e-3, 1.25e-4, 0.01, 0.123456, 1.0, 1e-7, 100.0])
def test_that_a_rate_in_a_field_reads_back_as_the_same_number(rate: float) -> None:
    assert float(figures.exact_rate_text(rate)) == rate


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "0:00"), (72, "1:12"), (59.9, "1:00"), (7509, "2:05:09")]
)
def test_that_a_duration_has_minutes_and_hours(seconds: float, text: str) -> None:
    assert figures.duration_text(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(5.2, "6 s"), (0.0, "0 s"), (121, "3 min")])
def test_that_a_spread_is_rounded_up(seconds: float, text: str) -> None:
    assert figures.spread_text(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"), [(21_284_672, "21.3 M"), (222_000, "222 k"), (512, "512")]
)
def test_that_parameters_are_counted_in_thousands_and_millions(count: int, text: str) -> None:
    assert figures.parameters_text(count) == text


@pytest.mark.parametrize(
    ("loss", "text"),
    [(0.3456, "0.346"), (96.081, "96.081"), (744.419, "744"), (12_345.6, "12,346")],
)
def test_that_a_loss_that_has_run_away_takes_no_more_room(loss: float, text: str) -> None:
    assert figures.loss_text(loss) == text


def test_that_what_was_not_measured_is_left_open() -> None:
    assert figures.loss_text(math.nan) == figures.MISSING
    assert figures.percent_text(math.nan) == figures.MISSING


def test_that_accuracy_carries_count_and_interval() -> None:
    assert figures.accuracy_text(121, 128) == "121 of 128 right, 94.5 % ± 4.1"


def test_that_a_perfect_score_still_has_an_interval() -> None:
    assert figures.accuracy_text(10, 10).endswith("100.0 % ± 13.9")


@pytest.mark.parametrize(
    ("share", "text"), [(1.0, "1.00"), (0.999, "0.99"), (0.0, "0.00"), (0.345, "0.34")]
)
def test_that_what_is_not_certain_does_not_look_certain(share: float, text: str) -> None:
    assert figures.probability_text(share) == text
