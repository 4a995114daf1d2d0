"""What the plot of a sweep reads out of it: the range of losses, the words under the pointer."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from petstudio.api.language import tr
from petstudio.bridge.figures import loss_text, rate_text
from petstudio.bridge.live_sweep import LiveSweep

_HEADROOM: Final = 1.1
_AT_START: Final = 10  # batches whose loss is that of the stage before it learns
_UNITS: Final = 8  # in a power of two of the span
_MINUS: Final = "−"


def loss_limits(sweep: LiveSweep | None, *, shows_all: bool = False) -> tuple[float, float]:
    """Return the ends of the loss axis: the fall, and the rise behind it as far as it was high.

    They are round numbers, as the axis would otherwise be drawn anew with every batch.
    """
    curves = [sweep.smoothed_losses, *(ghost.losses for ghost in sweep.ghosts)] if sweep else []
    limits = [_limits(curve[np.isfinite(curve)], shows_all=shows_all) for curve in curves]
    known = [pair for pair in limits if pair is not None]
    if not known:
        return 0.0, 1.0
    return _rounded(min(low for low, _ in known), max(high for _, high in known))


def reading_at(sweep: LiveSweep, rate: float) -> str:
    """Return rate, smoothed loss and slope as the lines of a value box."""
    slope = sweep.slope_at(rate)
    steepness = f"{_MINUS if slope < 0 else ''}{loss_text(abs(slope))}"
    return "\n".join(
        (
            tr("rate {rate}", rate=rate_text(rate)),
            tr("loss, smoothed {loss}", loss=loss_text(sweep.loss_at(rate))),
            tr("slope per decade {slope}", slope=steepness),
        )
    )


def _limits(losses: NDArray[np.float64], *, shows_all: bool) -> tuple[float, float] | None:
    if not len(losses):
        return None
    usual = losses if shows_all else losses[: max(_AT_START, len(losses) // 2)]
    return float(losses.min()) / _HEADROOM, float(usual.max()) * _HEADROOM


def _rounded(low: float, high: float) -> tuple[float, float]:
    span = high - low
    if not span > 0:
        return low - 0.5, low + 0.5
    unit = 2.0 ** math.floor(math.log2(span)) / _UNITS
    return unit * math.floor(low / unit), unit * math.ceil(high / unit)
