"""The rates that are drawn before the start are those that the engine then uses."""

from __future__ import annotations

import logging
import math
import subprocess
import sys
from collections import OrderedDict
from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
from PIL import Image
from torch import nn

from petstudio.api import Architecture, Body, LayerGroup, NoOptions, RunControl, Scheduler, hookimpl
from petstudio.api.contributions import SchedulePoint
from petstudio.api.errors import InputError, OptionError, PluginError
from petstudio.api.events import StageStarted, StepFinished
from petstudio.config.rate_edit import RateEdit
from petstudio.config.recipe import ModelChoice, recipe_from_mapping
from petstudio.engine.input.batches import ImageSet
from petstudio.engine.plan import TrainingData
from petstudio.engine.training import Listener, Trainer
from petstudio.jobs.plans import make_plan
from petstudio.jobs.rate_plan import MOST_POINTS, plan_rates, plan_unstarted
from petstudio.plugin_host.host import PluginHost
from petstudio.plugins import resnets, schedules

GROUPS = ("stem", "top", "head")
STEPS_PER_EPOCH = 3
STAGES = (
    {"name": "head", "epochs": 2, "trainable": "head", "rate": 3e-3},
    {"name": "some", "epochs": 1, "trainable": "top", "rate": [1e-5, 1e-3], "scheduler": "step"},
    {
        "name": "all",
        "epochs": 3,
        "trainable": "all",
        "rate": [1e-4, 2e-4, 5e-3],
        "options": {"pct_start": 0.4},
    },
)


def build_tiny(_options):
    module = nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(3, 4, 3, stride=2), relu=nn.ReLU(), conv2=nn.Conv2d(4, 8, 3, stride=2)
        )
    )
    groups = (
        LayerGroup(name="stem", modules=("conv1", "relu")),
        LayerGroup(name="top", modules=("conv2",)),
    )
    return Body(module=module, groups=groups, features=8)


def fail_to_build(_options, _plan):
    raise ZeroDivisionError("no steps")


def fail_at_step(_options, _plan):
    return lambda step: SchedulePoint(1.0 if step < 5 else math.nan, 0.9)


@hookimpl
def petstudio_architectures():
    return [
        Architecture(
            key="tiny",
            label="Tiny",
            summary="For tests.",
            options=NoOptions,
            build=build_tiny,
            parameters=408,
        )
    ]


@hookimpl
def petstudio_schedulers():
    builders = {"unbuilt": fail_to_build, "no-number": fail_at_step}
    return [
        Scheduler(key=key, label=key, summary="", options=NoOptions, build=build)
        for key, build in builders.items()
    ]


@pytest.fixture
def host():
    plugin = ModuleType("tiny_plugin")
    plugin.PETSTUDIO_API = (1, 0)
    plugin.petstudio_architectures = petstudio_architectures
    plugin.petstudio_schedulers = petstudio_schedulers
    return PluginHost.from_modules(schedules, plugin)


def recipe_of(*stages):
    return recipe_from_mapping(
        {
            "model": {"architecture": "tiny", "weights": "none"},
            "input": {"size": 16},
            "training": {"batch_size": 6, "precision": "float32", "device": "cpu"},
            "stages": list(stages),
        }
    )


@pytest.fixture
def pictures(tmp_path):
    paths = [tmp_path / f"{number}.png" for number in range(18)]
    for number, path in enumerate(paths):
        Image.new("RGB", (20, 20), (10 * number, 90, 200 - 10 * number)).save(path)
    targets = np.array([number % 2 for number in range(18)], dtype=np.int64)
    every = ImageSet(paths=tuple(paths), keys=np.arange(18), targets=targets)
    few = ImageSet(paths=tuple(paths[:4]), keys=np.arange(100, 104), targets=targets[:4])
    return TrainingData(classes=("a", "b"), train=every, valid=few)


def events_of(host, recipe, pictures):
    events = []
    trainer = Trainer(make_plan(host, recipe), pictures)
    trainer.run(1, "", Listener(emit=events.append, control=RunControl()))
    return events


def test_that_every_step_of_a_run_has_the_planned_rate_and_momentum(host, pictures):
    recipe = recipe_of(*STAGES)
    events = events_of(host, recipe, pictures)
    plan = plan_rates(host, recipe, GROUPS, STEPS_PER_EPOCH)
    told = [(e.rate, e.momentum) for e in events if isinstance(e, StepFinished)]
    planned = [
        pair
        for stage in plan.stages
        for pair in zip(stage.rates(len(GROUPS) - 1), stage.momenta, strict=True)
    ]
    assert planned == told
    assert len(told) == 18


def test_that_every_group_has_the_rate_that_the_engine_gives_it(host, pictures):
    recipe = recipe_of(*STAGES)
    started = [e for e in events_of(host, recipe, pictures) if isinstance(e, StageStarted)]
    plan = plan_rates(host, recipe, GROUPS, STEPS_PER_EPOCH)
    told = [tuple(group.rate for group in event.groups) for event in started]
    planned = [
        tuple(0.0 if math.isnan(rate) else rate for rate in stage.highest) for stage in plan.stages
    ]
    assert [tuple(group.name for group in event.groups) for event in started] == [GROUPS] * 3
    assert planned == told
    assert [sum(map(math.isnan, stage.highest)) for stage in plan.stages] == [2, 1, 0]


def test_that_rates_between_the_ends_rise_by_equal_factors(host):
    (stage,) = plan_rates(
        host,
        recipe_of({"name": "a", "epochs": 1, "trainable": "all", "rate": [1e-6, 1e-4]}),
        ("a", "b", "c", "d", "head"),
        10,
    ).stages
    factors = np.diff(np.log10(stage.highest))
    assert factors.tolist() == pytest.approx([0.5] * 4)


def test_that_a_step_stands_where_it_begins_in_epochs_of_the_run(host):
    plan = plan_rates(host, recipe_of(*STAGES), GROUPS, STEPS_PER_EPOCH)
    assert plan.stages[1].x.tolist() == pytest.approx([2.0, 2 + 1 / 3, 2 + 2 / 3])
    assert [(stage.start, stage.end) for stage in plan.stages] == [(0, 2), (2, 3), (3, 6)]
    assert plan.stage_at(2.0) is plan.stages[1]
    assert plan.stage_at(6.0) is None
    assert plan.stages[1].index_at(2.5) == 1


def test_that_stages_before_the_first_one_are_left_out_but_their_epochs_count(host):
    plan = plan_rates(host, recipe_of(*STAGES), GROUPS, STEPS_PER_EPOCH, first_stage=2)
    (stage,) = plan.stages
    assert (stage.stage, stage.start) == (2, 3)
    assert plan.starts == (0, 2, 3)


def test_that_groups_are_those_that_the_architecture_declares():
    host = PluginHost.from_modules(schedules, resnets)
    recipe = replace(recipe_of(*STAGES[:1]), model=ModelChoice(architecture="resnet18"))
    names = [group.name for group in host.architecture("resnet18").groups]
    assert plan_unstarted(host, recipe, 10).groups == (*names, "head")


def test_that_undeclared_groups_have_names_of_our_own(host):
    plan = plan_unstarted(host, recipe_of(*STAGES), 10)
    assert plan.groups == ("first layers", "group 2", "head")
    highest = [stage.highest for stage in plan.stages]
    assert highest[1][2] == 1e-3
    assert math.isnan(highest[1][1])
    assert highest[2] == (1e-4, 2e-4, 5e-3)


@pytest.mark.parametrize("epochs", [30, 5000])
def test_that_a_long_stage_keeps_few_points_with_its_ends_and_its_peak(host, epochs):
    per_epoch = 997
    recipe = recipe_of(
        {
            "name": "long",
            "epochs": epochs,
            "rate": 1.0,
            "scheduler": "one-cycle",
            "options": {"pct_start": 1 / 3, "final_div": 1e9},
        }
    )
    (stage,) = plan_rates(host, recipe, GROUPS, per_epoch).stages
    steps = epochs * per_epoch
    scheduler = host.scheduler("one-cycle")
    plan_of = type("Plan", (), {"steps": steps, "steps_per_epoch": per_epoch})
    schedule = scheduler.build(scheduler.options(pct_start=1 / 3, final_div=1e9), plan_of)
    knee = round(steps / 3)
    assert len(stage.steps) <= MOST_POINTS
    assert (stage.steps[0], stage.steps[-1]) == (0, steps - 1)
    assert stage.scales.max() == max(schedule(step).scale for step in range(knee - 5, knee + 5))
    assert (np.diff(stage.steps) > 0).all()


@pytest.mark.parametrize(("key", "words"), [("unbuilt", "no steps"), ("no-number", "step 5")])
def test_that_a_scheduler_that_fails_is_told_by_its_plugin(host, caplog, key, words):
    with caplog.at_level(logging.CRITICAL), pytest.raises(PluginError, match=words) as told:
        plan_rates(host, recipe_of({"name": "a", "epochs": 2, "scheduler": key}), GROUPS, 4)
    assert (told.value.plugin, told.value.contribution) == ("tiny_plugin", key)


@pytest.mark.parametrize(
    "change",
    [
        {"scheduler": "unknown"},
        {"trainable": "middle"},
        {"rate": [1e-5, 1e-4, 1e-3, 1e-2]},
        {"options": {"pct_start": 7.0}},
    ],
)
def test_that_a_stage_that_cannot_run_is_refused_as_the_engine_does(host, change):
    with pytest.raises(InputError):
        plan_rates(host, recipe_of({"name": "a", "epochs": 2, **change}), GROUPS, 4)


def test_that_plans_are_made_without_torch():
    code = "import sys, petstudio.jobs.rate_plan; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Edits


def test_that_an_edit_changes_by_equal_factors_between_its_points():
    edit = RateEdit(stage=0, points=((2, 1.0), (4, 0.01)))
    factors = [edit.factor(epoch) for epoch in (0.0, 1.99, 2.0, 3.0, 3.5, 4.0, 9.0)]
    assert factors == pytest.approx([1.0, 1.0, 1.0, 0.1, 10**-1.5, 0.01, 0.01])


def test_that_an_edit_holds_from_its_first_point_on():
    edit = RateEdit(stage=0, points=((2, 0.5),))
    assert (edit.factor(1.999), edit.factor(2.0)) == (1.0, 0.5)


def test_that_an_edit_without_points_changes_nothing():
    assert RateEdit(stage=3).factor(1.5) == 1.0


@pytest.mark.parametrize(
    "points",
    [
        ((2, 1.0), (2, 0.5)),
        ((3, 1.0), (2, 0.5)),
        ((-1, 1.0),),
        ((0, 0.0),),
        ((0, -1.0),),
        ((0, math.nan),),
        ((0, math.inf),),
        ((0, 1e13),),
    ],
)
def test_that_points_without_sense_are_refused(points):
    with pytest.raises(OptionError, match="points"):
        RateEdit(stage=0, points=points)


def test_that_a_stage_below_0_is_refused():
    with pytest.raises(OptionError, match="stage"):
        replace(RateEdit(stage=0), stage=-1)
