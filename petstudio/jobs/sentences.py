"""Events about the course of training, in words for the terminal and the window's log."""

from __future__ import annotations

import math
from typing import TypeAlias, assert_never

from petstudio.api.events import (
    BatchDivided,
    CheckpointSaved,
    MemoryEstimated,
    RatesEdited,
    RunResumed,
    StageFinished,
    SweepEnd,
    SweepFinished,
    SweepStarted,
    TrainingDiverged,
)
from petstudio.api.language import tr

Told: TypeAlias = (
    StageFinished
    | RatesEdited
    | RunResumed
    | CheckpointSaved
    | MemoryEstimated
    | BatchDivided
    | TrainingDiverged
    | SweepStarted
    | SweepFinished
)


def sentence(event: Told) -> str:  # noqa: PLR0911  one arm for each kind of event
    """Return the event as one sentence; nothing for what goes without saying."""
    match event:
        case StageFinished():
            return _stage(event)
        case RatesEdited():
            first = event.epochs[0] + 1 if event.epochs else 1
            return tr(
                "The rates of stage {stage} are edited from its epoch {first} on.",
                stage=event.stage + 1,
                first=first,
            )
        case RunResumed():
            return _resumption(event)
        case CheckpointSaved():
            return tr("Checkpoint “{name}” saved.", name=event.name) if event.name else ""
        case MemoryEstimated():
            return _estimate(event)
        case BatchDivided():
            return _division(event)
        case TrainingDiverged():
            return _divergence(event)
        case SweepStarted():
            return _sweep_start(event)
        case SweepFinished():
            return _sweep_end(event)
        case _:
            assert_never(event)


def _estimate(event: MemoryEstimated) -> str:
    return tr(
        "A batch of up to {safe_batch_size:,} pictures fits into the memory ({free:.1f}"
        " GB free, {per_picture:.0f} MB a picture).",
        safe_batch_size=event.safe_batch_size,
        free=event.free / 1000000000.0,
        per_picture=event.per_picture / 1000000.0,
    )


def _sweep_start(event: SweepStarted) -> str:
    return tr(
        "Learning-rate sweep for stage {stage}, {name}: {steps} batches from "
        "{start_rate:.0e} to {end_rate:.0e}, starting from {weights}.",
        stage=event.stage + 1,
        name=event.name,
        steps=event.steps,
        start_rate=event.start_rate,
        end_rate=event.end_rate,
        weights=event.weights,
    )


def _resumption(event: RunResumed) -> str:
    if event.is_exact:
        return tr("Run {run} goes on after step {step:,}.", run=event.run, step=event.step)
    return tr(
        "Run {run} goes on after step {step:,}; the result will not be the same to the last bit.",
        run=event.run,
        step=event.step,
    )


def _stage(event: StageFinished) -> str:
    parts = []
    if event.is_early:
        parts.append(
            tr(
                "Stage {stage} ended early, after epoch {epochs}: nothing improved.",
                stage=event.stage + 1,
                epochs=event.epochs,
            )
        )
    if event.restored >= 0:
        parts.append(
            tr(
                "The weights of epoch {restored} of the run, the best, are back.",
                restored=event.restored + 1,
            )
        )
    return " ".join(parts)


def _division(event: BatchDivided) -> str:
    step = event.step + 1
    if event.is_undone and event.pieces == 1:
        return tr("From step {step:,} on, each batch is computed whole again.", step=step)
    if event.is_undone:
        return tr(
            "From step {step:,} on, each batch is computed in {pieces} pieces again.",
            step=step,
            pieces=event.pieces,
        )
    return tr(
        "The memory is too small for {images} pictures at once: from step {step:,} on, each "
        "batch is computed in {pieces} pieces.",
        images=event.images,
        step=step,
        pieces=event.pieces,
    )


def _divergence(event: TrainingDiverged) -> str:
    step, rate = event.step + 1, event.rate
    if math.isfinite(event.loss):
        what = tr(
            "A weight is not a finite number any more at step {step:,}, at a rate of {rate:.1e}.",
            step=step,
            rate=rate,
        )
    else:
        what = tr(
            "The loss is not a finite number any more at step {step:,}, at a rate of {rate:.1e}.",
            step=step,
            rate=rate,
        )
    return f"{what} {event.kept}".strip()


def _sweep_end(event: SweepFinished) -> str:
    steps = event.steps
    match event.end:
        case SweepEnd.COMPLETED:
            return tr("The sweep ended after {steps} batches, as planned.", steps=steps)
        case SweepEnd.DIVERGED:
            return tr(
                "The sweep ended after {steps} batches, as the loss had risen to four times its "
                "lowest value.",
                steps=steps,
            )
        case SweepEnd.NOT_A_NUMBER:
            return tr(
                "The sweep ended after {steps} batches, as the loss was no number any more.",
                steps=steps,
            )
        case _:
            assert_never(event.end)
