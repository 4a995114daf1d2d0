"""The training loop, on a network that learns three colours."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from engine_fixtures import TINY, build_tiny, make_plan

from petstudio.api import NoOptions, RunControl
from petstudio.api.errors import DivergedError, InputError, RunCancelledError
from petstudio.api.events import (
    EpochFinished,
    ImageSkipped,
    MemoryEstimated,
    NoticeGiven,
    RunStarted,
    StageFinished,
    StageStarted,
    StepFinished,
)
from petstudio.config.recipe import BatchNorm
from petstudio.engine.input.batches import ImageSet
from petstudio.engine.network import Network, decayed_and_not, first_trainable, freeze
from petstudio.engine.training import Listener, Trainer


def run(plan, data, control=None, on_event=None):
    events = []

    def emit(event):
        events.append(event)
        if on_event is not None:
            on_event(event)

    trainer = Trainer(plan, data)
    predictions = trainer.run(1, "folder", Listener(emit=emit, control=control or RunControl()))
    return trainer, predictions, events


def weights_of(trainer):
    return {name: tensor.clone() for name, tensor in trainer.network.state_dict().items()}


def test_that_three_colours_are_learned(coloured_data):
    _, predictions, _ = run(make_plan(epochs=6), coloured_data)
    assert predictions.correct == len(coloured_data.valid)


def test_that_events_tell_the_run_in_order(coloured_data):
    _, _, events = run(make_plan(epochs=2), coloured_data)
    kinds = [type(event) for event in events]
    epoch = [StepFinished] * 3 + [EpochFinished]
    assert kinds == [RunStarted, MemoryEstimated, StageStarted, *epoch, *epoch, StageFinished]
    assert [event.step for event in events if isinstance(event, StepFinished)] == list(range(6))
    assert events[0].steps == 6


def test_that_two_runs_of_one_seed_are_equal_bit_for_bit(coloured_data):
    first, _, _ = run(make_plan(), coloured_data)
    second, _, _ = run(make_plan(), coloured_data)
    other = weights_of(second)
    assert all(torch.equal(tensor, other[name]) for name, tensor in weights_of(first).items())


def test_that_another_seed_gives_another_network(coloured_data):
    plan = make_plan()
    first, _, _ = run(plan, coloured_data)
    second, _, _ = run(replace(plan, recipe=replace(plan.recipe, seed=4)), coloured_data)
    other = weights_of(second)
    assert not torch.equal(weights_of(first)["head.7.weight"], other["head.7.weight"])


def test_that_a_paused_run_takes_the_same_road_when_it_goes_on(coloured_data):
    control = RunControl()

    def pause_and_resume(event):
        if isinstance(event, StepFinished):
            control.pause()
            control.resume()

    whole, _, _ = run(make_plan(), coloured_data)
    paused, _, _ = run(make_plan(), coloured_data, control, pause_and_resume)
    other = weights_of(paused)
    assert all(torch.equal(tensor, other[name]) for name, tensor in weights_of(whole).items())


def test_that_cancelling_ends_the_run_at_the_next_step(coloured_data):
    control = RunControl()
    steps = []

    def cancel_at_second(event):
        if isinstance(event, StepFinished):
            steps.append(event.step)
            if event.step == 1:
                control.cancel()

    with pytest.raises(RunCancelledError):
        run(make_plan(), coloured_data, control, cancel_at_second)
    assert steps == [0, 1]


@pytest.mark.parametrize(
    ("batchnorm", "weights_change", "statistics_change"),
    [
        (BatchNorm.FROZEN, False, False),
        (BatchNorm.ADAPT, False, True),
        (BatchNorm.TRAIN, True, True),
    ],
)
def test_that_frozen_batchnorm_does_what_the_recipe_says(
    coloured_data, batchnorm, weights_change, statistics_change
):
    plan = make_plan(trainable="head", batchnorm=batchnorm)
    before = weights_of(Trainer(plan, coloured_data))
    after = weights_of(run(plan, coloured_data)[0])
    changed = {name: not torch.equal(before[name], after[name]) for name in before}
    assert changed["body.bn1.weight"] == weights_change
    assert changed["body.bn1.running_mean"] == statistics_change
    assert not changed["body.conv1.weight"]
    assert changed["head.7.weight"]


def test_that_a_stage_can_train_from_a_named_group_on(coloured_data):
    plan = make_plan(trainable="top")
    before = weights_of(Trainer(plan, coloured_data))
    after = weights_of(run(plan, coloured_data)[0])
    assert torch.equal(before["body.conv1.weight"], after["body.conv1.weight"])
    assert not torch.equal(before["body.conv2.weight"], after["body.conv2.weight"])


def test_that_an_unknown_group_is_named_with_the_known_ones(coloured_data):
    with pytest.raises(InputError, match=r"no layer group “neck”.*head, all.*stem, top"):
        run(make_plan(trainable="neck"), coloured_data)


def test_that_stage_events_tell_what_trains(coloured_data):
    _, _, events = run(make_plan(epochs=1, trainable="head"), coloured_data)
    stage = next(event for event in events if isinstance(event, StageStarted))
    assert [(group.name, group.trainable > 0) for group in stage.groups] == [
        ("stem", False),
        ("top", False),
        ("head", True),
    ]
    assert [group.rate for group in stage.groups] == [0.0, 0.0, 1e-2]


def test_that_a_batch_larger_than_the_data_is_lowered_with_a_notice(coloured_data):
    plan = make_plan(epochs=1)
    training = replace(plan.recipe.training, batch_size=64)
    plan = replace(plan, recipe=replace(plan.recipe, training=training))
    _, _, events = run(plan, coloured_data)
    assert any("36 instead of 64" in e.message for e in events if isinstance(e, NoticeGiven))
    assert sum(isinstance(event, StepFinished) for event in events) == 1


def test_that_one_picture_is_not_enough(coloured_data):
    train = coloured_data.train
    one = ImageSet(paths=train.paths[:1], keys=train.keys[:1], targets=train.targets[:1])
    with pytest.raises(InputError, match="at least 2 pictures"):
        Trainer(make_plan(), replace(coloured_data, train=one))


def test_that_training_goes_on_without_validation_pictures(coloured_data):
    valid = coloured_data.valid
    none = ImageSet(paths=(), keys=valid.keys[:0], targets=valid.targets[:0])
    _, predictions, events = run(make_plan(epochs=1), replace(coloured_data, valid=none))
    epoch = next(event for event in events if isinstance(event, EpochFinished))
    assert len(predictions) == 0
    assert epoch.metrics == {}


def test_that_an_unreadable_picture_is_told_once_and_left_out(coloured_data, tmp_path):
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"")
    train = coloured_data.train
    spoiled = replace(train, paths=(bad, *train.paths[1:]))
    _, _, events = run(make_plan(epochs=3), replace(coloured_data, train=spoiled))
    skipped = [event for event in events if isinstance(event, ImageSkipped)]
    assert [event.path for event in skipped] == [str(bad)]


def test_that_a_loss_that_is_no_number_stops_the_run(coloured_data):
    plan = make_plan(epochs=4, rate=(100.0,))
    plan = replace(plan, std=(1e-30, 1e-30, 1e-30))
    with pytest.raises(DivergedError, match="Lower the learning rate"):
        run(plan, coloured_data)


def test_that_norm_layers_and_biases_are_spared_from_decay():
    network = Network(build_tiny(NoOptions()), 3)
    freeze(network, 0, BatchNorm.FROZEN)
    decayed, spared = decayed_and_not(network.groups[1])
    assert [p.dim() for p in decayed] == [4]
    assert [p.dim() for p in spared] == [1, 1, 1]


def test_that_head_and_all_name_the_last_and_the_first_group():
    network = Network(TINY.build(NoOptions()), 3)
    assert first_trainable(network.groups, "head") == 2
    assert first_trainable(network.groups, "all") == 0
