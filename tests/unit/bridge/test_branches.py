"""Which runs were left aside, and what is said of them."""

from __future__ import annotations

import math
from dataclasses import replace

from petstudio.bridge.branches import branches_left_aside, why_left_aside
from petstudio.bridge.run_view import RunEnd, RunView
from petstudio.config.recipe import Stage, StartChoice

START = StartChoice(checkpoint="1:stage-1", stage=1)
HEAD = RunView(number=1, name="head", end=RunEnd.DONE, accuracy=0.935)
REGRET = RunView(
    number=2,
    name="resnet34",
    end=RunEnd.DONE,
    parent=1,
    start="stage-1",
    accuracy=0.912,
    stages=(Stage(name="all, one rate", epochs=1, rate=(3e-3,)),),
)


def test_that_a_worse_run_from_the_same_checkpoint_is_left_aside():
    (branch,) = branches_left_aside((HEAD, REGRET), START)
    assert (branch.title, branch.detail) == ("Run 2, all, one rate", "1 epoch, rate 3.0e-3")
    assert branch.accuracy == "91.2 %"
    assert why_left_aside((branch,), START) == (
        "−2.3 points against the star, so stage 2 starts from run 1, stage-1"
    )


def test_that_a_run_of_several_stages_has_its_own_name_and_their_sum():
    stages = (Stage(name="a", epochs=1), Stage(name="b", epochs=3))
    (branch,) = branches_left_aside((HEAD, replace(REGRET, stages=stages)), START)
    assert (branch.title, branch.detail) == ("Run 2, resnet34", "2 stages, 4 epochs")


def test_that_the_star_runs_without_a_result_and_runs_from_elsewhere_are_not_left_aside():
    others = (
        replace(REGRET, number=3, accuracy=0.94),
        replace(REGRET, number=4, accuracy=math.nan),
        replace(REGRET, number=5, start="best"),
        replace(REGRET, number=6, parent=2),
        replace(REGRET, number=7, parent=None, start=""),
    )
    found = branches_left_aside((HEAD, REGRET, *others), START)
    assert [branch.run.number for branch in found] == [2]
    assert not branches_left_aside((HEAD, REGRET, *others), StartChoice())


def test_that_a_run_as_good_as_the_star_is_not_left_aside():
    assert not branches_left_aside((HEAD, replace(REGRET, accuracy=0.9349)), START)
