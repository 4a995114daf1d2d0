"""What a sweep has said so far, whether it still holds, and rates as numbers and words."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from petstudio.api.errors import ConflictError, InputError
from petstudio.api.events import (
    GroupPlan,
    NoticeGiven,
    NoticeLevel,
    Outcome,
    RateRule,
    RateSuggestion,
    RunFinished,
    SweepEnd,
    SweepFinished,
    SweepStarted,
    SweepStepFinished,
)
from petstudio.bridge.live_sweep import LiveSweep
from petstudio.bridge.rate_range import (
    decades_text,
    field_text,
    rate_at,
    read_rate,
    two_digits,
)
from petstudio.bridge.runner import JobRunner
from petstudio.bridge.sweep_feed import MOST_GHOSTS, SweepFeed
from petstudio.bridge.sweep_freshness import what_changed
from petstudio.config.recipe import (
    AugmentationChoice,
    BatchNorm,
    InputChoice,
    ModelChoice,
    Recipe,
    Resize,
    Stage,
    StartChoice,
    TrainingChoice,
)
from petstudio.config.sweep import SweepChoice

CHOICE = SweepChoice()
RECIPE = Recipe(
    model=ModelChoice(architecture="resnet34"),
    stages=(Stage(name="head", epochs=4), Stage(name="all", epochs=2, trainable="all")),
)
STARTED = SweepStarted(
    stage=1,
    name="all",
    weights="run 3, stage-1",
    start_rate=CHOICE.start_rate,
    end_rate=CHOICE.end_rate,
    steps=CHOICE.steps,
    batch_size=16,
    groups=(GroupPlan(name="head", parameters=10, trainable=10, rate=10.0),),
)
COMPLETED = RunFinished(outcome=Outcome.COMPLETED)


def step(number, loss, smoothed=None):
    smoothed = loss if smoothed is None else smoothed
    return SweepStepFinished(
        step=number, rate=CHOICE.rate(number), loss=loss, smoothed_loss=smoothed
    )


def result(steps, **rates):
    found = tuple(RateSuggestion(rule=RateRule(rule), rate=rate) for rule, rate in rates.items())
    return SweepFinished(end=SweepEnd.COMPLETED, steps=steps, suggestions=found)


def swept(losses, *, smoothed=None, **rates):
    sweep = LiveSweep(RECIPE, 1)
    smoothed = losses if smoothed is None else smoothed
    sweep.feed([STARTED])
    sweep.feed(step(i, loss, smoothed[i]) for i, loss in enumerate(losses))
    sweep.feed([result(len(losses), **rates), COMPLETED])
    return sweep


def running_mean(losses):
    return [float(np.mean(losses[: i + 1])) for i in range(len(losses))]


def test_that_the_arrays_grow_batch_by_batch():
    sweep = LiveSweep(RECIPE, 1)
    sweep.feed([STARTED, step(0, 2.0, 2.5)])
    first = sweep.losses
    sweep.feed([step(1, 1.0, 1.5)])
    assert first.tolist() == [2.0]
    assert sweep.rates.tolist() == [CHOICE.rate(0), CHOICE.rate(1)]
    assert sweep.losses.tolist() == [2.0, 1.0]
    assert sweep.smoothed_losses.tolist() == [2.5, 1.5]
    assert sweep.is_going


def test_that_bounds_are_what_was_tried_and_none_before_two_batches():
    sweep = LiveSweep(RECIPE, 1)
    sweep.feed([STARTED, step(0, 2.0)])
    assert sweep.bounds is None
    sweep.feed([step(1, 1.0)])
    assert sweep.bounds == (CHOICE.rate(0), CHOICE.rate(1))


def test_that_suggestions_come_in_order_without_those_that_are_none_or_not_tried():
    sweep = swept([1.0] * 50, valley=1e-4, steepest=1e-6, slide=math.nan, minimum=1e-8)
    assert [item.rule for item in sweep.suggestions] == [RateRule.STEEPEST, RateRule.VALLEY]


def test_that_a_short_sweep_is_rough_only_once_it_has_ended():
    sweep = LiveSweep(RECIPE, 1)
    sweep.feed([STARTED, *(step(i, 1.0) for i in range(12))])
    assert not sweep.is_rough
    sweep.feed([COMPLETED])
    assert sweep.is_rough
    assert not swept([1.0] * 30).is_rough


@pytest.mark.parametrize("seed", range(5))
def test_that_noise_about_a_level_is_no_fall(seed):
    losses = np.random.default_rng(seed).normal(3.6, 0.2, 100).tolist()
    assert swept(losses, smoothed=running_mean(losses)).never_falls


def test_that_a_curve_that_only_rises_never_falls():
    losses = (1.0 + np.arange(60) ** 2 / 1000).tolist()
    assert swept(losses, smoothed=running_mean(losses)).never_falls


@pytest.mark.parametrize("seed", range(5))
def test_that_a_tenth_less_in_noise_is_a_fall(seed):
    noise = np.random.default_rng(seed).normal(0, 0.02, 100)
    losses = (1.0 - 0.2 * np.arange(100) / 100 + noise).tolist()
    assert not swept(losses, smoothed=running_mean(losses)).never_falls


def test_that_few_batches_say_nothing_about_a_fall():
    assert not swept([1.0] * 8).never_falls


def test_that_loss_and_slope_are_read_between_batches():
    losses = [3.0 - 0.1 * i for i in range(20)]  # 8 decades in 100 steps
    sweep = swept(losses)
    middle = 10 ** ((math.log10(CHOICE.rate(4)) + math.log10(CHOICE.rate(5))) / 2)
    assert sweep.loss_at(middle) == pytest.approx(2.55)
    assert sweep.slope_at(middle) == pytest.approx(-0.1 / 0.08)
    assert math.isnan(LiveSweep(RECIPE, 1).loss_at(1e-3))


def test_that_notices_are_kept():
    sweep = LiveSweep(RECIPE, 1)
    sweep.feed([NoticeGiven(level=NoticeLevel.WARNING, message="No run of this model yet.")])
    assert sweep.notices == ["No run of this model yet."]


def stage_with(**changes):
    return replace(RECIPE, stages=(RECIPE.stages[0], replace(RECIPE.stages[1], **changes)))


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (RECIPE, ""),
        (stage_with(trainable="head"), "stage 2 is now frozen"),
        (stage_with(trainable="layer3"), "stage 2 now trains layer3 on"),
        (stage_with(mixup=0.2), "mixup of stage 2 has changed"),
        (stage_with(batchnorm=BatchNorm.TRAIN), "batch norm of stage 2 has changed"),
        (stage_with(weight_decay=0.1), "weight decay of stage 2 has changed"),
        (stage_with(weight_decay=0.01), ""),
        (stage_with(rate=(1e-6, 1e-4), epochs=9, scheduler="constant"), ""),
        (replace(RECIPE, stages=RECIPE.stages[:1]), "stage 2 is gone"),
        (replace(RECIPE, seed=7), ""),
        (replace(RECIPE, training=TrainingChoice(batch_size=8)), "the batch is now 8"),
        (replace(RECIPE, input=InputChoice(size=(128, 224))), "pictures are now 128, 224 px"),
        (replace(RECIPE, input=InputChoice(resize=Resize.PAD)), "pictures are now padded"),
        (
            replace(RECIPE, augmentations=(AugmentationChoice(key="tutorial"),)),
            "the augmentation has changed",
        ),
        (replace(RECIPE, start=StartChoice(checkpoint="3:best")), "it starts from other weights"),
        (
            replace(RECIPE, model=ModelChoice(architecture="resnet50", weights="none")),
            "the model is now resnet50, the weights are now random",
        ),
    ],
)
def test_that_words_say_what_changed_since_the_sweep(now, words):
    assert what_changed(LiveSweep(RECIPE, 1), now) == words


def test_that_a_stage_that_trains_more_is_now_unfrozen():
    now = replace(RECIPE, stages=(replace(RECIPE.stages[0], trainable="all"),))
    assert what_changed(LiveSweep(RECIPE, 0), now) == "stage 1 is now unfrozen"


def test_that_pictures_are_compared_where_both_sides_know_them():
    sweep = LiveSweep(RECIPE, 1, data="a")
    assert what_changed(sweep, RECIPE, data="b") == "the labelled pictures have changed"
    assert what_changed(sweep, RECIPE, data="a") == ""
    assert what_changed(sweep, RECIPE) == ""


@pytest.mark.parametrize(
    ("text", "rate"), [("3e-3", 3e-3), ("0.003", 3e-3), ("1e-6", 1e-6), (" 1E-4 ", 1e-4)]
)
def test_that_a_rate_is_read_in_each_usual_form(text, rate):
    assert read_rate(text) == rate


@pytest.mark.parametrize("text", ["", "abc", "3e", "nan", "1_0", "0", "-1e-3", "inf", "1e3"])
def test_that_what_is_no_rate_says_how_to_write_one(text):
    with pytest.raises(InputError, match="Write it like 3e-3"):
        read_rate(text)


@pytest.mark.parametrize(
    ("rate", "text"), [(1e-6, "1.0e-6"), (0.003, "3.0e-3"), (1.25e-4, "1.25e-4"), (10, "1.0e+1")]
)
def test_that_a_field_shows_two_digits_or_all_there_are(rate, text):
    assert field_text(rate) == text
    assert read_rate(text) == rate


@pytest.mark.parametrize(
    ("place", "bounds", "rate"),
    [
        (-4.0, (1e-7, 10.0), 1e-4),
        (-3.98, (1e-7, 10.0), 1e-4),
        (-9.0, (1e-7, 10.0), 1e-7),
        (2.0, (1e-7, 10.0), 10.0),
        (0.0, (1e-7, 0.4365), 0.43),
        (-8.0, (1.234e-7, 1.0), 1.3e-7),
    ],
)
def test_that_a_place_is_a_rate_of_two_digits_within_the_sweep(place, bounds, rate):
    assert rate_at(place, bounds) == rate
    assert two_digits(rate) == rate


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(1e-6, 1e-4, "2 decades"), (1e-5, 1e-4, "1 decade"), (1e-6, 3.2e-5, "1.5 decades")],
)
def test_that_a_distance_is_told_in_decades(low, high, text):
    assert decades_text(low, high) == text


@pytest.fixture
def runner(qapp):
    made = JobRunner()
    yield made
    assert made.shutdown(), "the job did not end"


def tell(losses):
    def job(emit, control):
        emit(STARTED)
        for number, loss in enumerate(losses):
            control.checkpoint()
            emit(step(number, loss))
        emit(result(len(losses), valley=1e-6))

    return job


def forever(emit, control):
    number = 0
    while True:
        control.checkpoint()
        if number < 3:
            emit(step(number, 1.0))
            number += 1


def run(qtbot, feed, job):
    with qtbot.waitSignal(feed.ended, timeout=10_000) as told:
        feed.start(job, RECIPE, 1, data="a")
    return told.args[0]


def test_that_the_feed_keeps_a_sweep_after_its_end(qtbot, runner):
    feed = SweepFeed(runner)
    finished = run(qtbot, feed, tell([3.0, 2.0, 1.0]))
    assert finished.outcome is Outcome.COMPLETED
    assert not feed.is_going
    assert feed.sweep is not None
    assert feed.sweep.losses.tolist() == [3.0, 2.0, 1.0]
    assert feed.sweep.data == "a"


def test_that_earlier_sweeps_become_ghosts_newest_first(qtbot, runner):
    feed = SweepFeed(runner)
    for level in range(MOST_GHOSTS + 2):
        run(qtbot, feed, tell([float(level), 1.0]))
    assert feed.sweep is not None
    assert [ghost.losses[0] for ghost in feed.sweep.ghosts] == [3.0, 2.0, 1.0]


def test_that_a_sweep_without_a_curve_leaves_no_ghost(qtbot, runner):
    feed = SweepFeed(runner)
    run(qtbot, feed, tell([1.0]))
    run(qtbot, feed, tell([2.0, 1.0]))
    assert feed.sweep is not None
    assert feed.sweep.ghosts == ()


def test_that_another_job_on_the_runner_is_no_sweep(qtbot, runner):
    feed = SweepFeed(runner)
    runner.start(forever, title="Training")
    with pytest.raises(ConflictError):
        feed.start(tell([1.0]), RECIPE, 1)
    assert feed.sweep is None
    assert not feed.is_going


def test_that_a_stopped_sweep_keeps_its_curve(qtbot, runner):
    feed = SweepFeed(runner)
    feed.start(forever, RECIPE, 1)
    qtbot.waitUntil(lambda: feed.sweep is not None and len(feed.sweep.rates) == 3)
    with qtbot.waitSignal(feed.ended, timeout=10_000) as told:
        feed.stop()
    assert told.args[0].outcome is Outcome.CANCELLED
    assert feed.sweep is not None
    assert len(feed.sweep.rates) == 3
    assert feed.sweep.result is None
