"""Which layers the Train page shows, and what a run of the recipe would take."""

from __future__ import annotations

from dataclasses import replace

import pytest

from petstudio.api import GroupSize
from petstudio.api.events import GroupPlan, MemoryEstimated, StageStarted
from petstudio.bridge.layer_plan import frozen_count, groups_of, planned, trainable_after
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.memory_need import MeasuredMemory, memory_text
from petstudio.bridge.stage_layers import layers_to_show
from petstudio.config.recipe import (
    BatchNorm,
    InputChoice,
    ModelChoice,
    Recipe,
    Stage,
    StartChoice,
    TrainingChoice,
)

GROUPS = (
    GroupSize(name="low", parameters=100, norm_parameters=4),
    GroupSize(name="high", parameters=200, norm_parameters=6),
    GroupSize(name="head", parameters=50),
)
HEAD = Stage(name="head", epochs=1)
ALL = Stage(name="all", epochs=1, trainable="all", rate=(1e-6, 1e-4))
RECIPE = Recipe(stages=(HEAD, ALL))
TOLD = (
    GroupPlan(name="body", parameters=7, trainable=7, rate=1e-5),
    GroupPlan(name="head", parameters=5, trainable=5, rate=1e-4),
)


def started(number, recipe=RECIPE, groups=TOLD):
    stage = recipe.stages[number]
    return StageStarted(
        stage=number,
        name=stage.name,
        epochs=1,
        steps_per_epoch=4,
        scheduler=stage.scheduler,
        groups=groups,
    )


def run_at(number, recipe=RECIPE):
    run = LiveRun(recipe)
    run.feed([started(index, recipe) for index in range(number + 1)])
    return run


def show(recipe=RECIPE, run=None, *, declared=GROUPS, chosen=None, is_going=False, rates=None):
    return layers_to_show(recipe, declared, run, chosen=chosen, is_going=is_going, rates=rates)


def rates_of(shown):
    return [group.rate for group in shown.groups]


def test_that_a_frozen_group_has_no_rate_and_nothing_that_trains():
    low, _, head = planned(GROUPS, HEAD)
    assert (low.trainable, low.rate) == (0, 0.0)
    assert (head.trainable, head.rate) == (50, 3e-3)


def test_that_norm_layers_of_a_frozen_group_train_where_the_stage_says_so():
    low, *_ = planned(GROUPS, replace(HEAD, batchnorm=BatchNorm.TRAIN))
    assert (low.trainable, low.rate) == (4, 3e-3)


@pytest.mark.parametrize("trainable", ["all", "high", "head"])
def test_that_the_divider_gives_back_what_a_stage_trains(trainable):
    plans = planned(GROUPS, replace(HEAD, trainable=trainable))
    assert trainable_after(plans, frozen_count(plans)) == trainable


def test_that_the_first_group_by_name_is_all():
    plans = planned(GROUPS, replace(HEAD, trainable="low"))
    assert trainable_after(plans, frozen_count(plans)) == "all"


def test_that_frozen_groups_are_counted_also_where_their_norm_layers_train():
    plans = planned(GROUPS, replace(HEAD, trainable="high", batchnorm=BatchNorm.TRAIN))
    assert frozen_count(plans) == 1


def test_that_the_chosen_stage_is_shown():
    shown = show(chosen=1)
    assert shown.stage == 1
    assert rates_of(shown) == pytest.approx([1e-6, 1e-5, 1e-4])


def test_that_the_first_stage_that_will_run_is_shown_where_none_is_chosen():
    later = replace(RECIPE, start=StartChoice(checkpoint="1:best", stage=1))
    assert (show().stage, show(later).stage) == (0, 1)


def test_that_a_recipe_without_stages_has_no_layers():
    assert show(Recipe()) is None


def test_that_a_going_run_shows_its_own_stage_whatever_is_chosen():
    shown = show(run=run_at(1), chosen=0, is_going=True, rates=(1.0,))
    assert (shown.stage, shown.groups) == (1, TOLD)


def test_that_a_run_that_has_no_stage_yet_shows_the_plan_of_its_first_one():
    shown = show(run=LiveRun(RECIPE), is_going=True)
    assert (shown.stage, rates_of(shown)) == (0, [0.0, 0.0, 3e-3])


def test_that_after_a_run_its_last_stage_is_shown_as_it_was():
    shown = show(run=run_at(1))
    assert (shown.stage, shown.groups) == (1, TOLD)


def test_that_a_stage_that_was_edited_after_the_run_is_planned_anew():
    edited = replace(RECIPE, stages=(HEAD, replace(ALL, rate=(1e-2,))))
    assert rates_of(show(edited, run_at(1), chosen=1)) == [1e-2, 1e-2, 1e-2]


def test_that_groups_of_a_former_run_stand_in_for_those_that_are_not_declared():
    edited = replace(RECIPE, stages=(HEAD, replace(ALL, trainable="head")))
    shown = show(edited, run_at(1), declared=(), chosen=1)
    assert [group.trainable for group in shown.groups] == [0, 5]


def test_that_groups_of_another_model_are_not_shown():
    other = replace(RECIPE, model=ModelChoice(architecture="tiny"))
    assert show(other, run_at(1), declared=(), chosen=1).groups == ()


def test_that_a_group_that_the_model_has_not_is_told_in_words():
    bad = replace(RECIPE, stages=(replace(HEAD, trainable="tail"),))
    shown = show(bad)
    assert shown.groups == ()
    assert "no layer group “tail”" in shown.problem


def test_that_other_rates_take_the_place_of_the_stages_own():
    shown = show(run=run_at(1), chosen=1, rates=(1e-5, 1e-3))
    assert rates_of(shown) == pytest.approx([1e-5, 1e-4, 1e-3])


def test_that_groups_told_by_a_run_keep_names_and_sizes():
    assert [(g.name, g.parameters) for g in groups_of(TOLD)] == [("body", 7), ("head", 5)]


ESTIMATE = MemoryEstimated(fixed=1000, per_picture=10, free=5000, safe_batch_size=64)
MEASURED = MeasuredMemory(estimate=ESTIMATE, recipe=RECIPE)


def with_batch(batch, *, pieces=1, recipe=RECIPE):
    return replace(recipe, training=TrainingChoice(batch_size=batch, accumulate=pieces))


def test_that_memory_grows_with_the_batch():
    assert [MEASURED.bytes_for(with_batch(batch)) for batch in (1, 64)] == [1010, 1640]


def test_that_memory_is_short_from_the_first_picture_above_the_safe_batch():
    assert [MEASURED.is_short_for(with_batch(batch)) for batch in (64, 65)] == [False, True]


def test_that_pieces_of_a_batch_count_one_by_one():
    divided = with_batch(100, pieces=2)
    assert not MEASURED.is_short_for(divided)
    assert MEASURED.bytes_for(divided) == 1500


@pytest.mark.parametrize(
    "changed",
    [
        replace(RECIPE, model=ModelChoice(architecture="resnet50")),
        replace(RECIPE, input=InputChoice(size=(448,))),
        replace(RECIPE, training=TrainingChoice(device="cpu")),
        replace(RECIPE, training=TrainingChoice(device="all")),
        replace(RECIPE, stages=(HEAD,)),
    ],
    ids=["model", "size", "device", "all GPUs", "only heads"],
)
def test_that_a_measurement_does_not_hold_for_what_it_says_nothing_about(changed):
    assert not MEASURED.holds_for(changed)


def test_that_a_measurement_holds_for_other_batches_and_for_less_training():
    less = replace(RECIPE, stages=(replace(ALL, trainable="high"),))
    assert MEASURED.holds_for(with_batch(8))
    assert MEASURED.holds_for(less)


def test_that_a_measurement_does_not_hold_once_more_layers_train():
    from_high = replace(RECIPE, stages=(replace(ALL, trainable="high"),))
    measured = MeasuredMemory(estimate=ESTIMATE, recipe=from_high)
    assert measured.holds_for(from_high)
    assert not measured.holds_for(RECIPE)


def test_that_it_is_known_which_stage_was_measured():
    assert MEASURED.is_of(ALL)
    assert not MEASURED.is_of(replace(ALL, trainable="high"))


@pytest.mark.parametrize(
    ("size", "text"),
    [(3_100_000_000, "3.1 GB"), (640_400_000, "640 MB"), (999_600_000, "1.0 GB")],
)
def test_that_memory_is_told_in_megabytes_or_gigabytes(size, text):
    assert memory_text(size) == text
