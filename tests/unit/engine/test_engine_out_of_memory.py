"""Too little memory in the middle of a run: smaller pieces, and the run goes on where it was."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, replace

import numpy as np
import pytest
import torch
from engine_fixtures import TINY, build_tiny
from engine_runs import (
    ALL,
    HEAD,
    MemoryStore,
    bench_of,
    broken_off,
    digest,
    facts,
    of_kind,
    plan_of,
    same,
    weights_of,
)
from torch import nn

from petstudio.api.control import RunControl
from petstudio.api.errors import MachineError, RunCancelledError
from petstudio.api.events import (
    BatchDivided,
    EpochFinished,
    MemoryEstimated,
    RunStarted,
    StageStarted,
    StepFinished,
)
from petstudio.config.whole_batches import WholeBatches
from petstudio.engine import memory_estimate, workbench
from petstudio.engine.memory_estimate import estimate_memory, pieces_that_fit
from petstudio.engine.stepping import Step
from petstudio.engine.training import Listener, Trainer

ERRORS = {
    "CUDA": (torch.OutOfMemoryError, "CUDA out of memory. Tried to allocate 2.00 GiB."),
    "Python": (MemoryError, ""),
    "CPU": (RuntimeError, "[enforce fail] DefaultCPUAllocator: can't allocate memory: 8 bytes."),
    "no memory": (RuntimeError, "shapes do not fit"),
}
OF_MEMORY = ("CUDA", "Python", "CPU")
SIX = replace(ALL, epochs=3)


@dataclass(kw_only=True)
class Fault:
    """Raises an error in the forward or the backward pass through a layer, a number of times.

    Attributes:
        error: which of ERRORS.
        times: how often; 0 while nothing is wrong.
        after: how many passes go well before it.
    """

    error: str = "CUDA"
    backward: bool = False
    times: int = 0
    after: int = 0

    def check(self, *, backward):
        if not self.times or backward is not self.backward:
            return
        if self.after:
            self.after -= 1
            return
        self.times -= 1
        kind, text = ERRORS[self.error]
        raise kind(text)

    def plan(self, plan):
        """Return the plan with a network that has the fault."""

        class Passing(torch.autograd.Function):
            @staticmethod
            def forward(_context, images):
                return images.clone()

            @staticmethod
            def backward(_context, gradient, check=self.check):
                check(backward=True)
                return gradient

        class Layer(nn.ReLU):
            def forward(self, images, check=self.check):
                if torch.is_grad_enabled():  # in training
                    check(backward=False)
                return Passing.apply(super().forward(images))

        def build(options):
            body = build_tiny(options)
            body.module.relu1 = Layer()
            return body

        return replace(plan, architecture=replace(TINY, build=build))


def trained(plan, data, *, fault=None, at=0, times=1, store=None, start=None, stop_after=None):
    """Train; `fault` begins with step `at`. Returns weights, events and the trainer."""
    control, events = RunControl(), []
    trainer = Trainer(plan if fault is None else fault.plan(plan), data, start=start)

    def emit(event):
        events.append(event)
        begins = isinstance(event, StageStarted) and at == 0
        if fault is not None and (
            begins or (isinstance(event, StepFinished) and event.step + 1 == at)
        ):
            fault.times = times
        if isinstance(event, StepFinished) and event.step + 1 == stop_after:
            control.cancel()

    trainer.run(1, "", Listener(emit=emit, control=control, store=store))
    return weights_of(trainer), events, trainer


def with_pieces(plan, data, step, pieces):
    """Return the outcome of a run that has so many pieces from a step on, without a failure."""
    start = broken_off(plan, data, step).newest()
    start = replace(start, training=replace(start.training, pieces=pieces))
    return trained(plan, data, start=start)


def steps_of(events):
    return [event.step for event in of_kind(events, StepFinished)]


@pytest.mark.parametrize("error", OF_MEMORY)
@pytest.mark.parametrize("backward", [False, True], ids=["forward", "backward"])
@pytest.mark.parametrize("at", [0, 4])
def test_that_a_run_goes_on_from_the_same_step_in_pieces(error, backward, at, coloured_data):
    fault = Fault(error=error, backward=backward)
    weights, events, _ = trained(plan_of([SIX]), coloured_data, fault=fault, at=at)
    assert of_kind(events, BatchDivided) == [BatchDivided(step=at, images=12, pieces=2)]
    assert steps_of(events) == list(range(9))
    place = events.index(BatchDivided(step=at, images=12, pieces=2))
    assert steps_of(events[:place]) == list(range(at))
    if at:
        expected, _, _ = with_pieces(plan_of([SIX]), coloured_data, at, 2)
        assert same(weights, expected)  # BatchNorm's buffers as well


def test_that_a_failure_in_a_later_piece_counts_no_picture_twice(coloured_data):
    plan = plan_of([SIX], accumulate=3)
    fault = Fault(error="CPU", after=2)
    weights, events, _ = trained(plan, coloured_data, fault=fault, at=4)
    assert of_kind(events, BatchDivided) == [BatchDivided(step=4, images=12, pieces=6)]
    expected, _, _ = with_pieces(plan, coloured_data, 4, 6)
    assert same(weights, expected)


def test_that_a_failure_before_the_step_began_takes_nothing_back(coloured_data, monkeypatch):
    """As where a GPU has no room to record a step for pictures of another size."""
    plan, graph = plan_of([SIX]), Step._graph
    fault = Fault()

    def recorded(step, batch):
        fault.check(backward=False)
        return graph(step, batch)

    with monkeypatch.context() as patch:
        patch.setattr(Step, "_graph", recorded)
        patch.setattr(fault, "plan", lambda plan: plan)
        weights, events, _ = trained(plan, coloured_data, fault=fault, at=4)
    assert of_kind(events, BatchDivided) == [BatchDivided(step=4, images=12, pieces=2)]
    expected, _, _ = with_pieces(plan, coloured_data, 4, 2)
    assert same(weights, expected)


def test_that_with_resting_batchnorm_the_result_is_that_of_the_unbroken_run(
    coloured_data, monkeypatch
):
    monkeypatch.setattr(workbench, "set_training_mode", lambda network, *_: network.eval())
    plan = plan_of([SIX])
    expected, whole, _ = trained(plan, coloured_data)
    fault = Fault(backward=True)
    weights, events, _ = trained(plan, coloured_data, fault=fault, at=3)
    assert of_kind(events, BatchDivided)
    for name, tensor in weights.items():
        assert torch.allclose(tensor, expected[name], rtol=1e-5, atol=1e-5), name
    losses = [[e.loss for e in of_kind(told, StepFinished)] for told in (events, whole)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)


def test_that_with_batchnorm_the_colours_are_learned_all_the_same(coloured_data):
    plan = plan_of([replace(ALL, epochs=8)])
    _, whole, _ = trained(plan, coloured_data)
    _, events, _ = trained(plan, coloured_data, fault=Fault(), at=3)
    accuracies = [of_kind(told, EpochFinished)[-1].metrics for told in (whole, events)]
    assert accuracies[0] == accuracies[1] == {"accuracy": 1.0}


def test_that_features_of_a_frozen_body_are_learned_in_pieces(coloured_data, monkeypatch):
    fault, classify = Fault(error="CPU"), nn.Linear.forward

    def forward(layer, features):
        if torch.is_grad_enabled():
            fault.check(backward=False)
        return classify(layer, features)

    monkeypatch.setattr(nn.Linear, "forward", forward)
    monkeypatch.setattr(fault, "plan", lambda plan: plan)
    _, events, _ = trained(plan_of([HEAD]), coloured_data, fault=fault, at=2)
    assert of_kind(events, BatchDivided) == [BatchDivided(step=2, images=12, pieces=2)]
    assert steps_of(events) == list(range(6))


def test_that_whole_batches_are_tried_again_from_the_next_epoch_on_when_that_is_wished(
    coloured_data,
):
    events = asking_for_whole_batches(coloured_data, times=1)
    divided = [(e.step, e.pieces, e.is_undone) for e in of_kind(events, BatchDivided)]
    assert divided == [(1, 2, False), (3, 1, True)]
    assert steps_of(events) == list(range(9))


def test_that_whole_batches_for_which_memory_is_still_short_are_divided_again(coloured_data):
    events = asking_for_whole_batches(coloured_data, times=1, again=True)
    divided = [(e.step, e.pieces, e.is_undone) for e in of_kind(events, BatchDivided)]
    assert divided == [(1, 2, False), (3, 1, True), (3, 2, False)]


def asking_for_whole_batches(data, *, times, again=False):
    """Return the events of a run in which the user takes the first division back."""
    control, events, fault = RunControl(), [], Fault()
    trainer = Trainer(fault.plan(plan_of([SIX])), data)

    def emit(event):
        events.append(event)
        if isinstance(event, StepFinished) and event.step == 0:
            fault.times = times
        elif isinstance(event, BatchDivided) and not event.is_undone and event.step == 1:
            control.leave_note(WholeBatches())
        elif isinstance(event, BatchDivided) and event.is_undone and again:
            fault.times = times

    trainer.run(1, "", Listener(emit=emit, control=control, store=MemoryStore()))
    return events


def test_that_pieces_get_smaller_until_they_fit(coloured_data):
    fault = Fault()
    _, events, _ = trained(plan_of([SIX]), coloured_data, fault=fault, at=2, times=2)
    divided = [(e.step, e.pieces) for e in of_kind(events, BatchDivided)]
    assert divided == [(2, 2), (2, 4)]
    assert steps_of(events) == list(range(9))


def test_that_less_memory_than_for_two_pictures_ends_the_run_with_a_sentence(coloured_data):
    store, fault = MemoryStore(), Fault(error="CPU")
    plan, events = plan_of([SIX], batch_size=16), []
    trainer = Trainer(fault.plan(plan), coloured_data)

    def emit(event):
        events.append(event)
        if isinstance(event, StepFinished) and event.step == 1:
            fault.times = 99

    with pytest.raises(MachineError) as caught:
        trainer.run(1, "", Listener(emit=emit, control=RunControl(), store=store))
    assert [e.pieces for e in of_kind(events, BatchDivided)] == [2, 4, 8]
    assert "not enough memory to train on even two pictures at a time" in str(caught.value)
    assert "smaller image size" in str(caught.value)
    assert "Allocator" not in str(caught.value)
    assert store.newest() is None or store.newest().training.position.steps <= 2


def test_that_another_error_is_not_taken_for_a_full_memory(coloured_data):
    fault = Fault(error="no memory")
    with pytest.raises(RuntimeError, match="shapes do not fit"):
        trained(plan_of([SIX]), coloured_data, fault=fault, at=1)


def test_that_a_full_memory_while_validating_is_a_sentence(coloured_data, monkeypatch):
    def full(*_):
        raise MemoryError

    monkeypatch.setattr("petstudio.engine.epochs.validate", full)
    with pytest.raises(MachineError, match="The memory is full"):
        trained(plan_of([SIX]), coloured_data)


@pytest.mark.parametrize("stop_after", [5, 6, 8])
def test_that_a_resumed_run_has_as_many_pieces(stop_after, coloured_data):
    plan, store = plan_of([SIX]), MemoryStore()
    fault = Fault()
    expected, events, _ = trained(plan, coloured_data, fault=fault, at=4)
    fault = Fault()
    with pytest.raises(RunCancelledError):
        trained(plan, coloured_data, fault=fault, at=4, store=store, stop_after=stop_after)
    newest = store.newest()
    assert newest.training.pieces == 2
    weights, rest, trainer = trained(plan, coloured_data, start=newest)
    assert trainer.pieces == 2
    assert of_kind(rest, BatchDivided) == []
    assert same(weights, expected)
    assert facts(rest) == facts(events)[-len(facts(rest)) :]


def test_that_the_next_stage_has_as_many_pieces(coloured_data):
    fault = Fault()
    plan = plan_of([ALL, replace(ALL, name="more")])
    _, events, trainer = trained(plan, coloured_data, fault=fault, at=2)
    assert [e.pieces for e in of_kind(events, BatchDivided)] == [2]
    assert trainer.pieces == 2


# Batches that are smaller than their pieces


@pytest.mark.parametrize("pieces", [7, 12])
@pytest.mark.parametrize("stage", [ALL, HEAD], ids=["pictures", "features"])
def test_that_no_piece_has_a_single_picture(pieces, stage, coloured_data):
    """BatchNorm has no statistics of one picture."""
    expected, _, _ = trained(plan_of([stage], accumulate=6), coloured_data)
    weights, events, _ = trained(plan_of([stage], accumulate=pieces), coloured_data)
    assert steps_of(events) == list(range(6))
    assert same(weights, expected)


def test_that_a_batch_of_which_little_can_be_read_has_fewer_pieces(coloured_data, tmp_path):
    train = coloured_data.train
    paths = [p if i % 3 else tmp_path / f"{i}.png" for i, p in enumerate(train.paths)]
    data = replace(coloured_data, train=replace(train, paths=tuple(paths)))
    plan = plan_of([ALL], batch_size=6, accumulate=3)
    _, events, _ = trained(plan, data)
    assert steps_of(events) == list(range(12))
    assert all(np.isfinite(event.loss) for event in of_kind(events, StepFinished))


# The estimate


def test_that_an_estimate_leaves_network_and_random_state_as_they_were(coloured_data):
    with bench_of(plan_of([ALL]), coloured_data) as bench:
        torch.manual_seed(77)
        before = (digest(bench.network.state_dict()), torch.get_rng_state().tolist())
        estimate = estimate_memory(bench, first_stage=0)
        assert (digest(bench.network.state_dict()), torch.get_rng_state().tolist()) == before
        assert all(p.grad is None for p in bench.network.parameters())
    assert estimate.per_picture > 0
    assert estimate.fixed > 0
    assert estimate.safe_batch_size >= 2


def test_that_only_a_stage_through_the_body_is_estimated(coloured_data):
    with bench_of(plan_of([HEAD, ALL]), coloured_data) as bench:
        both = estimate_memory(bench, first_stage=0)
    with bench_of(plan_of([HEAD]), coloured_data) as bench:
        assert estimate_memory(bench, first_stage=0) is None
    with bench_of(plan_of([ALL, HEAD]), coloured_data) as bench:
        assert estimate_memory(bench, first_stage=1) is None
        assert estimate_memory(bench, first_stage=0).per_picture == both.per_picture


@pytest.mark.parametrize("error", OF_MEMORY)
def test_that_too_little_memory_for_an_estimate_is_left_to_the_first_step(error, coloured_data):
    fault = Fault(error=error, times=1)
    _, events, _ = trained(fault.plan(plan_of([ALL])), coloured_data)
    assert of_kind(events, MemoryEstimated) == []
    assert of_kind(events, BatchDivided) == []
    assert steps_of(events) == list(range(6))


@pytest.mark.parametrize(
    ("batch", "pieces", "safe", "expected"),
    [
        (12, 1, 12, 1),
        (12, 1, 11, 2),
        (12, 1, 6, 2),
        (12, 1, 5, 4),
        (12, 1, 2, 4),  # pieces of three: eight would have single pictures
        (64, 1, 2, 32),
        (64, 4, 64, 4),
        (13, 1, 6, 4),  # two pieces would be seven and six
        (3, 1, 2, 1),
        (2, 1, 2, 1),
    ],
)
def test_that_pieces_are_as_few_as_fit(batch, pieces, safe, expected):
    assert pieces_that_fit(batch, pieces, safe) == expected


def test_that_little_free_memory_makes_pieces_before_the_first_step(coloured_data, monkeypatch):
    monkeypatch.setattr(memory_estimate, "free_memory", lambda: 0)
    weights, events, _ = trained(plan_of([ALL]), coloured_data)
    kinds = [type(event) for event in events[:4]]
    assert kinds == [RunStarted, MemoryEstimated, BatchDivided, StageStarted]
    assert events[1].safe_batch_size == 2
    assert events[2] == BatchDivided(step=0, images=12, pieces=4)
    expected, _, _ = trained(plan_of([ALL], accumulate=4), coloured_data)
    assert same(weights, expected)


def test_that_pieces_are_not_asked_for_where_the_recipe_has_enough(coloured_data, monkeypatch):
    monkeypatch.setattr(memory_estimate, "free_memory", lambda: 0)
    _, events, _ = trained(plan_of([ALL], accumulate=4), coloured_data)
    assert of_kind(events, BatchDivided) == []


_MEASURE = """
import json, sys
import numpy as np
import torch
from dataclasses import replace
sys.path.insert(0, sys.argv[1])
from engine_fixtures import make_plan
from engine_runs import ALL, plan_of
from petstudio.api import NoOptions
from petstudio.config.recipe import InputChoice
from petstudio.engine.input.batches import ImageSet, ready
from petstudio.engine.memory_estimate import estimate_memory
from petstudio.engine.plan import TrainingData
from petstudio.engine.workbench import Workbench
from petstudio.plugins.resnets import petstudio_architectures

(resnet,) = (a for a in petstudio_architectures() if a.key == "resnet18")
plan = plan_of([ALL], batch_size=64)
recipe = replace(plan.recipe, input=InputChoice(size=(128,)))
plan = replace(plan, recipe=recipe, architecture=resnet, architecture_options=NoOptions())
images = ImageSet(paths=("x",) * 64, keys=np.arange(64), targets=np.arange(64) % 3)
bench = Workbench(plan, TrainingData(classes=("a", "b", "c"), train=images, valid=images))
bench._feed = lambda stage, first: type("Feed", (), {"learn": bench.network})()
bench.network.train()
stage = bench.ready(0, pieces=1, divided=lambda *_: None)

def peak(batch):
    pictures = torch.zeros(batch, 3, 128, 128).to(memory_format=torch.channels_last)
    stage.step(ready(np.arange(batch), torch.arange(batch) % 3, pictures), 1)
    # Not ru_maxrss, which a process inherits from the one that started it.
    (line,) = (line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    return 1024 * int(line.split()[1])

small, large = peak(8), peak(64)
estimate = estimate_memory(bench, first_stage=0)
print(json.dumps([estimate.per_picture, (large - small) / 56]))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="needs the peak memory as Linux tells it")
def test_that_the_estimate_for_a_picture_is_near_what_is_measured(request, record_property):
    command = [sys.executable, "-c", _MEASURE, str(request.path.parent)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    estimated, measured = json.loads(output)
    record_property("estimated", estimated)
    record_property("measured", measured)
    print(f"{estimated / 1e6:.2f} MB estimated, {measured / 1e6:.2f} MB measured")  # noqa: T201  a figure
    assert measured / 2 < estimated < 2 * measured
