"""A run that goes on from a checkpoint ends as if it had never been broken off, to the last bit."""

from __future__ import annotations

import io
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from engine_fixtures import make_plan

from petstudio.api import NoOptions, SchedulePoint, Scheduler
from petstudio.api.control import RunControl
from petstudio.api.errors import RunCancelledError
from petstudio.api.events import CheckpointKind, EpochFinished, StageFinished, StepFinished
from petstudio.config.recipe import BatchNorm, Keep, Stage
from petstudio.engine.checkpoint import from_content
from petstudio.engine.checkpoint_file import read_checkpoint, write_checkpoint
from petstudio.engine.plan import StagePlan
from petstudio.engine.training import Listener, Trainer


def wave(options, plan):
    """Return a schedule whose rate and momentum are different in every step."""
    return lambda step: SchedulePoint(0.5 + 0.5 * math.sin(step), 0.9 + 0.05 * math.cos(step))


WAVE = Scheduler(key="wave", label="Wave", summary="", options=NoOptions, build=wave)
HEAD = Stage(name="head", epochs=2, trainable="head", rate=(1e-2,))
ALL = Stage(name="all", epochs=2, trainable="all", rate=(1e-3, 1e-2))
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


class MemoryStore:
    """Keeps checkpoints as the bytes of their files."""

    def __init__(self):
        self.kept = []

    def save(self, point, checkpoint):
        stream = io.BytesIO()
        write_checkpoint(stream, checkpoint.content())
        self.kept.append((point, stream.getvalue()))

    def newest(self):
        full = [data for point, data in self.kept if point.kind is not CheckpointKind.BEST]
        return from_content(read_checkpoint(full[-1], "test")) if full else None

    def best(self, steps):
        for point, data in reversed(self.kept):
            if point.kind is CheckpointKind.BEST and point.position.steps == steps:
                return from_content(read_checkpoint(data, "test"))
        return None


def plan_of(stages, **training):
    plan = make_plan()
    recipe = replace(
        plan.recipe,
        stages=tuple(stages),
        training=replace(plan.recipe.training, **training),
    )
    ready = [StagePlan(stage=stage, scheduler=WAVE, options=NoOptions()) for stage in stages]
    return replace(plan, recipe=recipe, stages=tuple(ready))


def weights_of(trainer):
    return {name: tensor.clone() for name, tensor in trainer.network.state_dict().items()}


def run(plan, data, store=None, start=None, stop_after=None):
    """Train to the end, or until so many steps are done; return weights, events, predictions."""
    control, events = RunControl(), []

    def emit(event):
        events.append(event)
        if isinstance(event, StepFinished) and event.step + 1 == stop_after:
            control.cancel()

    trainer = Trainer(plan, data, start=start)
    predictions = trainer.run(1, "", Listener(emit=emit, control=control, store=store))
    return weights_of(trainer), events, predictions


def broken_off(plan, data, after):
    store = MemoryStore()
    with pytest.raises(RunCancelledError):
        run(plan, data, store, stop_after=after)
    return store


def same(first, second):
    return all(torch.equal(first[name], second[name]) for name in first)


def facts(events):
    """Return what events say of the course, without times."""
    return [
        replace(
            event,
            **{name: 0.0 for name in ("seconds", "images_per_second") if hasattr(event, name)},
        )
        for event in events
        if isinstance(event, StepFinished | EpochFinished | StageFinished)
    ]


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
