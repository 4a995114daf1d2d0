"""What the loss plot reads out of a run: ranges, the step under the pointer, its words."""

from __future__ import annotations

import math
from enum import Enum
from typing import Final

import numpy as np

from petstudio.api.language import tr
from petstudio.bridge.figures import loss_text, percent_text, rate_text
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.run_stages import EpochRow

_MOST_SAMPLES: Final = 4096  # more losses than this do not change the range
_ALL: Final = 100.0
_WILDEST: Final = 2.0
_HEADROOM: Final = 1.08


class Measure(Enum):
    """What the plot shows."""

    LOSS = "loss"
    ACCURACY = "accuracy"


def epoch_value(row: EpochRow, measure: Measure) -> float:
    return row.accuracy if measure is Measure.ACCURACY else row.result.valid_loss


def first_epoch(run: LiveRun) -> int:
    """Return where the run begins, as stages that were done in another run count, too."""
    return run.stages[run.recipe.start.stage].start if run.stages else 0


def loss_ceiling(run: LiveRun, percentile: float) -> float:
    """Return the upper end of the loss axis, above that share of all batches.

    Epochs count up to twice what is usual, so that one wild validation does not flatten all the
    others; a percentile of 100 shows everything. It is a round number, as the axis would otherwise
    move, and be drawn anew, with every batch.
    """
    stride = max(1, len(run.losses) // _MOST_SAMPLES)
    losses = run.losses[::stride]
    losses = losses[np.isfinite(losses)]
    valid = sorted(v for row in run.epochs if math.isfinite(v := row.result.valid_loss))
    if not len(losses):
        return _rounded_up(_HEADROOM * max(valid, default=0.0))
    place = math.ceil((len(losses) - 1) * percentile / _ALL)
    # A percentile of numpy takes three times as long, and this is asked for in every redraw.
    usual = float(np.partition(losses, place)[place])
    middle = valid[(len(valid) - 1) // 2] if len(valid) > 1 else 0.0  # the first alone may be wild
    most = math.inf if percentile == _ALL else _WILDEST * max(usual, middle)
    return _rounded_up(_HEADROOM * max(usual, max((v for v in valid if v <= most), default=0.0)))


def _rounded_up(value: float) -> float:
    """Return the value rounded up to a tenth of its power of two; 1 for 0."""
    if value <= 0:
        return 1.0
    unit = 2.0 ** math.floor(math.log2(value)) / 10
    return unit * math.ceil(value / unit)


def accuracy_floor(run: LiveRun) -> float:
    """Return the lower end of the accuracy axis: whole tens of percent, with room below."""
    known = [row.accuracy for row in run.epochs if np.isfinite(row.accuracy)]
    return max(0.0, math.floor(10 * min(known, default=0.0) - 0.5) / 10)


def nearest_step(run: LiveRun, x: float) -> int | None:
    """Return the step whose end is nearest to x; None where there is none yet."""
    if not len(run.x) or x < 0 or x > run.total_epochs:
        return None
    right = min(int(np.searchsorted(run.x, x)), len(run.x) - 1)
    left = max(0, right - 1)
    return left if x - run.x[left] < run.x[right] - x else right


def step_text(run: LiveRun, step: int) -> str:
    """Return all that is known of a step, and of its epoch once that is over."""
    x = float(run.x[step])
    lines = [
        tr("epoch {epoch:.2f}", epoch=x),
        tr(
            "loss {loss}, smoothed {smoothed}",
            loss=loss_text(run.losses[step]),
            smoothed=loss_text(run.smoothed_losses[step]),
        ),
        tr("rate {rate}", rate=rate_text(run.rates[step])),
    ]
    row = next((row for row in run.epochs if row.x - 1 < x <= row.x), None)
    if row is not None:
        share = percent_text(row.accuracy)
        lines.append(
            tr(
                "validation {loss}, accuracy {share}",
                loss=loss_text(row.result.valid_loss),
                share=share,
            )
        )
    return "\n".join(lines)
