from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from petstudio.api import SchedulePlan, SchedulePoint, Scheduler, from_mapping
from petstudio.plugins.schedules import petstudio_schedulers

# fastai 2 computes its schedules in float32 tensors; relative.
FLOAT32 = 1e-6


@pytest.fixture
def golden(shared_folder: Path) -> dict[str, Any]:
    text = (shared_folder / "reference" / "fastai-golden.json").read_text(encoding="utf-8")
    numbers: dict[str, Any] = json.loads(text)
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


def test_that_a_point_depends_on_the_step_alone():
    scheduler = next(s for s in petstudio_schedulers() if s.key == "one-cycle")
    point = scheduler.build(scheduler.options(), SchedulePlan(steps=50, steps_per_epoch=10))
    forwards = [point(step) for step in range(50)]
    assert [point(step) for step in reversed(range(50))] == forwards[::-1]


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


@pytest.mark.parametrize("key", ["constant", "flat-cosine", "cosine-warmup", "step", "cyclical"])
def test_that_momentum_stays_where_the_law_has_none(key):
    assert set(momenta(key, 20)) == {0.9}
