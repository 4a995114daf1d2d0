"""Two runs on the same pictures."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from drawn_predictions import NOTHING, drawn, predictions_of
from hypothesis import given
from hypothesis import strategies as st

from petstudio.engine.analysis.comparison import Comparison, compare, two_sided_chance
from petstudio.engine.predictions import Predictions

RIGHT, WRONG = (1.0, 0.0), (0.0, 1.0)


def counts(fixed: int, broken: int) -> Comparison:
    return Comparison(
        fixed=tuple(range(fixed)),
        broken=tuple(range(100, 100 + broken)),
        both_wrong=(),
        both_right=(200,),
    )


def test_that_each_picture_is_in_its_part() -> None:
    before = predictions_of([0, 0, 0, 0], [RIGHT, WRONG, RIGHT, WRONG])
    after = predictions_of([0, 0, 0, 0], [RIGHT, RIGHT, WRONG, WRONG])
    found = compare(before, after)
    assert (found.both_right, found.fixed) == ((100,), (101,))
    assert (found.broken, found.both_wrong) == ((102,), (103,))


def test_that_only_common_pictures_are_compared() -> None:
    before = predictions_of([0, 0], [WRONG, WRONG], first_key=5)
    after = predictions_of([0, 0], [RIGHT, RIGHT], first_key=6)
    assert compare(before, after) == Comparison(fixed=(6,), broken=(), both_wrong=(), both_right=())


def test_that_runs_of_other_classes_can_be_compared() -> None:
    before = predictions_of([2], [[0.1, 0.1, 0.8]])
    after = predictions_of([1], [[0.9, 0.1]])
    assert compare(before, after).broken == (100,)


@given(drawn(), drawn())
def test_that_the_parts_are_what_counting_gives(first: Predictions, second: Predictions) -> None:
    def right(predictions: Predictions) -> dict[int, bool]:
        return dict(
            zip(
                predictions.keys.tolist(), predictions.predicted == predictions.targets, strict=True
            )
        )

    was, now = right(first), right(second)
    common = [key for key in now if key in was]
    found = compare(first, second)
    assert found.fixed == tuple(key for key in common if now[key] and not was[key])
    assert found.broken == tuple(key for key in common if was[key] and not now[key])
    assert found.images == len(common)


@given(st.integers(0, 30), st.integers(0, 30))
def test_that_the_chance_is_the_share_of_throws_at_least_so_uneven(one: int, other: int) -> None:
    throws = one + other
    naive = sum(
        Fraction(math.comb(throws, heads), 2**throws)
        for heads in range(throws + 1)
        if abs(2 * heads - throws) >= abs(one - other)
    )
    assert two_sided_chance(one, other) == pytest.approx(float(naive), rel=1e-12)


def test_that_the_chance_of_many_throws_is_known_too() -> None:
    # 25,000 to 25,500: a normal distribution has 500 / sqrt(50,500), about 2.225 deviations.
    assert two_sided_chance(25_000, 25_500) == pytest.approx(math.erfc(2.2205 / math.sqrt(2)), 0.01)


@pytest.mark.parametrize(
    ("fixed", "broken", "sentence"),
    [
        (0, 0, "Both runs are right and wrong on the same pictures."),
        (3, 3, "3 fixed and 3 broken: there is no difference."),
        (34, 22, "34 fixed and 22 broken: the difference may be chance (p = 0.14)."),
        (12, 2, "12 fixed and 2 broken: the difference is unlikely to be chance (p = 0.013)."),
        (30, 1, "30 fixed and 1 broken: the difference is unlikely to be chance (p < 0.001)."),
    ],
)
def test_that_a_sentence_says_whether_it_may_be_chance(
    fixed: int, broken: int, sentence: str
) -> None:
    assert counts(fixed, broken).verdict == sentence


def test_that_runs_without_common_pictures_are_not_compared() -> None:
    found = compare(NOTHING, predictions_of([0], [RIGHT]))
    assert found.verdict == "The two runs have no pictures in common."
    assert np.isfinite(found.chance)
