"""The reducer from events to what a page draws."""

from __future__ import annotations

import math
from datetime import datetime

import pytest

from petstudio.api.events import (
    EpochFinished,
    EvaluationFinished,
    GroupPlan,
    ImageSkipped,
    ModelSaved,
    NoticeGiven,
    NoticeLevel,
    Outcome,
    ProgressMade,
    RunFinished,
    RunStarted,
    StageStarted,
    StepFinished,
)
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.run_log import LONGEST_LOG, LogTone, RunLog
from petstudio.bridge.run_stages import StageState
from petstudio.bridge.series import Series
from petstudio.config.recipe import Recipe, Stage

NOON = datetime(2026, 7, 1, 12, 0, 0)  # noqa: DTZ001  a wall clock, as the log shows it
RECIPE = Recipe(stages=(Stage(name="head", epochs=2), Stage(name="all layers", epochs=1)))
STEPS_PER_EPOCH = 4


def new_state() -> LiveRun:
    return LiveRun(RECIPE, now=lambda: NOON)


def run_started(**changes: object) -> RunStarted:
    values: dict[str, object] = {
        "run": 3,
        "folder": "runs/3",
        "architecture": "resnet18",
        "classes": ("cat", "dog"),
        "train": 64,
        "valid": 16,
        "batch_size": 16,
        "steps": 12,
        "device": "cpu",
        "precision": "float32",
        "threads": 2,
    }
    return RunStarted(**{**values, **changes})  # type: ignore[arg-type]


def stage_started(stage: int, steps_per_epoch: int = STEPS_PER_EPOCH) -> StageStarted:
    return StageStarted(
        stage=stage,
        name=RECIPE.stages[stage].name,
        epochs=RECIPE.stages[stage].epochs,
        steps_per_epoch=steps_per_epoch,
        scheduler="one-cycle",
        groups=(
            GroupPlan(name="body", parameters=1000, trainable=0, rate=0.0),
            GroupPlan(name="head", parameters=100, trainable=100, rate=3e-3),
        ),
    )


def step(number: int, *, stage: int = 0, speed: float = 32.0, loss: float = 1.0) -> StepFinished:
    return StepFinished(
        stage=stage,
        epoch=0,
        step=number,
        loss=loss,
        smoothed_loss=loss / 2,
        rate=1e-3,
        momentum=0.9,
        images_per_second=speed,
    )


def epoch(number: int, accuracy: float, *, stage: int = 0, loss: float = 0.5) -> EpochFinished:
    return EpochFinished(
        stage=stage,
        epoch=number,
        step=0,
        train_loss=0.6,
        mean_train_loss=0.7,
        valid_loss=loss,
        metrics={} if math.isnan(accuracy) else {"accuracy": accuracy},
        seconds=4.0,
    )


def begun_state() -> LiveRun:
    state = new_state()
    state.feed([run_started(), stage_started(0)])
    return state


def test_that_steps_become_curves_over_epochs() -> None:
    state = begun_state()
    state.feed([step(0, loss=2.0), step(1, loss=1.0)])
    assert state.x.tolist() == [0.25, 0.5]
    assert state.losses.tolist() == [2.0, 1.0]
    assert state.smoothed_losses.tolist() == [1.0, 0.5]
    assert state.rates.tolist() == [1e-3, 1e-3]


def test_that_the_second_stage_goes_on_where_the_first_ended() -> None:
    state = begun_state()
    state.feed([step(7), epoch(0, 0.5), epoch(1, 0.6), stage_started(1), step(8, stage=1)])
    assert state.position == 2.25
    assert [stage.start for stage in state.stages] == [0, 2]
    assert state.stages[1].fraction == 0.25


def test_that_a_run_resumed_in_its_second_stage_stands_at_its_place() -> None:
    state = new_state()
    state.feed([run_started(), stage_started(1), step(9, stage=1)])
    assert state.position == 2.5
    assert state.stages[1].fraction == 0.5


def test_that_stages_go_from_next_over_running_to_done() -> None:
    state = begun_state()
    before = [stage.state for stage in state.stages]
    state.feed([step(7), stage_started(1)])
    between = [stage.state for stage in state.stages]
    state.feed([RunFinished(outcome=Outcome.COMPLETED)])
    assert before == [StageState.RUNNING, StageState.NEXT]
    assert between == [StageState.DONE, StageState.RUNNING]
    assert state.stages[1].state is StageState.DONE


@pytest.mark.parametrize("outcome", [Outcome.CANCELLED, Outcome.FAILED])
def test_that_a_stage_cut_short_is_stopped_and_later_ones_stay_next(outcome: Outcome) -> None:
    state = begun_state()
    state.feed([step(0), RunFinished(outcome=outcome)])
    assert [stage.state for stage in state.stages] == [StageState.STOPPED, StageState.NEXT]


def test_that_a_run_cancelled_after_its_last_step_has_finished_that_stage() -> None:
    state = begun_state()
    state.feed([step(7), RunFinished(outcome=Outcome.CANCELLED)])
    assert state.stages[0].state is StageState.DONE


def test_that_the_best_epoch_has_the_highest_accuracy() -> None:
    state = begun_state()
    state.feed([epoch(0, 0.8), epoch(1, 0.7), stage_started(1), epoch(0, 0.75, stage=1)])
    assert state.best is state.epochs[0]
    assert state.stages[1].best is state.epochs[2]
    assert state.epochs[2].x == 3.0


def test_that_equal_accuracy_is_decided_by_the_validation_loss() -> None:
    state = begun_state()
    state.feed([epoch(0, 0.8, loss=0.5), epoch(1, 0.8, loss=0.4)])
    assert state.best is state.epochs[1]


def test_that_without_validation_no_epoch_is_best() -> None:
    state = begun_state()
    state.feed([epoch(0, math.nan, loss=math.nan)])
    assert state.best is None


def test_that_without_accuracy_the_lowest_validation_loss_is_best() -> None:
    state = begun_state()
    state.feed([epoch(0, math.nan, loss=0.9), epoch(1, math.nan, loss=0.3)])
    assert state.best is state.epochs[1]


def test_that_time_left_waits_for_three_batches() -> None:
    state = begun_state()
    state.feed([step(0), step(1)])
    early = state.time_left
    state.feed([step(2)])
    assert early is None
    assert state.time_left is not None


def test_that_time_left_is_the_steps_to_come_at_the_measured_speed() -> None:
    state = begun_state()
    state.feed(step(number, speed=32.0) for number in range(3))
    left = state.time_left
    assert left is not None
    assert left.seconds == pytest.approx(9 * 16 / 32.0)
    assert left.spread == pytest.approx(0.0)


def test_that_an_uneven_speed_shows_as_spread() -> None:
    state = begun_state()
    state.feed(step(number, speed=speed) for number, speed in enumerate([8.0, 64.0, 16.0]))
    left = state.time_left
    assert left is not None
    assert left.spread > 0


def test_that_time_left_counts_the_validations_to_come() -> None:
    state = begun_state()
    state.feed([step(number, speed=32.0) for number in range(4)])
    state.feed([epoch(0, 0.5)])  # 4 seconds, of which 4 steps took 2
    left = state.time_left
    assert left is not None
    assert left.seconds == pytest.approx(8 * 0.5 + 2 * 2.0)


def test_that_there_is_no_time_left_after_the_end() -> None:
    state = begun_state()
    state.feed([step(0), step(1), step(2), RunFinished(outcome=Outcome.CANCELLED)])
    assert state.time_left is None


def test_that_a_speed_that_is_not_a_number_is_not_measured() -> None:
    state = begun_state()
    state.feed([step(0, speed=math.nan), step(1, speed=0.0), step(2, speed=math.inf)])
    assert state.pace.recent == ()


def test_that_results_are_kept() -> None:
    evaluation = EvaluationFinished(
        run=3, split="valid", images=128, correct=121, loss=0.2, metrics={}, most_confused=()
    )
    state = begun_state()
    state.feed([ModelSaved(path="runs/3/model.safetensors"), evaluation])
    state.feed([RunFinished(outcome=Outcome.COMPLETED, seconds=5.0)])
    assert state.evaluation is evaluation
    assert state.model_path == "runs/3/model.safetensors"
    assert state.finished is not None


def test_that_the_log_has_one_line_for_each_event_of_note() -> None:
    state = begun_state()
    state.feed([step(0), epoch(0, 0.911), ImageSkipped(path="a.jpg", reason="the file is empty")])
    lines = state.log.lines_after(0)
    assert [line.text for line in lines] == [
        "run 3: resnet18, 64 pictures to train, 16 to validate, cpu, float32",
        "stage 1, head: 1 of 2 layer groups, rate 3.0e-3",
        "stage 1, epoch 1: train 0.600, valid 0.500, accuracy 91.1 %",
        "left out a.jpg: the file is empty",
    ]
    assert {line.when for line in lines} == {NOON}
    assert lines[3].tone is LogTone.WARNING
    assert state.skipped == 1


def test_that_progress_of_one_task_is_logged_once() -> None:
    state = new_state()
    state.feed(ProgressMade(task="Reading pictures", done=done, total=9) for done in range(9))
    assert [line.text for line in state.log.lines_after(0)] == ["Reading pictures"]
    assert state.progress == ProgressMade(task="Reading pictures", done=8, total=9)


def test_that_only_new_lines_of_the_log_are_handed_out() -> None:
    state = new_state()
    state.feed([NoticeGiven(level=NoticeLevel.INFO, message="first")])
    seen = state.log.written
    state.feed([NoticeGiven(level=NoticeLevel.WARNING, message="second")])
    assert [line.text for line in state.log.lines_after(seen)] == ["second"]


def test_that_a_long_log_keeps_its_latest_lines() -> None:
    log = RunLog(now=lambda: NOON)
    for number in range(LONGEST_LOG + 5):
        log.add(str(number))
    lines = log.lines_after(0)
    assert len(lines) == LONGEST_LOG
    assert lines[-1].text == str(LONGEST_LOG + 4)


def test_that_a_million_steps_are_kept_in_order() -> None:
    series = Series(2)
    for number in range(1_000_000):
        series.append(number, -number)
    assert len(series) == 1_000_000
    assert series.column(0)[-1] == 999_999
    assert series.column(1)[123_456] == -123_456


def test_that_a_view_of_a_series_stays_as_it_was() -> None:
    series = Series(1)
    series.append(1.0)
    view = series.column(0)
    for number in range(5000):
        series.append(float(number))
    assert view.tolist() == [1.0]
