"""The rules read the same rates off a curve as fastai 2.8.12, and never raise."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petstudio.api.events import RateRule, RateSuggestion
from petstudio.engine.suggestions import suggest, trimmed

GOLDEN = json.loads((Path(__file__).parent / "golden.json").read_text())
# fastai answers in float32, which tells rates apart to 6e-8; two steps of a sweep are 0.2 apart.
FLOAT32 = 1e-6
FASTAIS_NAMES = {
    RateRule.VALLEY: "valley",
    RateRule.SLIDE: "slide",
    RateRule.MINIMUM: "minimum",
    RateRule.STEEPEST: "steep",
}
RULES = pytest.mark.parametrize("rule", RateRule)


def rates(count: int, iterations: int = 100) -> list[float]:
    return [1e-7 * 1e8 ** (step / iterations) for step in range(count)]


def synthetic_losses() -> list[float]:
    """The curve of "suggest_synth", by its formula in the golden file."""
    decades = [math.log10(rate) for rate in rates(100)]
    return [
        3.6
        - 2.2 / (1 + math.exp(-2.2 * (x + 3.2)))
        + (6 * (x + 0.9) ** 2 if x > -0.9 else 0.0)
        + 0.01 * math.sin(9 * x)
        for x in decades
    ]


def by_rule(losses: list[float], iterations: int = 100) -> dict[RateRule, RateSuggestion]:
    found = suggest(rates(len(losses), iterations), losses, iterations=iterations)
    return {suggestion.rule: suggestion for suggestion in found}


def untrimmed(points: int) -> tuple[list[float], list[float]]:
    """A falling curve of which the rules see exactly the golden file's short ones."""
    x = [1e-9] * 10 + rates(points) + [100.0] * 5
    y = [9.0] * 10 + [3.0 - 0.1 * step for step in range(points)] + [0.0] * 5
    return x, y


def test_that_there_is_one_suggestion_for_each_rule_in_order():
    assert [found.rule for found in suggest(rates(100), synthetic_losses())] == list(RateRule)


@RULES
def test_that_a_rule_agrees_with_fastai_on_its_check_curve(rule):
    expected = GOLDEN["suggest_synth"][FASTAIS_NAMES[rule]]
    assert by_rule(synthetic_losses())[rule].rate == pytest.approx(expected, rel=FLOAT32)


def test_that_a_sweep_is_trimmed_as_fastai_trims_it():
    found_rates, found_losses = trimmed(rates(100), synthetic_losses())
    assert found_rates == pytest.approx(GOLDEN["suggest_synth"]["lrs_trimmed"], rel=FLOAT32)
    assert found_losses == pytest.approx(GOLDEN["suggest_synth"]["losses_trimmed"], rel=FLOAT32)


@RULES
@pytest.mark.parametrize("curve", ["decreasing", "noisy", "diverges_early"])
def test_that_a_rule_agrees_with_fastai_on_curves_of_every_kind(curve, rule):
    golden = GOLDEN[f"suggest_{curve}"]
    found = by_rule(golden["losses_untrimmed"])[rule]
    assert found.rate == pytest.approx(golden[FASTAIS_NAMES[rule]], rel=FLOAT32)


@RULES
@pytest.mark.parametrize("points", [0, 1, 2, 5, 12])
def test_that_a_short_curve_gets_fastais_answer_or_a_reason_where_fastai_raises(points, rule):
    expected = GOLDEN[f"suggest_short_n{points}"][FASTAIS_NAMES[rule]]
    found = {suggestion.rule: suggestion for suggestion in suggest(*untrimmed(points))}[rule]
    if isinstance(expected, str):  # the name of fastai's exception
        assert math.isnan(found.rate)
        assert "this rule needs at least" in found.reason
    else:
        assert found.rate == pytest.approx(expected, rel=FLOAT32)
        assert not found.reason


def test_that_a_rule_without_an_answer_says_how_many_points_it_needs():
    slide = by_rule([3.0] * 27)[RateRule.SLIDE]
    assert slide.reason == "The sweep leaves 12 points; this rule needs at least 16."


@pytest.mark.parametrize("losses", [[], [2.0] * 15, [math.nan] * 100])
def test_that_a_curve_without_points_gives_four_reasons_and_no_rate(losses):
    found = by_rule(losses)
    assert all(math.isnan(found[rule].rate) for rule in RateRule)
    assert found[RateRule.VALLEY].reason.startswith("The sweep leaves no points")


def test_that_nothing_after_the_first_nan_counts():
    losses = synthetic_losses()
    losses[60:] = [math.nan, *([-9.0] * 39)]
    kept, _ = trimmed(rates(100), losses)
    assert kept == tuple(rates(100)[10:60])
    assert by_rule(losses)[RateRule.MINIMUM].rate <= kept[-1] / 10


def test_that_the_tenth_at_the_start_is_of_the_planned_steps_not_of_those_made():
    losses = [2.0 - 0.01 * step for step in range(60)]
    assert trimmed(rates(60), losses)[0][0] == rates(60)[10]
    assert trimmed(rates(60, 200), losses, iterations=200)[0][0] == rates(60, 200)[20]


def test_that_the_suggested_rate_is_one_that_was_tried():
    tried = rates(100)
    for found in suggest(tried, synthetic_losses()):
        factor = 10 if found.rule is RateRule.MINIMUM else 1
        assert any(math.isclose(found.rate * factor, rate, rel_tol=1e-15) for rate in tried)


def test_that_the_valley_of_a_curve_that_never_falls_is_its_first_point():
    assert by_rule([2.0] * 100)[RateRule.VALLEY].rate == rates(100)[10]


def test_that_slopes_that_are_nowhere_alike_slide_to_the_first_point():
    bent = [2.0 - step**2 / 1000 for step in range(100)]
    assert by_rule(bent)[RateRule.SLIDE].rate == rates(100)[10]


@pytest.mark.parametrize("seed", range(20))
def test_that_the_longest_fall_is_that_of_the_plain_search(seed):
    losses = [((seed + 3) * step**2 + 7 * step) % 23 / 8 for step in range(60)]
    assert by_rule(losses)[RateRule.VALLEY].rate == pytest.approx(rates(60)[plain_valley(losses)])


def plain_valley(losses: list[float]) -> int:
    """fastai's search as the specification tells it, of all pairs."""
    y = losses[10:-5]
    lengths = [1] * len(y)
    for i in range(len(y)):
        lengths[i] = 1 + max((lengths[j] for j in range(i) if y[i] < y[j]), default=0)
    end = lengths.index(max(lengths))
    start = end - lengths[end]
    return 10 + start + int((end - start) / 3) + int((end - start) / 6)


@given(
    losses=st.lists(st.floats(width=64), max_size=150)
    | st.integers(0, 150).map(lambda count: [2.0] * count),
    iterations=st.sampled_from([6, 20, 100, 150]),
)
def test_that_any_curve_gives_a_rate_of_its_trimmed_part_or_a_reason(losses, iterations):
    kept, _ = trimmed(rates(len(losses), iterations), losses, iterations=iterations)
    for rule, found in by_rule(losses, iterations).items():
        if math.isnan(found.rate):
            assert found.reason
        else:
            assert found.rate in ([r / 10 for r in kept] if rule is RateRule.MINIMUM else kept)
            assert not found.reason
