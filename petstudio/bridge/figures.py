"""Numbers as people read them: rates, shares, counts and times."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from petstudio.api.language import shown_number, tr
from petstudio.engine.analysis.accuracy import wilson_interval

MISSING: Final = "…"
_RUN_AWAY: Final = 100.0


def rate_text(rate: float) -> str:
    """Return a learning rate with two digits: 1.0e-4."""
    return np.format_float_scientific(rate, precision=1, unique=False, exp_digits=1)


def exact_rate_text(rate: float) -> str:
    """Return a learning rate so that reading it gives the same number: 1.25e-4."""
    if rate >= 0.01:
        return f"{rate:.10g}"
    return np.format_float_scientific(rate, trim="-", exp_digits=1)


def loss_text(loss: float) -> str:
    """Return a loss with three decimals; one that has run away, without: 744."""
    if not math.isfinite(loss):
        return MISSING
    return shown_number(loss, ".3f" if loss < _RUN_AWAY else ",.0f")


def percent_text(share: float) -> str:
    return tr("{share:.1f} %", share=100 * share) if math.isfinite(share) else MISSING


def duration_text(seconds: float) -> str:
    """Return minutes and seconds, and hours when there are any: 1:12 or 2:05:09."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def spread_text(seconds: float) -> str:
    """Return what stands after the sign ±: seconds, from two minutes on minutes."""
    return f"{math.ceil(seconds)} s" if seconds < 120 else f"{math.ceil(seconds / 60)} min"


def parameters_text(count: int) -> str:
    """Return a number of weights in thousands or millions: 21.3 M."""
    if count >= 1_000_000:
        return tr("{count:.1f} M", count=count / 1000000)
    return tr("{count:.0f} k", count=count / 1000) if count >= 1000 else str(count)


def accuracy_text(correct: int, images: int) -> str:
    """Return the accuracy with its count and the half width of its 95 % interval."""
    share = share_text(correct, images)
    return tr(
        "{correct:,} of {images:,} right, {share}", correct=correct, images=images, share=share
    )


def share_text(correct: int, images: int) -> str:
    """Return a share with the half width of its 95 % interval (Wilson): 94.3 % ± 1.2."""
    low, high = wilson_interval(correct, images)
    return tr(
        "{share} ± {half:.1f}",
        share=percent_text(correct / images),
        half=100 * (high - low) / 2,
    )


def probability_text(share: float) -> str:
    """Return a probability with two digits; what is not quite 1 does not look like it."""
    return shown_number(min(share, 0.99) if share < 1 else share, ".2f")


def signed_text(points: float) -> str:
    """Return a change in percent points with its sign, a real minus among them: −0.8."""
    if not math.isfinite(points):
        return ""
    return shown_number(points, "+.1f").replace("-", "−")


def size_text(count: int) -> str:
    """Return bytes in units of thousands: 87 MB, 1.1 GB."""
    value, unit = float(count), "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 999.5:
            break
        value, unit = value / 1000, larger
    digits = 1 if unit in ("GB", "TB") else 0
    return tr("{value:,.{digits}f} {unit}", value=value, digits=digits, unit=unit)
