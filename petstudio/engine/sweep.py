"""The learning-rate finder: a stage tried at growing rates, after which all is as it was."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import count
from typing import Final

from petstudio.api.contributions import SchedulePoint
from petstudio.api.control import RunControl
from petstudio.api.errors import InputError
from petstudio.api.events import (
    Emit,
    SweepEnd,
    SweepFinished,
    SweepStarted,
    SweepStepFinished,
)
from petstudio.api.language import tr
from petstudio.config.sweep import SweepChoice
from petstudio.engine.building import FEWEST_IN_BATCH
from petstudio.engine.devices import rng_state, set_rng_state
from petstudio.engine.input.batches import Batch
from petstudio.engine.input.draws import step_seed
from petstudio.engine.network import clear_gradients
from petstudio.engine.smoothing import SmoothedLoss
from petstudio.engine.suggestions import suggest
from petstudio.engine.workbench import ReadyStage, Workbench

_MOMENTUM: Final = 0.9
_DIVERGED: Final = 4.0  # times the lowest smoothed loss


def sweep(
    bench: Workbench,
    stage: int,
    choice: SweepChoice,
    emit: Emit,
    control: RunControl,
    *,
    weights: str,
) -> SweepFinished:
    """Try a stage at the rates of `choice`, and return what that suggests.

    The network, random state and flags of the bench are as before however the sweep ends; nothing
    of it is kept but pictures and features in the cache. `weights` says what it starts from.

    Raises:
        RunCancelledError: the control was cancelled.
        InputError: hardly any picture can be read.
    """
    told: list[SweepStepFinished] = []
    with _undisturbed(bench):
        ready = bench.ready(
            stage,
            pieces=bench.plan.recipe.training.accumulate,
            divided=lambda _images, _pieces: None,
            rate=1.0,
        )
        emit(_beginning(bench, stage, ready, choice, weights))
        end = SweepEnd.COMPLETED
        with closing(_steps(bench, stage, ready, choice, control)) as steps:
            for step in steps:
                emit(step)
                told.append(step)
                end = _end_after(told, choice)
                if end is not SweepEnd.COMPLETED:
                    break
    if not told:
        raise InputError(
            tr("No batch has two pictures that can be read, so no rate was tried."),
            cure=tr("Look at the pictures that were skipped."),
        )
    return _finished(told, end, choice)


def _end_after(told: Sequence[SweepStepFinished], choice: SweepChoice) -> SweepEnd:
    """Return how the sweep ends with the last of these steps; COMPLETED is that it goes on."""
    last = told[-1]
    if not math.isfinite(last.loss):
        return SweepEnd.NOT_A_NUMBER
    lowest = min(step.smoothed_loss for step in told)
    if choice.stops_early and last.smoothed_loss > _DIVERGED * lowest:
        return SweepEnd.DIVERGED
    return SweepEnd.COMPLETED


def _finished(
    told: Sequence[SweepStepFinished], end: SweepEnd, choice: SweepChoice
) -> SweepFinished:
    rates, losses = [step.rate for step in told], [step.smoothed_loss for step in told]
    found = suggest(rates, losses, iterations=choice.steps)
    return SweepFinished(end=end, steps=len(told), suggestions=found)


def _beginning(
    bench: Workbench, stage: int, ready: ReadyStage, choice: SweepChoice, weights: str
) -> SweepStarted:
    return SweepStarted(
        stage=stage,
        name=ready.stage.name,
        weights=weights,
        start_rate=choice.start_rate,
        end_rate=choice.end_rate,
        steps=choice.steps,
        batch_size=bench.setting.batch_size,
        groups=tuple(
            replace(group, rate=choice.end_rate if group.rate else 0.0) for group in ready.groups
        ),
    )


def _steps(
    bench: Workbench, stage: int, ready: ReadyStage, choice: SweepChoice, control: RunControl
) -> Generator[SweepStepFinished, None, None]:
    """Learn from a batch at each rate; a loss is told before the weights change by it.

    The batches are those that the stage begins with: those of the epochs before it were learned
    from as they are, and would make the curve begin too low.
    """
    smoothed, seed = SmoothedLoss(), bench.plan.recipe.seed
    first = bench.epochs_before(stage)
    done = first * bench.steps_per_epoch
    with closing(_batches(bench, ready, first)) as batches:
        for step, batch in zip(range(choice.steps), batches, strict=False):
            control.checkpoint()
            if len(batch) < FEWEST_IN_BATCH:  # the others cannot be read
                continue
            changed = bench.changed(batch, ready.stage, done + step)
            loss = ready.step(changed, step_seed(seed, done + step))
            rate, value = choice.rate(step), loss.item()
            yield SweepStepFinished(
                step=step, rate=rate, loss=value, smoothed_loss=smoothed.add(value)
            )
            ready.optimiser.follow(SchedulePoint(rate, _MOMENTUM))
            ready.optimiser.step(bench.scaler)


def _batches(bench: Workbench, ready: ReadyStage, first: int) -> Generator[Batch, None, None]:
    for epoch in count(first):
        with closing(bench.batches(ready, 0, epoch)) as batches:
            yield from batches


@contextmanager
def _undisturbed(bench: Workbench) -> Iterator[None]:
    """Put weights, buffers, flags, gradients, scaler and random state back at the end."""
    network = bench.network
    weights = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    trains = [(parameter, parameter.requires_grad) for parameter in network.parameters()]
    modes = [(module, module.training) for module in network.modules()]
    scaler, random_state = bench.scaler.state_dict(), rng_state(bench.setting.device)
    try:
        yield
    finally:
        network.load_state_dict(weights)
        for parameter, does in trains:
            parameter.requires_grad_(does)
        for module, is_training in modes:
            module.training = is_training
        clear_gradients(network)
        bench.scaler.load_state_dict(scaler)
        set_rng_state(bench.setting.device, random_state)
