"""What the options of a stage do, against formulas by hand; its end, its best epoch, its branch."""

from __future__ import annotations

import math
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
import torch
from engine_fixtures import as_set
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
    run,
    same,
)

from petstudio.api import Metric, NoOptions, RunControl, SchedulePoint
from petstudio.api.errors import OptionError
from petstudio.api.events import (
    EpochFinished,
    RunStarted,
    StageFinished,
    StageStarted,
    StepFinished,
)
from petstudio.config.recipe import ClassWeights, Keep, StartChoice
from petstudio.engine.criterion import Criterion, class_weights
from petstudio.engine.input.batches import ready
from petstudio.engine.input.draws import step_seed
from petstudio.engine.mixing import mixed
from petstudio.engine.network import decayed_and_not
from petstudio.engine.training import Listener, Trainer

CPU = torch.device("cpu")


# The loss


def first_step(plan, data):
    """Return logits and targets of the first batch by hand, and the loss of the program's step."""
    with bench_of(plan, data) as bench:
        stage, seed = bench.ready(0, pieces=1, divided=lambda *_: None), step_seed(3, 0)
        batch = bench.changed(next(bench.batches(stage, 0, 0)), stage.stage, 0)
        torch.manual_seed(seed)
        with torch.no_grad():
            logits = deepcopy(bench.network)(batch.images)
        return logits.double(), batch.targets, stage.step(batch, seed).item()


def log_probabilities(logits):
    return logits - logits.exp().sum(dim=1, keepdim=True).log()


def test_that_smoothed_labels_give_every_class_its_share(coloured_data):
    logits, targets, loss = first_step(plan_of([replace(ALL, label_smoothing=0.3)]), coloured_data)
    logs = log_probabilities(logits)
    expected = 0.0
    for row, target in zip(logs, targets, strict=True):
        shares = [0.3 / 3 + (0.7 if c == target else 0.0) for c in range(3)]
        expected -= sum(share * log.item() for share, log in zip(shares, row, strict=True))
    assert loss == pytest.approx(expected / 12, rel=1e-6)


def uneven(data):
    """Return the data with labels 0, 1, 2 for 24, 9 and 3 of the pictures."""
    targets = np.random.default_rng(0).permutation(np.repeat([0, 1, 2], [24, 9, 3]))
    return replace(data, train=replace(data.train, targets=targets))


def test_that_balanced_classes_count_the_same_together(coloured_data):
    plan = plan_of([ALL], class_weights=ClassWeights.BALANCED)
    logits, targets, loss = first_step(plan, uneven(coloured_data))
    weights = {0: 36 / (3 * 24), 1: 36 / (3 * 9), 2: 36 / (3 * 3)}
    logs = log_probabilities(logits)
    losses = [-weights[int(t)] * row[t].item() for row, t in zip(logs, targets, strict=True)]
    assert len(set(targets.tolist())) > 1
    assert loss == pytest.approx(sum(losses) / 12, rel=1e-6)


def test_that_a_class_without_pictures_weighs_nothing():
    weights = class_weights(ClassWeights.BALANCED, np.array([0, 0, 0, 2]), 3, CPU)
    assert weights.tolist() == pytest.approx([4 / 9, 0.0, 4 / 3])


def test_that_smoothing_weights_and_mixing_go_together():
    torch.manual_seed(0)
    logits, shares = torch.randn(5, 3).double(), torch.rand(5, 3).double()
    targets = shares / shares.sum(dim=1, keepdim=True)
    weights = torch.tensor([0.5, 1.0, 4.0]).double()
    logs, expected = log_probabilities(logits), 0.0
    for row, target in zip(logs, targets, strict=True):
        smooth = 0.8 * target + 0.2 / 3
        expected -= (smooth * row).sum().item() * (target * weights).sum().item()
    loss = Criterion(smoothing=0.2, weights=weights)(logits, targets)
    assert loss.item() == pytest.approx(expected / 5, rel=1e-9)


# Mixup


def numbered(count=16):
    """Return a batch in which picture i has its only bright pixel at place i, and is of class i."""
    images = torch.eye(count).repeat(1, 3).reshape(count, 3, 4, 4)
    return ready(np.arange(count), torch.arange(count), images)


def coefficients(batch, alpha, **numbers):
    """Return how much of picture j is in picture i, and the same for targets."""
    found = mixed(batch, alpha, len(batch), **numbers)
    return found.images.flatten(1)[:, : len(batch)], found.targets


def test_that_mixup_makes_convex_pairs_of_pictures_and_targets():
    images, targets = coefficients(numbered(), 0.4, seed=3, step=5)
    assert torch.allclose(images, targets, atol=1e-7)
    assert torch.allclose(targets.sum(dim=1), torch.ones(16), atol=1e-6)
    assert bool((targets >= 0).all())
    assert bool(((targets > 0).sum(dim=1) <= 2).all())
    assert bool((targets.diagonal() >= 0.5).all())
    partners = [row.masked_fill(torch.arange(16) == i, 0) for i, row in enumerate(targets)]
    chosen = [int(row.argmax()) for row in partners if row.max() > 0]
    assert len(set(chosen)) == len(chosen)  # each picture is a partner once


def test_that_mixup_draws_from_the_beta_distribution_of_seed_and_step():
    _, targets = coefficients(numbered(), 0.4, seed=3, step=5)
    draws = np.random.default_rng((3, 5, 0x6D6978))
    drawn = draws.beta(0.4, 0.4, 16)
    partners = draws.permutation(16)
    expected = np.zeros((16, 16))
    for row, (share, partner) in enumerate(zip(drawn, partners, strict=True)):
        expected[row, row] += max(share, 1 - share)
        expected[row, partner] += min(share, 1 - share)
    assert np.allclose(targets.numpy(), expected, atol=1e-6)


def test_that_mixup_is_a_function_of_seed_and_step():
    first, again = (coefficients(numbered(), 0.4, seed=3, step=5)[1] for _ in range(2))
    assert torch.equal(first, again)
    for other in ({"seed": 4, "step": 5}, {"seed": 3, "step": 6}):
        assert not torch.allclose(first, coefficients(numbered(), 0.4, **other)[1])


def test_that_mixed_pictures_are_learned_from_with_their_targets(coloured_data):
    logits, targets, loss = first_step(plan_of([replace(ALL, mixup=0.4)]), coloured_data)
    assert targets.shape == (12, 3)
    assert bool(((targets > 0) & (targets < 1)).any())
    expected = -(targets * log_probabilities(logits)).sum().item() / 12
    assert loss == pytest.approx(expected, rel=1e-6)


# The step


@contextmanager
def stepped(stage, data, *, pieces=1, **training):
    """Take the first batch of a stage; yields the bench and the stage with its gradients."""
    with bench_of(plan_of([stage], **training), data) as bench:
        prepared = bench.ready(0, pieces=pieces, divided=lambda *_: None)
        batch = next(bench.batches(prepared, 0, 0))
        prepared.step(bench.changed(batch, prepared.stage, 0), step_seed(3, 0))
        yield bench, prepared


def gradients(bench):
    return torch.cat([p.grad.flatten() for p in bench.network.parameters() if p.grad is not None])


def test_that_gradients_are_clipped_to_a_common_norm(coloured_data):
    with stepped(replace(ALL, clip_gradient=0.05), coloured_data) as (bench, prepared):
        before = gradients(bench)
        prepared.optimiser.follow(SchedulePoint(1.0, 0.9))
        prepared.optimiser.step(bench.scaler)
        after = gradients(bench)
    norm = before.norm().item()
    assert norm > 0.1
    assert after.norm().item() == pytest.approx(0.05, rel=1e-4)
    assert torch.allclose(after, before * (0.05 / norm), rtol=1e-4, atol=0)


def test_that_gradients_below_the_limit_stay_as_they_are(coloured_data):
    with stepped(replace(ALL, clip_gradient=1e3), coloured_data) as (bench, prepared):
        before = gradients(bench)
        prepared.optimiser.step(bench.scaler)
        assert torch.equal(gradients(bench), before)


@pytest.mark.parametrize(("own", "used"), [(None, 0.2), (0.5, 0.5), (0.0, 0.0)])
def test_that_a_stage_decays_by_its_own_weight_decay(own, used, coloured_data):
    """Without a gradient a step is nothing but decay: w * (1 - rate * decay)."""
    stage = replace(ALL, rate=(0.1,), weight_decay=own)
    with stepped(stage, coloured_data, weight_decay=0.2) as (bench, prepared):
        for parameter in bench.network.parameters():
            parameter.grad = torch.zeros_like(parameter)
        pairs = [decayed_and_not(group) for group in bench.network.groups]
        decayed = [p for found, _ in pairs for p in found]
        spared = [p for _, found in pairs for p in found]
        before = [p.detach().clone() for p in (*decayed, *spared)]
        prepared.optimiser.follow(SchedulePoint(0.5, 0.9))
        prepared.optimiser.step(bench.scaler)
        after = [*decayed, *spared]
    factors = [1 - 0.1 * 0.5 * used] * len(decayed) + [1.0] * len(spared)
    assert decayed
    assert spared
    for old, new, factor in zip(before, after, factors, strict=True):
        assert torch.allclose(new, old * factor, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("pieces", [2, 3, 5, 6])
@pytest.mark.parametrize("options", [{}, {"mixup": 0.4, "label_smoothing": 0.1}])
def test_that_pieces_add_up_to_the_whole_where_batchnorm_rests(pieces, options, coloured_data):
    data = uneven(coloured_data)

    def whole_or(count):
        plan = plan_of([replace(ALL, **options)], class_weights=ClassWeights.BALANCED)
        with bench_of(plan, data) as bench:
            prepared = bench.ready(0, pieces=count, divided=lambda *_: None)
            batch = next(bench.batches(prepared, 0, 0))
            bench.network.eval()
            loss = prepared.step(bench.changed(batch, prepared.stage, 0), 1)
            return loss.item(), gradients(bench)

    (loss, whole), (sum_of_losses, in_pieces) = whole_or(1), whole_or(pieces)
    assert sum_of_losses == pytest.approx(loss, rel=1e-6)
    assert torch.allclose(in_pieces, whole, rtol=1e-5, atol=1e-6)


def test_that_pieces_leave_the_number_of_steps_as_it_is(coloured_data):
    _, whole, _ = run(plan_of([ALL]), coloured_data)
    _, in_pieces, _ = run(plan_of([ALL], accumulate=3), coloured_data)
    for kind in (RunStarted, StageStarted):
        assert of_kind(in_pieces, kind) == of_kind(whole, kind)
    steps = [[e.step for e in of_kind(events, StepFinished)] for events in (whole, in_pieces)]
    assert steps[0] == steps[1] == list(range(6))


# The end of a stage, with a metric that says what a test wants


class Script:
    """A metric with a value for each epoch of the run; sees predictions and weights of each."""

    def __init__(self, values, *, higher_is_better=True):
        self.values = values
        self.epoch = 0
        self.probabilities = []
        self.digests = []
        self.starts = []
        self.trainer = None
        self.metric = Metric(
            key="script",
            label="",
            summary="",
            options=NoOptions,
            compute=self._compute,
            higher_is_better=higher_is_better,
        )

    def _compute(self, _options, probabilities, _targets):
        if len(self.probabilities) == self.epoch:
            self.probabilities.append(probabilities)
        return self.values[self.epoch] if self.epoch < len(self.values) else math.nan

    def _hear(self, event):
        if isinstance(event, EpochFinished):
            self.epoch += 1
            self.digests.append(digest(self.trainer.network.state_dict()))
        if isinstance(event, StageStarted):
            self.starts.append(digest(self.trainer.network.state_dict()))

    def run(self, stages, data, store=None):
        plan = plan_of(stages, monitor="script")
        plan = replace(plan, metrics=((self.metric, NoOptions()),))
        events = []

        def emit(event):
            events.append(event)
            self._hear(event)

        self.trainer = Trainer(plan, data)
        listener = Listener(emit=emit, control=RunControl(), store=store)
        predictions = self.trainer.run(1, "", listener)
        return digest(self.trainer.network.state_dict()), events, predictions


def test_that_a_stage_ends_after_its_patience_without_a_better_epoch(coloured_data):
    script = Script([0.5, 0.6, 0.6, 0.4, 0.9])
    _, events, _ = script.run([replace(ALL, epochs=6, patience=2)], coloured_data)
    assert len(of_kind(events, EpochFinished)) == 4  # the same value again is no better one
    assert of_kind(events, StageFinished) == [StageFinished(stage=0, epochs=4, is_early=True)]


def test_that_lower_is_better_where_the_metric_says_so(coloured_data):
    script = Script([0.5, 0.4, 0.6, 0.6], higher_is_better=False)
    _, events, _ = script.run([replace(ALL, epochs=6, patience=2)], coloured_data)
    assert len(of_kind(events, EpochFinished)) == 4


def test_that_patience_at_the_planned_end_is_no_early_one(coloured_data):
    script = Script([0.5, 0.4, 0.3])
    _, events, _ = script.run([replace(ALL, epochs=3, patience=2)], coloured_data)
    assert of_kind(events, StageFinished) == [StageFinished(stage=0, epochs=3, is_early=False)]


def test_that_patience_begins_anew_with_each_stage(coloured_data):
    """The second stage is never better than the first, and has its own two epochs to show it."""
    script = Script([0.9, 0.5, 0.5, 0.5, 0.5, 0.5])
    stages = [replace(ALL, epochs=2, patience=2), replace(HEAD, epochs=4, patience=2)]
    _, events, _ = script.run(stages, coloured_data)
    assert [(e.epochs, e.is_early) for e in of_kind(events, StageFinished)] == [
        (2, False),
        (2, True),
    ]


def test_that_the_next_stage_counts_on_from_the_planned_end(coloured_data):
    script, store = Script([0.5, 0.4, 0.4, 0.4]), MemoryStore()
    stages = [replace(ALL, epochs=6, patience=1), replace(HEAD, epochs=1)]
    _, events, _ = script.run(stages, coloured_data, store)
    steps = [(event.stage, event.step) for event in of_kind(events, StepFinished)]
    assert steps == [(0, step) for step in range(6)] + [(1, step) for step in (18, 19, 20)]
    assert [(e.stage, e.epoch) for e in of_kind(events, EpochFinished)] == [(0, 0), (0, 1), (1, 0)]
    assert of_kind(events, RunStarted)[0].steps == 21
    (end,) = (point.position for point, _ in store.kept if point.name == "stage-1")
    assert (end.stage, end.epoch, end.epochs, end.steps) == (1, 0, 6, 18)


def test_that_the_stage_after_an_early_end_can_be_branched_off(coloured_data):
    store = MemoryStore()
    stages = [replace(ALL, epochs=6, patience=1), HEAD]
    script = Script([0.5, 0.4])
    whole, events, _ = script.run(stages, coloured_data, store)
    weights, rest, _ = run(started(plan_of(stages), 1), coloured_data, None, store.named("stage-1"))
    assert digest(weights) == whole
    steps, expected = of_kind(rest, StepFinished), of_kind(events, StepFinished)[6:]
    assert [(e.step, e.loss) for e in steps] == [(e.step, e.loss) for e in expected]


def test_that_the_best_epochs_weights_are_kept(coloured_data):
    script, store = Script([0.5, 0.9, 0.6, 0.7]), MemoryStore()
    stages = [replace(ALL, epochs=4, keep=Keep.BEST)]
    final, events, predictions = script.run(stages, coloured_data, store)
    assert len(set(script.digests)) == 4
    assert final == script.digests[1]
    assert np.array_equal(predictions.probabilities, script.probabilities[1])
    assert of_kind(events, StageFinished)[0].restored == 1
    assert digest(store.named("stage-1").weights) == final


def test_that_the_next_stage_starts_from_the_best_epoch(coloured_data):
    script = Script([0.5, 0.9, 0.6, 0.7])
    stages = [replace(ALL, epochs=4, keep=Keep.BEST), replace(HEAD, epochs=1)]
    script.run(stages, coloured_data)
    assert script.starts[1] == script.digests[1]


def test_that_a_stage_that_was_never_better_gives_way_to_the_one_before(coloured_data):
    script = Script([0.5, 0.9, 0.6, 0.7])
    stages = [ALL, replace(ALL, name="more", keep=Keep.BEST)]
    final, events, predictions = script.run(stages, coloured_data)
    assert final == script.digests[1]
    assert np.array_equal(predictions.probabilities, script.probabilities[1])
    assert [event.restored for event in of_kind(events, StageFinished)] == [-1, 1]


def test_that_a_last_epoch_that_is_the_best_is_not_taken_back(coloured_data):
    script = Script([0.5, 0.6, 0.7])
    final, events, _ = script.run([replace(ALL, epochs=3, keep=Keep.BEST)], coloured_data)
    assert final == script.digests[2]
    assert of_kind(events, StageFinished)[0].restored == -1


def test_that_early_stopping_and_the_best_epoch_go_together(coloured_data):
    script = Script([0.5, 0.9, 0.6, 0.7])
    stages = [replace(ALL, epochs=9, keep=Keep.BEST, patience=2)]
    final, events, _ = script.run(stages, coloured_data)
    expected = StageFinished(stage=0, epochs=4, is_early=True, restored=1)
    assert of_kind(events, StageFinished) == [expected]
    assert final == script.digests[1]


def test_that_the_last_weights_are_kept_unless_the_best_are_asked_for(coloured_data):
    script = Script([0.9, 0.5])
    final, _, _ = script.run([ALL], coloured_data)
    assert final == script.digests[1]


@pytest.mark.parametrize(
    ("monitor", "best"),
    [
        ("accuracy", lambda epochs: max(epochs, key=lambda e: e.metrics["accuracy"])),
        ("valid-loss", lambda epochs: min(epochs, key=lambda e: e.valid_loss)),
    ],
)
def test_that_the_best_epoch_is_best_in_what_is_monitored(monitor, best, coloured_data):
    stage = replace(ALL, epochs=8, keep=Keep.BEST, rate=(0.05,))
    _, events, predictions = run(plan_of([stage], monitor=monitor), coloured_data)
    epochs = of_kind(events, EpochFinished)
    expected = best(epochs)
    restored = of_kind(events, StageFinished)[0].restored
    assert restored == (-1 if expected is epochs[-1] else expected.epoch)
    assert predictions.loss == expected.valid_loss


def test_that_an_unknown_monitor_is_named_with_the_known_ones(coloured_data):
    with pytest.raises(OptionError, match=r"training\.monitor.*“f2”.*valid-loss, accuracy") as info:
        run(plan_of([ALL], monitor="f2"), coloured_data)
    assert info.value.option == "training.monitor"


@pytest.mark.parametrize("monitor", ["accuracy", "valid-loss"])
def test_that_nothing_is_stopped_without_validation_pictures(monitor, coloured_data):
    data = replace(coloured_data, valid=as_set([]))
    stages = [replace(ALL, epochs=4, patience=1, keep=Keep.BEST)]
    weights, events, _ = run(plan_of(stages, monitor=monitor), data)
    plain, _, _ = run(plan_of([replace(ALL, epochs=4)]), data)
    assert of_kind(events, StageFinished) == [StageFinished(stage=0, epochs=4)]
    assert same(weights, plain)


def test_that_an_epoch_that_was_not_measured_does_not_count_as_idle(coloured_data):
    script = Script([0.5, math.nan, math.nan, 0.4, math.nan, 0.3])
    _, events, _ = script.run([replace(ALL, epochs=8, patience=2)], coloured_data)
    assert len(of_kind(events, EpochFinished)) == 6


# Branches


def started(plan, stage):
    start = StartChoice(checkpoint="1:stage-1", stage=stage)
    return replace(plan, recipe=replace(plan.recipe, start=start))


@pytest.mark.parametrize(
    "stages",
    [[HEAD, ALL], [ALL, replace(HEAD, views=2)], [ALL, replace(ALL, mixup=0.4)]],
    ids=["head, all", "all, views", "all, mixed"],
)
def test_that_a_branch_gives_the_weights_of_the_unbroken_run(stages, coloured_data):
    plan, store = plan_of(stages), MemoryStore()
    whole, events, predictions = run(plan, coloured_data, store)
    start = store.named("stage-1")
    weights, rest, branched = run(started(plan, 1), coloured_data, None, start)
    assert same(weights, whole)
    assert np.array_equal(branched.probabilities, predictions.probabilities)
    told = [fact for fact in facts(events) if fact.stage == 1]
    # The smoothed loss begins anew: it belongs to a run and not to its weights.
    assert _without_smoothed(facts(rest)) == _without_smoothed(told)


def _without_smoothed(told):
    names = {StepFinished: "smoothed_loss", EpochFinished: "train_loss"}
    return [
        replace(fact, **{names[type(fact)]: 0.0}) if type(fact) in names else fact for fact in told
    ]


def test_that_a_branch_can_be_broken_off_and_resumed(coloured_data):
    plan, store = plan_of([HEAD, ALL]), MemoryStore()
    whole, _, _ = run(plan, coloured_data, store)
    branch, start, again = started(plan, 1), store.named("stage-1"), MemoryStore()
    with pytest.raises(Exception, match="Cancelled"):
        run(branch, coloured_data, again, start, stop_after=8)
    weights, _, _ = run(branch, coloured_data, again, again.newest())
    assert same(weights, whole)


def test_that_classes_that_are_still_there_keep_their_outputs(coloured_data):
    plan = plan_of([ALL])
    start = broken_off(plan, coloured_data, 4).newest()
    start = replace(start, training=None)
    data = replace(coloured_data, classes=("green", "purple", "blue", "white"))
    fresh = Trainer(plan, data).network.state_dict()
    taken = Trainer(plan, data, start=start).network.state_dict()
    last = "head.7.weight"
    before = dict(zip(coloured_data.classes, start.weights[last], strict=True))
    after = dict(zip(data.classes, taken[last], strict=True))
    assert torch.equal(after["green"], before["green"])
    assert torch.equal(after["blue"], before["blue"])
    for name, row in (("purple", 1), ("white", 3)):
        assert torch.equal(after[name], fresh[last][row])
    assert all(torch.equal(taken[name], start.weights[name]) for name in taken if name != last)


def test_that_classes_in_another_order_keep_their_outputs(coloured_data):
    plan = plan_of([ALL])
    start = replace(broken_off(plan, coloured_data, 4).newest(), training=None)
    data = replace(coloured_data, classes=("red", "green", "blue"))
    taken = Trainer(plan, data, start=start).network.state_dict()["head.7.weight"]
    assert torch.equal(taken, start.weights["head.7.weight"].flip(0))
