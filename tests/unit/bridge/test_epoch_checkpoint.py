"""What is kept of an epoch, and what can be done with it."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from petstudio.api.events import EpochFinished, Outcome, RunFinished, RunStarted
from petstudio.bridge.epoch_checkpoint import epoch_view
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.run_view import CheckpointView, RunEnd, RunView
from petstudio.config.recipe import Keep, Recipe, Stage

STAGES = (Stage(name="head", epochs=3), Stage(name="all", epochs=1))
END = CheckpointView(name="stage-1", stages_done=1, step=30, ends_stage=True, size=87_000_000)
SECOND = CheckpointView(name="step-20", stages_done=0, step=20, size=260_000_000, file="2.pt")
BEST_SECOND = CheckpointView(name="best", stages_done=0, step=20, size=87_000_000, file="b.pt")
BEST_END = replace(BEST_SECOND, step=30)


def epoch(stage, number, step, accuracy=math.nan):
    metrics = {"accuracy": accuracy} if math.isfinite(accuracy) else {}
    return EpochFinished(
        stage=stage,
        epoch=number,
        step=step,
        train_loss=0.5,
        mean_train_loss=0.6,
        valid_loss=1 - step / 100,
        metrics=metrics,
        seconds=1.0,
    )


def ended_run(keep=Keep.LAST, epochs=3, accuracies=(0.8, 0.935, 0.9)):
    first = replace(STAGES[0], keep=keep)
    run = LiveRun(Recipe(stages=(first, STAGES[1])))
    run.feed(
        [
            RunStarted(
                run=3,
                folder="runs/3",
                architecture="resnet18",
                classes=("cat", "dog"),
                train=64,
                valid=128,
                batch_size=16,
                steps=40,
                device="cpu",
                precision="float32",
                threads=2,
            ),
            *(epoch(0, n, 10 * (n + 1), accuracies[n]) for n in range(epochs)),
        ]
    )
    run.feed([RunFinished(outcome=Outcome.COMPLETED, seconds=1.0)])
    return run


def seen(*checkpoints, number=3):
    return RunView(number=number, name="x", end=RunEnd.DONE, checkpoints=checkpoints)


def test_that_a_kept_epoch_says_its_result_and_size_and_can_be_started_from():
    view = epoch_view(ended_run(), 1, (seen(END, SECOND),))
    assert (view.title, view.mark) == ("Stage 1, epoch 2", "best, kept")
    assert view.result == "93.5 % on validation. Checkpoint, 260 MB."
    assert (view.start, view.why_no_start, view.why_no_name) == ("3:step-20", "", "")
    assert view.named == SECOND


def test_that_an_epoch_that_is_not_kept_says_so_and_nothing_can_be_done():
    view = epoch_view(ended_run(), 0, (seen(END, SECOND),))
    assert (view.mark, view.is_kept, view.start, view.named) == ("not kept", False, "", None)
    assert view.result == "80.0 % on validation. No checkpoint of this epoch is kept."
    assert view.why_no_start == view.why_no_name == "No checkpoint of this epoch is kept."


def test_that_the_last_epoch_of_a_stage_is_its_end_which_keeps_its_name():
    view = epoch_view(ended_run(), 2, (seen(END, SECOND),))
    assert view.result == "90.0 % on validation. Checkpoint “stage-1”, 87 MB."
    assert view.start == "3:stage-1"
    assert view.named is None
    assert "keeps its name" in view.why_no_name


def test_that_the_best_epoch_beside_the_end_of_its_stage_can_be_named():
    view = epoch_view(ended_run(accuracies=(0.8, 0.9, 0.95)), 2, (seen(END, BEST_END),))
    assert (view.start, view.named) == ("3:stage-1", BEST_END)


def test_that_a_stage_that_ended_early_is_the_checkpoint_of_its_last_epoch():
    view = epoch_view(ended_run(epochs=2), 1, (seen(END),))
    assert view.start == "3:stage-1"


def test_that_a_stage_that_takes_its_best_back_ends_with_no_weights_of_its_last_epoch():
    run = ended_run(keep=Keep.BEST)
    last, best = (epoch_view(run, index, (seen(END, BEST_SECOND),)) for index in (2, 1))
    assert not last.is_kept
    assert best.start == "3:best"


def test_that_what_holds_all_goes_before_the_weights_alone():
    view = epoch_view(ended_run(), 1, (seen(BEST_SECOND, SECOND),))
    assert (view.start, view.named) == ("3:step-20", SECOND)


def test_that_a_named_checkpoint_says_its_name_and_can_get_another():
    mine = replace(SECOND, name="before unfreezing")
    view = epoch_view(ended_run(), 1, (seen(mine),))
    assert "“before unfreezing”, 260 MB" in view.result
    assert (view.start, view.named) == ("3:before unfreezing", mine)


def test_that_a_name_from_which_a_run_started_stays():
    mine = replace(SECOND, name="mine")
    child = replace(seen(number=4), parent=3, start="mine")
    view = epoch_view(ended_run(), 1, (seen(mine), child))
    assert view.named is None
    assert view.why_no_name == "Run 4 started from it under the name “mine”."


def test_that_nothing_is_done_while_the_run_is_going():
    run = ended_run()
    run.finished = None
    view = epoch_view(run, 1, (seen(SECOND),))
    assert view.is_kept
    assert view.start == ""
    assert "still going" in view.why_no_start
    assert "still going" in view.why_no_name


def test_that_a_run_whose_checkpoints_are_not_read_yet_says_so():
    view = epoch_view(ended_run(), 1, ())
    assert (view.mark, view.is_kept) == ("best", False)
    assert "not read yet" in view.result


@pytest.mark.parametrize("step", [10, 30])
def test_that_a_checkpoint_within_the_next_stage_is_no_epochs_of_this_one(step):
    other = CheckpointView(name=f"step-{step}", stages_done=1, step=step)
    assert not epoch_view(ended_run(), step // 10 - 1, (seen(other),)).is_kept


def test_that_an_epoch_without_validation_says_so():
    view = epoch_view(ended_run(accuracies=(math.nan,) * 3), 0, (seen(),))
    assert view.result.startswith("Not validated.")
