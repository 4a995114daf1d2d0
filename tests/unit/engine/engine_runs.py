"""Runs of the tiny network with checkpoints in memory, and what can be compared of them."""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from engine_fixtures import make_plan

from petstudio.api import Augmentation, ImageTransforms, NoOptions, SchedulePoint, Scheduler
from petstudio.api.control import RunControl
from petstudio.api.errors import RunCancelledError
from petstudio.api.events import (
    CheckpointKind,
    EpochFinished,
    Event,
    StageFinished,
    StepFinished,
)
from petstudio.config.recipe import Stage
from petstudio.engine.checkpoint import Checkpoint, from_content
from petstudio.engine.checkpoint_file import read_checkpoint, write_checkpoint
from petstudio.engine.plan import StagePlan, TrainingData, TrainingPlan
from petstudio.engine.predictions import Predictions
from petstudio.engine.saving import SavePoint
from petstudio.engine.training import Listener, Trainer
from petstudio.engine.workbench import Workbench

Weights = dict[str, torch.Tensor]


def wave(options: NoOptions, plan: object) -> Callable[[int], SchedulePoint]:
    """Return a schedule whose rate and momentum are different in every step."""
    return lambda step: SchedulePoint(0.5 + 0.5 * math.sin(step), 0.9 + 0.05 * math.cos(step))


WAVE = Scheduler(key="wave", label="Wave", summary="", options=NoOptions, build=wave)
HEAD = Stage(name="head", epochs=2, trainable="head", rate=(1e-2,))
ALL = Stage(name="all", epochs=2, trainable="all", rate=(1e-3, 1e-2))


class MemoryStore:
    """Keeps checkpoints as the bytes of their files."""

    def __init__(self) -> None:
        self.kept: list[tuple[SavePoint, bytes]] = []

    def save(self, point: SavePoint, checkpoint: Checkpoint) -> None:
        stream = io.BytesIO()
        write_checkpoint(stream, checkpoint.content())
        self.kept.append((point, stream.getvalue()))

    def newest(self) -> Checkpoint | None:
        full = [data for point, data in self.kept if point.kind is not CheckpointKind.BEST]
        return from_content(read_checkpoint(full[-1], "test")) if full else None

    def best(self, steps: int) -> Checkpoint | None:
        for point, data in reversed(self.kept):
            if point.kind is CheckpointKind.BEST and point.position.steps == steps:
                return from_content(read_checkpoint(data, "test"))
        return None

    def named(self, name: str) -> Checkpoint:
        """Return the weights under a name, as a run takes them that starts from there."""
        (data,) = (data for point, data in self.kept if point.name == name)
        return replace(from_content(read_checkpoint(data, "test")), training=None)


def plan_of(stages: Iterable[Stage], **training) -> TrainingPlan:
    """Return a plan of such stages; `training` replaces fields of what holds for all of them."""
    plan, stages = make_plan(), tuple(stages)
    choice = replace(plan.recipe.training, **training)
    ready = [StagePlan(stage=stage, scheduler=WAVE, options=NoOptions()) for stage in stages]
    return replace(
        plan, recipe=replace(plan.recipe, stages=stages, training=choice), stages=tuple(ready)
    )


def weights_of(trainer: Trainer) -> Weights:
    """Return a copy of weights and buffers."""
    return {name: tensor.clone() for name, tensor in trainer.network.state_dict().items()}


def augmented(plan: TrainingPlan, draw: Callable[[int, int], ImageTransforms]) -> TrainingPlan:
    """Return the plan with pictures changed by a function of (number of the batch, pictures)."""
    numbers = iter(range(10**9))

    def drawn(_options, uniforms):
        return draw(next(numbers), len(uniforms))

    changes = Augmentation(key="test", label="", summary="", options=NoOptions, draws=1, draw=drawn)
    return replace(plan, augmentations=((changes, NoOptions()),))


def unchanged(count: int, contrast: float = 1.0) -> ImageTransforms:
    """Return no change; a contrast that is no number spoils the pictures."""
    return ImageTransforms(
        homography=np.tile(np.eye(3), (count, 1, 1)),
        brightness=np.zeros(count),
        contrast=np.full(count, contrast),
    )


@contextmanager
def bench_of(
    plan: TrainingPlan, data: TrainingData, start: Checkpoint | None = None
) -> Iterator[Workbench]:
    """Open a bench on which stages can be made ready."""
    bench = Workbench(plan, data, start=start)
    with ExitStack() as stack:
        bench.open(stack, skipped=lambda error: None, notice=lambda message: None)
        yield bench


def run(
    plan: TrainingPlan,
    data: TrainingData,
    store: MemoryStore | None = None,
    start: Checkpoint | None = None,
    stop_after: int | None = None,
) -> tuple[Weights, list[Event], Predictions]:
    """Train to the end, or until so many steps are done; return weights, events, predictions."""
    control = RunControl()
    events: list[Event] = []

    def emit(event: Event) -> None:
        events.append(event)
        if isinstance(event, StepFinished) and event.step + 1 == stop_after:
            control.cancel()

    trainer = Trainer(plan, data, start=start)
    predictions = trainer.run(1, "", Listener(emit=emit, control=control, store=store))
    return weights_of(trainer), events, predictions


def broken_off(plan: TrainingPlan, data: TrainingData, after: int) -> MemoryStore:
    """Return the checkpoints of a run that was cancelled after so many steps."""
    store = MemoryStore()
    with pytest.raises(RunCancelledError):
        run(plan, data, store, stop_after=after)
    return store


def same(first: Mapping[str, torch.Tensor], second: Mapping[str, torch.Tensor]) -> bool:
    """Say whether weights are equal bit for bit."""
    return all(torch.equal(first[name], second[name]) for name in first)


def digest(tensors: Mapping[str, torch.Tensor]) -> str:
    """Return the SHA-256 of tensors with their names."""
    total = hashlib.sha256()
    for name, tensor in tensors.items():
        flat = tensor.detach().contiguous().reshape(-1)
        total.update(name.encode())
        total.update(flat.view(torch.uint8).numpy().data)
    return total.hexdigest()


def facts(events: Iterable[Event]) -> list[Event]:
    """Return what events say of the course, without times."""
    return [
        replace(
            event,
            **{
                name: 0.0
                for name in ("seconds", "images_per_second", "waiting")
                if hasattr(event, name)
            },
        )
        for event in events
        if isinstance(event, StepFinished | EpochFinished | StageFinished)
    ]


def of_kind(events: Iterable[Event], kind: type) -> list[Any]:
    """Return the events of one kind."""
    return [event for event in events if isinstance(event, kind)]
