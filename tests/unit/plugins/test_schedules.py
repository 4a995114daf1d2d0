"""Each bundled schedule over whole plans: fastai's numbers, and formulas written anew here."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from petstudio.api import (
    OptionKind,
    SchedulePlan,
    SchedulePoint,
    Scheduler,
    from_mapping,
    option_specs,
)
from petstudio.plugins.schedules import petstudio_schedulers

# fastai 2 computes its schedules in float32 tensors; relative.
FLOAT32 = 1e-6
GOLDEN = Path(__file__).parents[1] / "engine" / "golden.json"

# (steps, steps per epoch): one step, an uneven knee, a short plan, four epochs of the pets.
PLANS = pytest.mark.parametrize(
    ("steps", "per_epoch"), [(1, 1), (7, 7), (100, 10), (368, 92)], ids=str
)


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    numbers: dict[str, Any] = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return numbers


def points(key: str, steps: int, per_epoch: int = 1, **options: object) -> list[SchedulePoint]:
    scheduler: Scheduler[Any] = next(s for s in petstudio_schedulers() if s.key == key)
    plan = SchedulePlan(steps=steps, steps_per_epoch=per_epoch)
    point = scheduler.build(from_mapping(scheduler.options, options), plan)
    return [point(step) for step in range(steps)]


def scales(key: str, steps: int, per_epoch: int = 1, **options: object) -> list[float]:
    return [point.scale for point in points(key, steps, per_epoch, **options)]


def momenta(key: str, steps: int, **options: object) -> list[float]:
    return [point.momentum for point in points(key, steps, **options)]


def test_that_one_cycle_follows_fastai_2_for_every_group(golden):
    expected = golden["one_cycle_v2_12batches"]
    for step, scale in enumerate(scales("one-cycle", 12)):
        rates = [scale * rate for rate in expected["lr_max"]]
        assert rates == pytest.approx(expected["lr"][step], rel=FLOAT32)


def test_that_the_momentum_of_one_cycle_follows_fastai_2(golden):
    expected = golden["one_cycle_v2_12batches"]["mom"]
    assert momenta("one-cycle", 12) == pytest.approx(expected, rel=FLOAT32)


def test_that_the_2019_cycle_follows_fastai_1(golden):
    expected = golden["one_cycle_v1_12batches"]
    rates = [scale * expected["lr_max"] for scale in scales("one-cycle-2019", 12)]
    assert rates == pytest.approx(expected["lr"], rel=1e-12)


def test_that_the_momentum_of_the_2019_cycle_follows_fastai_1(golden):
    expected = golden["one_cycle_v1_12batches"]["mom"]
    assert momenta("one-cycle-2019", 12) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("key", "version"), [("one-cycle", "v2"), ("one-cycle-2019", "v1")])
def test_that_both_cycles_follow_fastai_over_four_epochs_of_pets(golden, key, version):
    found = scales(key, 368, 92)
    for step, expected in golden["one_cycle_368_max3e-3"].items():
        assert 3e-3 * found[int(step)] == pytest.approx(expected[version], rel=1e-9)


def test_that_flat_cosine_follows_fastai_2(golden):
    expected = golden["flat_cos_v2_12batches"]
    rates = [1e-3 * scale for scale in scales("flat-cosine", 12)]
    assert rates == pytest.approx([groups[0] for groups in expected["lr"]], rel=FLOAT32)
    assert momenta("flat-cosine", 12) == expected["mom"]


def test_that_constant_follows_fastais_fit(golden):
    expected = golden["fit_const_v2"]
    assert [1e-3 * scale for scale in scales("constant", 6)] == [g[0] for g in expected["lr"]]
    assert momenta("constant", 6) == expected["mom"]


def test_that_fine_tune_is_two_cycles_with_options_of_their_own(golden):
    expected = golden["fine_tune_v2"]
    phases = {"phase1": (2e-3, {"pct_start": 0.99}), "phase2": (1e-3, {"pct_start": 0.3, "div": 5})}
    for phase, (highest, options) in phases.items():
        rates = [highest * scale for scale in scales("one-cycle", 6, **options)]
        assert rates == pytest.approx([g[-1] for g in expected[f"{phase}_lr"]], rel=FLOAT32)
        assert momenta("one-cycle", 6, **options) == pytest.approx(
            expected[f"{phase}_mom"], rel=FLOAT32
        )


def half_wave(start: float, end: float, position: float) -> float:
    """The cosine of the specification, turned about: from the middle instead of the start."""
    return (start + end) / 2 + (start - end) / 2 * math.cos(math.pi * position)


@PLANS
@pytest.mark.parametrize("knee", [0.0, 0.25, 0.3, 0.99])
def test_that_one_cycle_is_two_half_waves_that_meet_at_a_share_of_the_steps(steps, per_epoch, knee):
    options = {"div": 10.0, "final_div": 1e3, "high_momentum": 0.99, "low_momentum": 0.7}
    for step, point in enumerate(points("one-cycle", steps, per_epoch, pct_start=knee, **options)):
        share = step / steps
        rise, fall = share / (knee or 1), (share - knee) / (1 - knee)
        is_rising = share < knee
        expected = half_wave(0.1, 1, rise) if is_rising else half_wave(1, 1e-3, fall)
        momentum = half_wave(0.99, 0.7, rise) if is_rising else half_wave(0.7, 0.99, fall)
        assert point.scale == pytest.approx(expected, rel=1e-9)
        assert point.momentum == pytest.approx(momentum, rel=1e-12)


@PLANS
@pytest.mark.parametrize("knee", [0.0, 0.25, 0.3, 1.0])
def test_that_the_2019_cycle_is_two_half_waves_that_meet_at_a_step(steps, per_epoch, knee):
    rising = math.floor(steps * knee)
    up = [half_wave(1 / 25, 1, k / max(1, rising)) for k in range(rising + 1)]
    falling = steps - rising
    down = [half_wave(1, 1 / 250_000, k / falling) for k in range(1, falling)]
    found = scales("one-cycle-2019", steps, per_epoch, pct_start=knee)
    assert found == pytest.approx((up + down)[:steps], rel=1e-9)


@PLANS
@pytest.mark.parametrize("flat", [0.0, 0.72, 0.75, 1.0])
def test_that_flat_cosine_is_one_and_then_a_half_wave(steps, per_epoch, flat):
    fall = [(step / steps - flat) / ((1 - flat) or 1) for step in range(steps)]
    expected = [half_wave(1, 1e-5, max(0.0, share)) for share in fall]
    assert scales("flat-cosine", steps, per_epoch, pct_start=flat) == pytest.approx(expected)


@PLANS
@pytest.mark.parametrize(("warmup", "final"), [(0.0, 0.0), (0.05, 0.0), (0.5, 0.3)])
def test_that_cosine_is_a_straight_line_and_then_a_half_wave(steps, per_epoch, warmup, final):
    rising = round(steps * warmup)
    up = np.linspace(0, 1, rising + 2)[1:-1]
    down = [half_wave(1, final, k / (steps - rising)) for k in range(steps - rising)]
    found = scales("cosine-warmup", steps, per_epoch, warmup=warmup, final=final)
    assert found == pytest.approx([*up, *down])


@PLANS
@pytest.mark.parametrize(("every", "factor"), [(1, 0.5), (2, 0.1), (3, 1.0)])
def test_that_steps_multiply_once_in_so_many_epochs(steps, per_epoch, every, factor):
    expected, scale = [], 1.0
    for epoch in range(steps // per_epoch):
        scale *= factor if epoch and epoch % every == 0 else 1.0
        expected += [scale] * per_epoch
    found = scales("step", steps, per_epoch, epochs=every, factor=factor)
    assert found == pytest.approx(expected, rel=1e-12)


@PLANS
@pytest.mark.parametrize(("cycles", "div"), [(1, 10.0), (4, 3.0), (5, 1.0)])
def test_that_cycles_are_triangles_of_one_height(steps, per_epoch, cycles, div):
    corners = np.linspace(0, steps, 2 * cycles + 1)
    heights = [1.0 if number % 2 else 1 / div for number in range(2 * cycles + 1)]
    found = scales("cyclical", steps, per_epoch, cycles=cycles, div=div)
    assert found == pytest.approx(np.interp(np.arange(steps), corners, heights))


@PLANS
def test_that_constant_stays_at_one(steps, per_epoch):
    assert scales("constant", steps, per_epoch) == [1.0] * steps


def any_options(scheduler: Scheduler[Any]) -> st.SearchStrategy[Any]:
    """Every object that a form or a recipe can make of the declared options."""
    values = {}
    for spec in option_specs(scheduler.options):
        assert spec.minimum is not None
        assert spec.maximum is not None
        if spec.kind is OptionKind.INTEGER:
            values[spec.name] = st.integers(int(spec.minimum), int(spec.maximum))
        else:
            assert spec.kind is OptionKind.NUMBER
            values[spec.name] = st.floats(spec.minimum, spec.maximum)
    return st.fixed_dictionaries(values).map(lambda chosen: from_mapping(scheduler.options, chosen))


@pytest.mark.parametrize("scheduler", petstudio_schedulers(), ids=lambda scheduler: scheduler.key)
@given(data=st.data(), steps=st.integers(1, 2000))
def test_that_any_options_give_a_pure_function_within_bounds(scheduler, data, steps):
    plan = SchedulePlan(steps=steps, steps_per_epoch=data.draw(st.integers(1, steps)))
    point = scheduler.build(data.draw(any_options(scheduler)), plan)
    found = [point(step) for step in range(steps)]
    assert all(math.isfinite(one.scale) and 0 <= one.scale <= 1 + 1e-12 for one in found)
    assert all(0 <= one.momentum < 1 for one in found)
    assert [point(step) for step in reversed(range(steps))] == found[::-1]


def test_that_one_cycle_begins_at_the_highest_rate_when_nothing_rises():
    assert scales("one-cycle", 10, pct_start=0.0)[0] == 1.0


def test_that_one_cycle_may_rise_to_the_end():
    found = scales("one-cycle", 10, pct_start=1.0)
    assert found == sorted(found)


def test_that_the_2019_cycle_of_a_single_step_is_its_start():
    assert scales("one-cycle-2019", 1) == [pytest.approx(1 / 25)]


def test_that_cosine_rises_straight_and_then_falls_to_its_final_share():
    found = scales("cosine-warmup", 100, warmup=0.1, final=0.2)
    assert found[:11] == pytest.approx([(step + 1) / 11 for step in range(10)] + [1.0])
    assert found[10:] == sorted(found[10:], reverse=True)
    assert found[55] == pytest.approx(0.6)


def test_that_cosine_without_warm_up_begins_at_the_highest_rate():
    assert scales("cosine-warmup", 10, warmup=0.0)[0] == 1.0


def test_that_steps_fall_at_the_end_of_epochs():
    found = scales("step", 12, per_epoch=2, epochs=2, factor=0.5)
    assert found == [1.0] * 4 + [0.5] * 4 + [0.25] * 4


def test_that_cycles_go_up_and_down_in_straight_lines():
    found = scales("cyclical", 8, cycles=2, div=5.0)
    assert found == pytest.approx([0.2, 0.6, 1.0, 0.6] * 2)


def test_that_restarts_begin_anew_and_each_cycle_is_longer():
    found = scales("cosine-restarts", 70, cycles=3, growth=2.0)
    begins = [step for step in range(70) if found[step] == 1.0]
    assert begins == [0, 10, 30]
    for first, last in ((0, 10), (10, 30), (30, 70)):
        assert found[first:last] == sorted(found[first:last], reverse=True)
        half = (first + last) // 2
        assert found[half] == pytest.approx(0.5)


def test_that_each_restart_may_begin_lower():
    found = scales("cosine-restarts", 30, cycles=3, growth=1.0, peak=0.5)
    assert [found[step] for step in (0, 10, 20)] == [1.0, 0.5, 0.25]


@pytest.mark.parametrize(
    "key", ["constant", "flat-cosine", "cosine-warmup", "step", "cyclical", "cosine-restarts"]
)
def test_that_momentum_stays_where_the_law_has_none(key):
    assert set(momenta(key, 20)) == {0.9}
