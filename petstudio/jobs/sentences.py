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
            exact = (
                "" if event.is_exact else tr("; the result will not be the same to the last bit")
            )
            return tr(
                "Run {run} goes on after step {step:,}{exact}.",
                run=event.run,
                step=event.step,
                exact=exact,
            )
        case CheckpointSaved():
            return tr("Checkpoint “{event}” saved.", event=event.name) if event.name else ""
        case MemoryEstimated():
            return tr(
                "A batch of up to {safe_batch_size:,} pictures fits into the memory ({free:.1f}"
                " GB free, {per_picture:.0f} MB a picture).",
                safe_batch_size=event.safe_batch_size,
                free=event.free / 1000000000.0,
                per_picture=event.per_picture / 1000000.0,
            )
        case BatchDivided():
            return _division(event)
        case TrainingDiverged():
            return _divergence(event)
        case SweepStarted():
            return tr(
                "Learning-rate sweep for stage {stage}, {event}: {steps} batches from "
                "{start_rate:.0e} to {end_rate:.0e}, starting from {weights}.",
                stage=event.stage + 1,
                event=event.name,
                steps=event.steps,
                start_rate=event.start_rate,
                end_rate=event.end_rate,
                weights=event.weights,
            )
        case SweepFinished():
            return _sweep_end(event)
        case _:
            assert_never(event)


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
    first = f"step {event.step + 1:,}"
    if event.is_undone:
        how = "whole" if event.pieces == 1 else tr("in {pieces} pieces", pieces=event.pieces)
        return tr("From {first} on, each batch is computed {how} again.", first=first, how=how)
    return tr(
        "The memory is too small for {images} pictures at once: from {first} on, each "
        "batch is computed in {pieces} pieces.",
        images=event.images,
        first=first,
        pieces=event.pieces,
    )


def _divergence(event: TrainingDiverged) -> str:
    what = tr("The loss") if not math.isfinite(event.loss) else tr("A weight")
    return tr(
        "{what} is not a finite number any more at step {step:,}, at a rate of {rate:.1e}. {kept}",
        what=what,
        step=event.step + 1,
        rate=event.rate,
        kept=event.kept,
    ).strip()


def _sweep_end(event: SweepFinished) -> str:
    match event.end:
        case SweepEnd.COMPLETED:
            why = tr("as planned")
        case SweepEnd.DIVERGED:
            why = tr("as the loss had risen to four times its lowest value")
        case SweepEnd.NOT_A_NUMBER:
            why = tr("as the loss was no number any more")
        case _:
            assert_never(event.end)
    return tr("The sweep ended after {steps} batches, {why}.", steps=event.steps, why=why)
