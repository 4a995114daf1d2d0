"""Confidence against accuracy as an SVG drawing for the report."""

from __future__ import annotations

from typing import Final

from petstudio.api.language import tr
from petstudio.engine.analysis.calibration import Reliability
from petstudio.jobs.report_text import escaped

_SIDE: Final = 260
_LEFT: Final = 40
_BOTTOM: Final = 24
_TOP: Final = 8


def reliability_figure(found: Reliability) -> str:
    """Return a bar for each bin with pictures; on the diagonal, confidence is accuracy."""
    bins = len(found.images)
    bars = [
        _bar(number / bins, (number + 1) / bins, float(found.accuracy[number]))
        for number in range(bins)
        if found.images[number]
    ]
    spoken = escaped(tr("Accuracy by confidence"))
    return (
        f"<svg class='square' viewBox='0 0 {_LEFT + _SIDE + 8} {_TOP + _SIDE + _BOTTOM}' "
        f"role='img' aria-label='{spoken}'>{_axes()}{''.join(bars)}"
        f"<line class='even' x1='{_x(0):.1f}' y1='{_y(0):.1f}' x2='{_x(1):.1f}' y2='{_y(1):.1f}'/>"
        "</svg>"
    )


def _bar(start: float, end: float, accuracy: float) -> str:
    return (
        f"<rect class='bar' x='{_x(start) + 1:.1f}' y='{_y(accuracy):.1f}' "
        f"width='{_x(end) - _x(start) - 2:.1f}' height='{_y(0) - _y(accuracy):.1f}'/>"
    )


def _axes() -> str:
    rules = "".join(_rule(share) for share in (0.0, 0.25, 0.5, 0.75, 1.0))
    end = escaped(tr("confidence 100%"))
    base = _TOP + _SIDE + _BOTTOM - 6
    return f"{rules}<text class='tick' x='{_x(1):.1f}' y='{base}'>{end}</text>"


def _rule(share: float) -> str:
    y = _y(share)
    return (
        f"<line class='rule' x1='{_LEFT}' x2='{_LEFT + _SIDE}' y1='{y:.1f}' y2='{y:.1f}'/>"
        f"<text class='tick' x='{_LEFT - 6}' y='{y + 4:.1f}'>{share:.0%}</text>"
    )


def _x(share: float) -> float:
    return _LEFT + _SIDE * share


def _y(share: float) -> float:
    return _TOP + _SIDE * (1 - share)
