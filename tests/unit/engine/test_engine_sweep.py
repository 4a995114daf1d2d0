"""A learning-rate sweep: what it tells, when it ends, and that it leaves nothing behind."""

from __future__ import annotations

import json
import math
import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from engine_fixtures import TINY, build_tiny, make_plan
from engine_runs import (
    ALL,
    HEAD,
    MemoryStore,
    augmented,
    bench_of,
    digest,
    of_kind,
    plan_of,
    run,
    unchanged,
)
from torch import nn

from petstudio.api import RunControl
from petstudio.api.errors import InputError, OptionError, RunCancelledError
from petstudio.api.events import RateRule, SweepEnd, SweepStarted, SweepStepFinished
from petstudio.config.recipe_file import load_recipe
from petstudio.config.sweep import SweepChoice
from petstudio.engine.input.draws import step_seed
from petstudio.engine.sweep import sweep
from petstudio.engine.workbench import Workbench
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.importing import create_project
from petstudio.jobs.proving import DataSource
from petstudio.jobs.training import train
from petstudio.plugin_host.host import PluginHost
from petstudio.project.project import Project

SHORT = SweepChoice(start_rate=1e-4, end_rate=1e-1, steps=12)
WILD = SweepChoice(start_rate=1e-2, end_rate=1e6, steps=60)
CALM = SweepChoice(start_rate=1e-7, end_rate=1e-6, steps=8)


class _BoomError(Exception):
    """What a plugin raises."""


class _Faulty(nn.ReLU):
    """Raises at the fourth batch."""

    calls = 0

    def forward(self, images):
        self.calls += 1
        if self.calls == 4:
            raise _BoomError
        return super().forward(images)


def build_faulty(options):
    """Return the tiny network with a layer that breaks down."""
    tiny = build_tiny(options)
    tiny.module.relu1 = _Faulty()
    return tiny


def nan_at_fifth(number, count):
    return unchanged(count, math.nan if number == 4 else 1.0)


def error_at_fifth(number, count):
    if number == 4:
        raise _BoomError
    return unchanged(count)


@contextmanager
def used_bench(plan, data):
    """A bench in a state that no sweep would choose by itself."""
    with bench_of(plan, data) as bench:
        bench.scaler = torch.amp.GradScaler("cpu", init_scale=8.0, growth_interval=2)
        network = bench.network
        network.body.conv1.weight.requires_grad_(False)
        network.head.eval()
        network.body.bn2.train()
        network.body.bn1.running_mean += 0.25
        torch.manual_seed(1234)
        torch.rand(3)
        yield bench


def state_of(bench):
    """Return all that a sweep could change, as digests and flags by name."""
    network = bench.network
    return {
        "weights and buffers": digest(network.state_dict()),
        "requires_grad": [p.requires_grad for p in network.parameters()],
        "training": [module.training for module in network.modules()],
        "gradients": [p.grad is None for p in network.parameters()],
        "random state": torch.get_rng_state().tolist(),
        "scaler": bench.scaler.state_dict(),
    }


def swept(bench, choice, stage=0, control=None, on_event=None):
    events = []

    def emit(event):
        events.append(event)
        if on_event is not None:
            on_event(event)

    finished = sweep(bench, stage, choice, emit, control or RunControl(), weights="test")
    return finished, events


def steps_of(plan, data, choice, stage=0, start=None):
    with bench_of(plan, data, start) as bench:
        finished, events = swept(bench, choice, stage)
    return finished, of_kind(events, SweepStepFinished)


def losses(steps):
    return [step.loss for step in steps]


STAGES = {
    "all": ALL,
    "head": HEAD,
    "adapting head": replace(HEAD, batchnorm=make_plan().recipe.stages[0].batchnorm.ADAPT),
}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    ("choice", "end"),
    [(SHORT, SweepEnd.COMPLETED), (WILD, SweepEnd.DIVERGED)],
    ids=["completed", "diverged"],
)
def test_that_a_sweep_to_its_end_leaves_all_as_it_was(stage, choice, end, coloured_data):
    with used_bench(plan_of([STAGES[stage]]), coloured_data) as bench:
        before, within = state_of(bench), []
        finished, _ = swept(bench, choice, on_event=lambda event: within.append(state_of(bench)))
        assert finished.end is end
        assert state_of(bench) == before
        last = within[-1]
        assert last["weights and buffers"] != before["weights and buffers"]
        assert last["random state"] != before["random state"]
        assert last["training"] != before["training"]
        assert last["requires_grad"] != before["requires_grad"]
        assert last["scaler"] != before["scaler"]
        assert False in last["gradients"]


def test_that_a_loss_that_is_no_number_leaves_all_as_it_was(coloured_data):
    plan = augmented(plan_of([ALL]), nan_at_fifth)
    with used_bench(plan, coloured_data) as bench:
        before, within = state_of(bench), []
        finished, events = swept(bench, SHORT, on_event=lambda e: within.append(bench.network))
        assert finished.end is SweepEnd.NOT_A_NUMBER
        assert finished.steps == 5
        assert math.isnan(events[-1].loss)
        assert state_of(bench) == before


@pytest.mark.parametrize("after", [0, 1, 7])
def test_that_a_cancelled_sweep_leaves_all_as_it_was(after, coloured_data):
    control = RunControl()

    def cancel(event):
        if getattr(event, "step", -1) + 1 == after or (not after and type(event) is SweepStarted):
            control.cancel()

    with used_bench(plan_of([ALL]), coloured_data) as bench:
        before = state_of(bench)
        with pytest.raises(RunCancelledError):
            swept(bench, SHORT, control=control, on_event=cancel)
        assert state_of(bench) == before


def test_that_an_error_in_a_plugins_network_leaves_all_as_it_was(coloured_data):
    plan = replace(plan_of([ALL]), architecture=replace(TINY, build=build_faulty))
    with used_bench(plan, coloured_data) as bench:
        before = state_of(bench)
        with pytest.raises(_BoomError):
            swept(bench, SHORT)
        assert bench.network.body.relu1.calls == 4
        assert state_of(bench) == before


def test_that_an_error_while_pictures_are_made_leaves_all_as_it_was(coloured_data):
    with used_bench(augmented(plan_of([ALL]), error_at_fifth), coloured_data) as bench:
        before, told = state_of(bench), []
        with pytest.raises(_BoomError):
            swept(bench, SHORT, on_event=told.append)
        assert len(of_kind(told, SweepStepFinished)) == 4
        assert state_of(bench) == before


def test_that_a_listener_that_fails_leaves_all_as_it_was(coloured_data):
    def fail(event):
        if getattr(event, "step", 0) == 3:
            raise _BoomError

    with used_bench(plan_of([HEAD]), coloured_data) as bench:
        before = state_of(bench)
        with pytest.raises(_BoomError):
            swept(bench, SHORT, on_event=fail)
        assert state_of(bench) == before


def test_that_an_unknown_layer_group_leaves_all_as_it_was(coloured_data):
    with used_bench(plan_of([replace(ALL, trainable="neck")]), coloured_data) as bench:
        before = state_of(bench)
        with pytest.raises(Exception, match="neck"):
            swept(bench, SHORT)
        assert state_of(bench) == before


def test_that_rates_grow_by_equal_factors_and_never_reach_the_end(coloured_data):
    finished, steps = steps_of(plan_of([ALL]), coloured_data, SHORT)
    expected = [1e-4 * (1e-1 / 1e-4) ** (i / 12) for i in range(12)]
    assert [step.rate for step in steps] == pytest.approx(expected, rel=1e-12)
    assert [step.step for step in steps] == list(range(12))
    assert finished.steps == 12
    assert steps[-1].rate < 1e-1


@pytest.mark.parametrize(
    ("start", "end", "steps"),
    [(1.0, 1.0, 10), (1.0, 0.1, 10), (0.0, 1.0, 10), (1e-3, 1e7, 10), (1e-7, 1.0, 5)],
)
def test_that_a_range_that_cannot_be_swept_is_refused(start, end, steps):
    with pytest.raises(OptionError, match="sweep: "):
        SweepChoice(start_rate=start, end_rate=end, steps=steps)


def test_that_the_smoothed_loss_is_a_mean_without_start_up_bias(coloured_data):
    _, steps = steps_of(plan_of([ALL]), coloured_data, SHORT)
    mean = 0.0
    for number, step in enumerate(steps, start=1):
        mean = 0.98 * mean + 0.02 * step.loss
        assert step.smoothed_loss == pytest.approx(mean / (1 - 0.98**number), rel=1e-12)


def test_that_a_sweep_stops_at_four_times_its_lowest_smoothed_loss(coloured_data):
    finished, steps = steps_of(plan_of([ALL]), coloured_data, WILD)
    smoothed = [step.smoothed_loss for step in steps]
    beyond = [value > 4 * min(smoothed[: i + 1]) for i, value in enumerate(smoothed)]
    assert finished.end is SweepEnd.DIVERGED
    assert 1 < len(steps) < WILD.steps
    assert beyond == [False] * (len(steps) - 1) + [True]


def test_that_a_whole_sweep_goes_on_beyond_that(coloured_data):
    _, stopped = steps_of(plan_of([ALL]), coloured_data, WILD)
    _, whole = steps_of(plan_of([ALL]), coloured_data, replace(WILD, stops_early=False))
    assert len(whole) > len(stopped)
    assert losses(whole)[: len(stopped)] == losses(stopped)


@pytest.mark.parametrize("stops_early", [True, False])
def test_that_a_loss_that_is_no_number_ends_every_sweep(stops_early, coloured_data):
    plan = augmented(plan_of([ALL]), nan_at_fifth)
    choice = replace(SHORT, stops_early=stops_early)
    finished, steps = steps_of(plan, coloured_data, choice)
    assert finished.end is SweepEnd.NOT_A_NUMBER
    assert [math.isnan(loss) for loss in losses(steps)] == [False] * 4 + [True]


@pytest.mark.parametrize("stage", STAGES)
def test_that_two_sweeps_of_one_seed_are_equal(stage, coloured_data):
    plan = plan_of([STAGES[stage]])
    first, second = (steps_of(plan, coloured_data, SHORT) for _ in range(2))
    assert repr(first) == repr(second)  # as NaN is not equal to itself


def test_that_two_sweeps_on_one_bench_are_equal(coloured_data):
    with bench_of(plan_of([HEAD]), coloured_data) as bench:
        assert repr(swept(bench, SHORT)) == repr(swept(bench, SHORT))


def test_that_another_seed_gives_another_sweep(coloured_data):
    plan = plan_of([ALL])
    other = replace(plan, recipe=replace(plan.recipe, seed=4))
    _, steps = steps_of(plan, coloured_data, SHORT)
    _, others = steps_of(other, coloured_data, SHORT)
    assert losses(steps) != losses(others)


def test_that_the_first_loss_is_that_of_the_weights_it_starts_from(coloured_data):
    """Stage 2 from the end of stage 1, with the pictures and the dropout that it begins with."""
    plan, store = plan_of([HEAD, ALL]), MemoryStore()
    run(plan, coloured_data, store)
    start = store.named("stage-1")
    with bench_of(plan, coloured_data, start) as bench:
        ready = bench.ready(1, pieces=1, divided=lambda *_: None)
        batch = next(bench.batches(ready, 0, HEAD.epochs))
        torch.manual_seed(step_seed(plan.recipe.seed, HEAD.epochs * bench.steps_per_epoch))
        logits = bench.network(batch.images)
        expected = nn.functional.cross_entropy(logits, batch.targets).item()
    _, steps = steps_of(plan, coloured_data, CALM, stage=1, start=start)
    _, fresh = steps_of(plan, coloured_data, CALM, stage=1)
    assert steps[0].loss == pytest.approx(expected, rel=1e-5)
    assert abs(fresh[0].loss - steps[0].loss) > 1e-3


def test_that_no_batch_of_the_stages_before_is_tried_again(coloured_data, monkeypatch):
    """They were learned from as they are, so that the curve would begin far too low."""
    epochs = []
    batches = Workbench.batches

    def remember(bench, ready, stage_epoch, epoch, **options):
        epochs.append(epoch)
        return batches(bench, ready, stage_epoch, epoch, **options)

    monkeypatch.setattr(Workbench, "batches", remember)
    steps_of(plan_of([HEAD, ALL]), coloured_data, SHORT, stage=1)
    assert epochs == list(range(HEAD.epochs, HEAD.epochs + len(epochs)))


def test_that_it_says_what_it_tries(coloured_data):
    with bench_of(plan_of([HEAD, replace(ALL, trainable="top")]), coloured_data) as bench:
        _, events = swept(bench, SHORT, stage=1)
    started = events[0]
    assert isinstance(started, SweepStarted)
    assert (started.stage, started.name, started.weights) == (1, "all", "test")
    assert (started.start_rate, started.end_rate, started.steps) == (1e-4, 1e-1, 12)
    assert started.batch_size == 12
    rates = [(group.name, group.rate) for group in started.groups]
    assert rates == [("stem", 0.0), ("top", 1e-1), ("head", 1e-1)]


def test_that_every_group_learns_at_the_rate_that_is_told(coloured_data):
    """A stage with rates of its own for each group is tried at one."""
    plan = plan_of([ALL])
    other = plan_of([replace(ALL, rate=(7e-3,))])
    _, steps = steps_of(plan, coloured_data, SHORT)
    _, others = steps_of(other, coloured_data, SHORT)
    assert steps == others


def test_that_features_of_a_frozen_body_give_the_sweep_of_its_pictures(coloured_data, monkeypatch):
    plan = plan_of([HEAD])
    _, by_features = steps_of(plan, coloured_data, SHORT)
    monkeypatch.setattr(Workbench, "_feed", lambda bench, stage, first: _pictures(bench))
    _, by_pictures = steps_of(plan, coloured_data, SHORT)
    assert losses(by_features) == pytest.approx(losses(by_pictures), rel=1e-5)


def _pictures(bench):
    bench._pictures.start_stage(lambda epoch: 16)
    return bench._pictures


def test_that_a_short_sweep_says_why_it_suggests_little(coloured_data):
    finished, _ = steps_of(plan_of([ALL]), coloured_data, replace(SHORT, steps=6))
    found = {suggestion.rule: suggestion for suggestion in finished.suggestions}
    assert list(found) == list(RateRule)
    for rule in (RateRule.VALLEY, RateRule.MINIMUM):
        assert 0 < found[rule].rate < 1
        assert not found[rule].reason
    for rule, points in ((RateRule.SLIDE, 16), (RateRule.STEEPEST, 2)):
        assert math.isnan(found[rule].rate)
        reason = f"The sweep leaves 1 point; this rule needs at least {points}."
        assert found[rule].reason == reason


def test_that_a_sweep_that_ends_at_once_suggests_nothing(coloured_data):
    plan = augmented(plan_of([ALL]), lambda _number, count: unchanged(count, math.nan))
    finished, steps = steps_of(plan, coloured_data, SHORT)
    assert len(steps) == 1
    assert all(math.isnan(item.rate) and item.reason for item in finished.suggestions)


def test_that_too_few_readable_pictures_for_a_batch_are_passed_over(coloured_data, tmp_path):
    """In batches of three of which some have a picture or none that can be read."""
    missing = [tmp_path / f"{number}.png" for number in range(22)]
    train = replace(coloured_data.train, paths=(*missing, *coloured_data.train.paths[22:]))
    plan = plan_of([ALL], batch_size=3)
    finished, steps = steps_of(plan, replace(coloured_data, train=train), SHORT)
    assert finished.end is SweepEnd.COMPLETED
    assert 0 < len(steps) < SHORT.steps
    assert all(math.isfinite(loss) for loss in losses(steps))
    assert all(first.rate < second.rate for first, second in pairwise(steps))


@pytest.mark.parametrize("stage", [HEAD, ALL])
def test_that_no_readable_picture_at_all_is_an_error(stage, coloured_data, tmp_path):
    train = coloured_data.train
    gone = replace(train, paths=tuple(tmp_path / f"{i}.png" for i in range(len(train))))
    with used_bench(plan_of([stage]), replace(coloured_data, train=gone)) as bench:
        before = state_of(bench)
        with pytest.raises(InputError, match="No batch has two pictures that can be read"):
            swept(bench, SHORT)
        assert state_of(bench) == before


# A process that sweeps is killed.

_RECIPE = """
[model]
architecture = "resnet18"
weights = "none"
[input]
size = 32
[training]
batch_size = 8
device = "cpu"
precision = "float32"
[[stages]]
name = "head"
epochs = 1
rate = 3e-3
[[stages]]
name = "all"
epochs = 1
trainable = "all"
rate = 1e-3
"""


def _files(project):
    """Return what a project holds but its cache and the note about who has it open."""
    return {
        str(path.relative_to(project)): path.read_bytes()
        for path in sorted(project.rglob("*"))
        if path.is_file() and path.relative_to(project).parts[0] != "cache" and path.name != "lock"
    }


def _train(project, recipe):
    train(PluginHost.load(), project, load_recipe(recipe))(lambda event: None, RunControl())
    with Project.open(project) as opened:
        return opened.runs()[-1].folder.model_path.read_bytes()


def _sweep_and_kill(project, recipe, after):
    command = [sys.executable, "-m", "petstudio", "lr-find", project, "--recipe", recipe, "--json"]
    with subprocess.Popen(
        [*map(str, command), "--steps", "100000", "--end", "1e-6"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # so that its decoding processes can be killed with it
    ) as process:
        for line in process.stdout:
            if json.loads(line).get("step") == after:
                break
        else:
            pytest.fail("it ended by itself")
        os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs signals of Unix")
def test_that_a_killed_sweep_leaves_the_project_as_it_was(coloured_data, tmp_path):
    project, recipe = tmp_path / "p.petstudio", tmp_path / "recipe.toml"
    recipe.write_text(_RECIPE, encoding="utf-8")
    pictures: Path = coloured_data.train.paths[0].parent
    source = DataSource(root=pictures, loader="regex", options={}, group="")
    create_project(PluginHost.load(), project, source, SplitChoice())(
        lambda event: None, RunControl()
    )
    first = _train(project, recipe)
    shutil.rmtree(project / "cache")
    before = _files(project)
    assert any(file.startswith("runs/") and "checkpoints" in file for file in before)
    _sweep_and_kill(project, recipe, after=12)  # in the third epoch: features have been kept
    assert _files(project) == before
    assert list((project / "cache").rglob("view-*"))
    assert _train(project, recipe) == first
