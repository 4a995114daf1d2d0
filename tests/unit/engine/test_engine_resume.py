"""A run that goes on from a checkpoint ends as if it had never been broken off, to the last bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from engine_runs import ALL, HEAD, MemoryStore, broken_off, facts, plan_of, run, same

from petstudio.api.control import RunControl
from petstudio.api.errors import RunCancelledError
from petstudio.api.events import CheckpointKind, EpochFinished, RatesEdited, StepFinished
from petstudio.config.rate_edit import RateEdit
from petstudio.config.recipe import BatchNorm, Keep
from petstudio.engine.training import Listener, Trainer

ROADS = {
    "head then all": [HEAD, ALL],
    "two views of each picture": [replace(HEAD, epochs=4, views=2)],
    "BatchNorm adapts": [replace(HEAD, batchnorm=BatchNorm.ADAPT)],
    "partly frozen, mixed, clipped, smoothed": [
        replace(ALL, trainable="top", mixup=0.4, clip_gradient=0.5, label_smoothing=0.1)
    ],
    "the best epoch is kept": [replace(ALL, epochs=3, keep=Keep.BEST), replace(HEAD, epochs=1)],
    "early stopping": [replace(ALL, epochs=4, patience=1), replace(HEAD, epochs=1)],
}


@pytest.mark.parametrize("road", ROADS)
def test_that_a_run_goes_on_to_the_same_bits_from_every_step(road, coloured_data):
    plan = plan_of(ROADS[road])
    expected, events, predictions = run(plan, coloured_data)
    steps = [event.step for event in events if isinstance(event, StepFinished)]
    assert len(steps) >= 6
    for step in steps[:-1]:
        store = broken_off(plan, coloured_data, step + 1)
        weights, rest, again = run(plan, coloured_data, store, store.newest())
        assert same(weights, expected), f"broken off after step {step}"
        assert facts(rest) == facts(events)[-len(facts(rest)) :]
        assert np.array_equal(again.probabilities, predictions.probabilities)


def test_that_a_run_can_be_told_to_end_with_its_epoch_and_goes_on_from_there(coloured_data):
    plan, control, events, store = plan_of(ROADS["head then all"]), RunControl(), [], MemoryStore()
    expected, _, _ = run(plan, coloured_data)

    def emit(event):
        events.append(event)
        if isinstance(event, StepFinished) and event.step == 4:
            control.end_with_epoch()

    with pytest.raises(RunCancelledError):
        Trainer(plan, coloured_data).run(1, "", Listener(emit=emit, control=control, store=store))
    assert [event.step for event in events if isinstance(event, StepFinished)] == list(range(6))
    assert any(isinstance(event, EpochFinished) and event.step == 6 for event in events)
    weights, _, _ = run(plan, coloured_data, store, store.newest())
    assert same(weights, expected)


def test_that_edited_rates_hold_from_the_next_epoch_on_and_after_a_break(coloured_data):
    plan = plan_of([replace(ALL, epochs=3)])
    edit = RateEdit(stage=0, points=((1, 0.5), (2, 0.1)))

    def train(stop_after=None, store=None, start=None, note=edit):
        control, events = RunControl(), []

        def emit(event):
            events.append(event)
            if isinstance(event, StepFinished) and event.step == 1 and note:
                control.leave_note(note)
            if isinstance(event, StepFinished) and event.step + 1 == stop_after:
                control.cancel()

        trainer = Trainer(plan, coloured_data, start=start)
        listener = Listener(emit=emit, control=control, store=store)
        if stop_after is None:
            trainer.run(1, "", listener)
        else:
            with pytest.raises(RunCancelledError):
                trainer.run(1, "", listener)
        return trainer.network.state_dict(), events

    plain = [e.rate for e in train(note=None)[1] if isinstance(e, StepFinished)]
    weights, events = train()
    rates = [event.rate for event in events if isinstance(event, StepFinished)]
    factors = [edit.factor(step / 3) for step in range(9)]
    assert rates == pytest.approx([rate * f for rate, f in zip(plain, factors, strict=True)])
    (told,) = [event for event in events if isinstance(event, RatesEdited)]
    assert (told.step, told.epochs, told.factors) == (3, (1, 2), (0.5, 0.1))
    store = MemoryStore()
    train(stop_after=5, store=store)
    again, _ = train(store=store, start=store.newest(), note=None)
    assert same(again, weights)


def test_that_a_run_that_is_paused_is_saved_where_it_stands(coloured_data):
    plan, control = plan_of(ROADS["head then all"]), RunControl()

    class Resuming(MemoryStore):
        def save(self, point, checkpoint):
            super().save(point, checkpoint)
            control.resume()

    def emit(event):
        if isinstance(event, StepFinished) and event.step == 3:
            control.pause()

    store = Resuming()
    Trainer(plan, coloured_data).run(1, "", Listener(emit=emit, control=control, store=store))
    steps = [point.position.steps for point, _ in store.kept if point.kind is CheckpointKind.STEP]
    assert 4 in steps
