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
            return f"The rates of stage {event.stage + 1} are edited from its epoch {first} on."
        case RunResumed():
            exact = "" if event.is_exact else "; the result will not be the same to the last bit"
            return f"Run {event.run} goes on after step {event.step:,}{exact}."
        case CheckpointSaved():
            return f"Checkpoint “{event.name}” saved." if event.name else ""
        case MemoryEstimated():
            return (
                f"A batch of up to {event.safe_batch_size:,} pictures fits into the memory "
                f"({event.free / 1e9:.1f} GB free, {event.per_picture / 1e6:.0f} MB a picture)."
            )
        case BatchDivided():
            return _division(event)
        case TrainingDiverged():
            return _divergence(event)
        case SweepStarted():
            return (
                f"Learning-rate sweep for stage {event.stage + 1}, {event.name}: {event.steps} "
                f"batches from {event.start_rate:.0e} to {event.end_rate:.0e}, "
                f"starting from {event.weights}."
            )
        case SweepFinished():
            return _sweep_end(event)
        case _:
            assert_never(event)


def _stage(event: StageFinished) -> str:
    parts = []
    if event.is_early:
        parts.append(
            f"Stage {event.stage + 1} ended early, after epoch {event.epochs}: nothing improved."
        )
    if event.restored >= 0:
        parts.append(f"The weights of epoch {event.restored + 1} of the run, the best, are back.")
    return " ".join(parts)


def _division(event: BatchDivided) -> str:
    first = f"step {event.step + 1:,}"
    if event.is_undone:
        how = "whole" if event.pieces == 1 else f"in {event.pieces} pieces"
        return f"From {first} on, each batch is computed {how} again."
    return (
        f"The memory is too small for {event.images} pictures at once: from {first} on, each "
        f"batch is computed in {event.pieces} pieces."
    )


def _divergence(event: TrainingDiverged) -> str:
    what = "The loss" if not math.isfinite(event.loss) else "A weight"
    return (
        f"{what} is not a finite number any more at step {event.step + 1:,}, at a rate of "
        f"{event.rate:.1e}. {event.kept}".strip()
    )


def _sweep_end(event: SweepFinished) -> str:
    match event.end:
        case SweepEnd.COMPLETED:
            why = "as planned"
        case SweepEnd.DIVERGED:
            why = "as the loss had risen to four times its lowest value"
        case SweepEnd.NOT_A_NUMBER:
            why = "as the loss was no number any more"
        case _:
            assert_never(event.end)
    return f"The sweep ended after {event.steps} batches, {why}."
