"""Every sentence that the learning-rate finder can say."""

from __future__ import annotations

from typing import Final

from petstudio.api.events import Outcome, SweepEnd
from petstudio.api.language import counted, tr
from petstudio.bridge.figures import exact_rate_text, rate_text
from petstudio.bridge.live_sweep import LiveSweep
from petstudio.bridge.sweep_freshness import training_words

TITLE: Final = tr("Learning rate finder")
CLOSE: Final = tr("Close the finder")
EACH_GROUP: Final = tr("Each group")
RUN: Final = tr("Run sweep")
RUN_AGAIN: Final = tr("Run again")
STOP: Final = tr("Stop sweep")
STOPPING: Final = tr("Stopping")
RUNNING: Final = tr("running")
BEFORE: Final = tr(
    "A sweep tries one batch at each of many growing rates, then puts everything back as it was."
)
DURING: Final = tr("Weights, optimiser and random state are put back when the sweep ends.")
AFTER: Final = tr("Weights, optimiser and random state are as they were before the sweep.")
NEVER_FALLS: Final = tr("The loss never falls. Check the labels, or begin with a fresh head.")
NO_CURVE: Final = tr("There is no curve to choose on yet.")
STILL_RUNNING: Final = tr("Rates can be chosen once the sweep has ended.")
_GETTING_READY: Final = tr("gets ready")
_LONGEST_BADGE: Final = 48  # letters


def apply_words(stage: int) -> str:
    """Return what the main button says; stages count from 0."""
    return tr("Apply to stage {stage}", stage=stage + 1)


def hint(sweep: LiveSweep | None) -> str:
    """Say which rates are tried, and how far that is."""
    if sweep is None:
        return ""
    started = sweep.started
    if started is None:
        task = sweep.progress.task if sweep.progress is not None else _GETTING_READY
        return task if sweep.is_going else ""
    bounds = {
        "low": exact_rate_text(started.start_rate),
        "high": exact_rate_text(started.end_rate),
    }
    count, steps = len(sweep.rates), started.steps
    if sweep.is_going:
        return tr("{low} to {high}, batch {count} of {steps}", count=count, steps=steps, **bounds)
    if sweep.result is None:
        return tr(
            "{low} to {high}, stopped after {count} of {steps} batches",
            count=count,
            steps=steps,
            **bounds,
        )
    return _end_words(sweep.result.end, count, bounds)


def fresh_words(sweep: LiveSweep) -> str:
    """Say which stage the curve is of."""
    stage = sweep.recipe.stages[sweep.stage]
    batch = sweep.started.batch_size if sweep.started else sweep.recipe.training.batch_size
    return tr(
        "fresh: stage {stage}, {training}, batch {batch}",
        stage=sweep.stage + 1,
        training=training_words(stage),
        batch=batch,
    )


def stale_words(change: str) -> str:
    """Say what changed, of a long list the beginning."""
    words = tr("stale: {change}", change=change)
    return words if len(words) <= _LONGEST_BADGE else f"{words[: _LONGEST_BADGE - 1]}…"


def doubts(sweep: LiveSweep | None) -> str:
    """Say what is wrong with the curve, empty if nothing is."""
    if sweep is None or sweep.is_going:
        return ""
    if sweep.finished is not None and sweep.finished.outcome is Outcome.FAILED:
        return sweep.finished.message
    said = []
    if sweep.is_rough:
        said.append(_rough_words(len(sweep.rates)))
    elif sweep.never_falls:
        said.append(NEVER_FALLS)
    return " ".join([*said, *sweep.notices])


def outside_words(bounds: tuple[float, float]) -> str:
    """Say that a rate was not tried."""
    low, high = (rate_text(bound) for bound in bounds)
    return tr("The sweep tried {low} to {high} only.", low=low, high=high)


def _end_words(end: SweepEnd, count: int, bounds: dict[str, str]) -> str:
    match end:
        case SweepEnd.COMPLETED:
            return counted(
                count,
                "{low} to {high}, {count} batch",
                "{low} to {high}, {count} batches",
                **bounds,
            )
        case SweepEnd.DIVERGED:
            return counted(
                count,
                "{low} to {high}, {count} batch, stopped when the loss diverged",
                "{low} to {high}, {count} batches, stopped when the loss diverged",
                **bounds,
            )
        case SweepEnd.NOT_A_NUMBER:
            return counted(
                count,
                "{low} to {high}, {count} batch, stopped at a loss that is no number",
                "{low} to {high}, {count} batches, stopped at a loss that is no number",
                **bounds,
            )


def _rough_words(count: int) -> str:
    return counted(
        count,
        "Only {count} batch, the curve is rough.",
        "Only {count} batches, the curve is rough.",
    )
