"""The line of the status bar."""

from __future__ import annotations

import pytest

from petstudio.api.events import (
    ImagePredicted,
    Outcome,
    ProgressMade,
    RunFinished,
    RunStarted,
    StepFinished,
    SweepStarted,
    SweepStepFinished,
    TopClass,
)
from petstudio.bridge.activity import Activity, ActivityKind, spoken_time, spoken_time_left
from petstudio.bridge.pace import TimeLeft


def run_started():
    return RunStarted(
        run=14,
        folder="runs/14",
        architecture="resnet18",
        classes=("a", "b"),
        train=80,
        valid=20,
        batch_size=10,
        steps=100,
        device="cpu",
        precision="float32",
        threads=1,
    )


def step(number):
    return StepFinished(
        stage=0,
        epoch=1,
        step=number,
        loss=1.0,
        smoothed_loss=1.0,
        rate=1e-3,
        momentum=0.9,
        images_per_second=10.0,
    )


def test_that_a_job_of_unknown_length_has_no_total():
    activity = Activity()
    activity.begin("Project pets")
    activity.feed(ProgressMade(task="Reading labels", done=0))
    assert activity.line.text == "Project pets: reading labels"
    assert activity.line.total == 0


def test_that_predicted_pictures_are_counted_for_each_job_anew():
    activity = Activity()
    told = ImagePredicted(path="a.jpg", top=(TopClass(label="pug", probability=1.0),))
    for _ in range(2):
        activity.begin("Predicting holiday")
        activity.feed(told)
        activity.feed(told)
        assert activity.line.text == "Predicting holiday: 2"


def test_that_progress_is_counted():
    activity = Activity()
    activity.begin("Project pets")
    activity.feed(ProgressMade(task="Checking pictures", done=45, total=1850))
    assert activity.line.text == "Project pets: checking pictures 45 of 1,850"


def test_that_the_time_left_follows_the_speed_so_far():
    now = [0.0]
    activity = Activity(clock=lambda: now[0])
    activity.begin("x")
    activity.feed(ProgressMade(task="Drawing", done=0, total=100))
    now[0] = 10.0
    activity.feed(ProgressMade(task="Drawing", done=25, total=100))
    assert activity.line.time_left == TimeLeft(seconds=30.0, spread=0.0)


def test_that_no_time_is_guessed_at_the_beginning():
    activity = Activity(clock=lambda: 0.0)
    activity.begin("x")
    activity.feed(ProgressMade(task="Drawing", done=1, total=100))
    assert activity.line.time_left is None


def test_that_training_is_named_by_run_stage_and_epoch():
    activity = Activity()
    activity.begin("Training")
    activity.feed(run_started())
    activity.feed(step(24))
    assert activity.line.text == "Run 14, stage 1, epoch 2"
    assert (activity.line.done, activity.line.total) == (25, 100)


def test_that_a_sweep_counts_its_batches():
    activity = Activity()
    activity.begin("Learning rate sweep")
    activity.feed(ProgressMade(task="Loading the engine", done=0))
    activity.feed(
        SweepStarted(
            stage=0,
            name="head",
            weights="the model's own",
            start_rate=1e-7,
            end_rate=10.0,
            steps=100,
            batch_size=10,
            groups=(),
        )
    )
    activity.feed(SweepStepFinished(step=59, rate=1e-3, loss=1.0, smoothed_loss=1.0))
    assert activity.line.text == "Learning rate sweep: batch 60 of 100"
    assert (activity.line.done, activity.line.total) == (60, 100)


def test_that_training_says_how_long_it_will_take_after_three_batches():
    activity = Activity()
    activity.begin("Training")
    activity.feed(run_started())
    for number in range(3):
        activity.feed(step(number))
    assert activity.line.time_left is not None
    assert activity.line.time_left.seconds == pytest.approx(97.0)


@pytest.mark.parametrize(
    ("outcome", "kind", "text"),
    [
        (Outcome.COMPLETED, ActivityKind.DONE, "Training: done in 1:12"),
        (Outcome.CANCELLED, ActivityKind.STOPPED, "Training: stopped. Run 3 is kept."),
        (Outcome.FAILED, ActivityKind.FAILED, "Training: The disk is full."),
    ],
)
def test_that_the_end_is_told(outcome, kind, text):
    activity = Activity()
    activity.begin("Training")
    activity.feed(
        RunFinished(
            outcome=outcome, seconds=72.0, message="The disk is full.", kept="Run 3 is kept."
        )
    )
    assert (activity.line.kind, activity.line.text) == (kind, text)


@pytest.mark.parametrize(
    ("seconds", "words"), [(7, "0:07"), (72, "1:12"), (3723, "1:02:03"), (-1, "0:00")]
)
def test_that_a_duration_is_written_with_colons(seconds, words):
    assert spoken_time(seconds) == words


def test_that_a_spread_is_said_only_when_there_is_one():
    assert spoken_time_left(TimeLeft(seconds=72, spread=6)) == "1:12 left ± 6 s"
    assert spoken_time_left(TimeLeft(seconds=72, spread=0.2)) == "1:12 left"
