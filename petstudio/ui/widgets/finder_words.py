"""Every sentence that the learning-rate finder can say."""

from __future__ import annotations

from typing import Final

from petstudio.api.events import Outcome, SweepEnd
from petstudio.api.language import tr
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
RUNNING: Final = "running"
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
_ENDS: Final = {
    SweepEnd.COMPLETED: "",
    SweepEnd.DIVERGED: tr(", stopped when the loss diverged"),
    SweepEnd.NOT_A_NUMBER: tr(", stopped at a loss that is no number"),
}


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
    span = f"{exact_rate_text(started.start_rate)} to {exact_rate_text(started.end_rate)}"
    count = len(sweep.rates)
    if sweep.is_going:
        return tr("{span}, batch {count} of {steps}", span=span, count=count, steps=started.steps)
    if sweep.result is None:
        return tr(
            "{span}, stopped after {count} of {steps} batches",
            span=span,
            count=count,
            steps=started.steps,
        )
    return f"{span}, {_batches(count)}{_ENDS[sweep.result.end]}"


def fresh_words(sweep: LiveSweep) -> str:
    """Say which stage the curve is of."""
    stage = sweep.recipe.stages[sweep.stage]
    batch = sweep.started.batch_size if sweep.started else sweep.recipe.training.batch_size
    return tr(
        "fresh: stage {stage}, {training_words}, batch {batch}",
        stage=sweep.stage + 1,
        training_words=training_words(stage),
        batch=batch,
    )


def stale_words(change: str) -> str:
    """Say what changed, of a long list the beginning."""
    words = f"stale: {change}"
    return words if len(words) <= _LONGEST_BADGE else f"{words[: _LONGEST_BADGE - 1]}…"


def doubts(sweep: LiveSweep | None) -> str:
    """Say what is wrong with the curve, empty if nothing is."""
    if sweep is None or sweep.is_going:
        return ""
    if sweep.finished is not None and sweep.finished.outcome is Outcome.FAILED:
        return sweep.finished.message
    said = []
    if sweep.is_rough:
        said.append(tr("Only {batches}, the curve is rough.", batches=_batches(len(sweep.rates))))
    elif sweep.never_falls:
        said.append(NEVER_FALLS)
    return " ".join([*said, *sweep.notices])


def outside_words(bounds: tuple[float, float]) -> str:
    """Say that a rate was not tried."""
    low, high = (rate_text(bound) for bound in bounds)
    return tr("The sweep tried {low} to {high} only.", low=low, high=high)


def _batches(count: int) -> str:
    return tr("1 batch") if count == 1 else f"{count} batches"
