"""The tree of runs, and what a run can start from."""

from __future__ import annotations

import math

import pytest

from petstudio.bridge.run_view import CheckpointView, RunEnd, RunView, tree_of
from petstudio.bridge.starts import FROM_MODEL, best_start, start_words, started, starts_of
from petstudio.config.recipe import ModelChoice, Recipe, Stage

HEAD = RunView(
    number=1,
    name="head",
    end=RunEnd.DONE,
    accuracy=0.935,
    checkpoints=(
        CheckpointView(name="stage-1", stages_done=1, accuracy=0.935),
        CheckpointView(name="best", stages_done=0, accuracy=0.935),
        CheckpointView(name="step-120", stages_done=0),
    ),
)
REGRET = RunView(number=2, name="one rate", end=RunEnd.DONE, parent=1, accuracy=0.912)
AGAIN = RunView(number=3, name="range", end=RunEnd.BROKEN_OFF, parent=1)
DEEPER = RunView(number=4, name="more", end=RunEnd.DONE, parent=2, accuracy=0.951)
RUNS = (HEAD, REGRET, AGAIN, DEEPER)
RECIPE = Recipe(stages=(Stage(name="head", epochs=4), Stage(name="all", epochs=2)))


def test_that_each_run_stands_below_the_one_it_started_from():
    lines = tree_of(RUNS)
    assert [(line.run.number, line.depth) for line in lines] == [(1, 0), (2, 1), (4, 2), (3, 1)]
    assert [line.run.number for line in lines if line.is_star] == [4]


def test_that_a_run_says_what_it_lacks_to_the_star():
    texts = {line.run.number: line.text for line in tree_of(RUNS)}
    assert texts[2] == "Run 2, one rate: 91.2 %, −3.9 points against the star"
    assert texts[3] == "Run 3, range: broken off"
    assert texts[4] == "Run 4, more: 95.1 %"


def test_that_a_run_whose_parent_is_gone_stands_at_the_root():
    (line,) = tree_of((REGRET,))
    assert line.depth == 0


def test_that_named_checkpoints_and_best_ones_can_be_started_from_and_steps_cannot():
    assert starts_of((HEAD,), RECIPE.model) == [
        (FROM_MODEL, "Starts from the model's weights"),
        ("1:stage-1", "From run 1, stage-1, 93.5 %"),
        ("1:best", "From run 1, best, 93.5 %"),
    ]
    assert start_words("9:gone", RECIPE.model) == "From run 9, gone"


def test_that_a_model_without_weights_starts_from_random_ones():
    [(key, words), *_] = starts_of((HEAD,), ModelChoice(weights="none"))
    assert (key, words) == (FROM_MODEL, "Starts from random weights")


def test_that_stages_which_are_done_there_are_left_out():
    start = started(RECIPE, "1:stage-1", RUNS).start
    assert (start.checkpoint, start.stage) == ("1:stage-1", 1)
    assert started(RECIPE, "1:best", RUNS).start.stage == 0
    assert started(RECIPE, FROM_MODEL, RUNS) == RECIPE


def test_that_no_stage_is_left_out_where_all_would_be():
    one = Recipe(stages=(Stage(name="all", epochs=1),))
    assert started(one, "1:stage-1", RUNS).start.stage == 0


def test_that_a_branch_begins_at_the_end_of_the_last_stage():
    assert best_start(HEAD) == "stage-1"


@pytest.mark.parametrize("end", [RunEnd.STOPPED, RunEnd.FAILED, RunEnd.BROKEN_OFF])
def test_that_only_a_run_with_a_checkpoint_can_go_on(end):
    assert not RunView(number=1, name="x", end=end).can_go_on
    kept = (CheckpointView(name="step-3", stages_done=0, accuracy=math.nan),)
    assert RunView(number=1, name="x", end=end, checkpoints=kept).can_go_on
    assert not HEAD.can_go_on
