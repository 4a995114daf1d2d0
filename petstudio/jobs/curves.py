"""The loss curve of a run as an SVG drawing for the report."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from petstudio.api.events import EpochFinished, StepFinished
from petstudio.api.language import tr
from petstudio.jobs.report_text import escaped

_WIDTH: Final = 860
_HEIGHT: Final = 260
_LEFT: Final = 48
_BOTTOM: Final = 24
_MOST_POINTS: Final = 1500

Point = tuple[float, float]


def loss_curve(steps: Sequence[StepFinished], epochs: Sequence[EpochFinished]) -> str:
    """Return smoothed training loss and validation points; a sentence where there are none."""
    every = max(1, len(steps) // _MOST_POINTS)
    train = [(float(step.step + 1), step.smoothed_loss) for step in steps[::every]]
    valid = [(float(e.step), e.valid_loss) for e in epochs if math.isfinite(e.valid_loss)]
    if not train:
        return "<p>No steps were recorded.</p>"
    last = max(x for x, _ in [*train, *valid])
    highest = _percentile([y for _, y in [*train, *valid]], 0.98) * 1.05 or 1.0

    def place(point: Point) -> Point:
        x, y = point
        share = min(y / highest, 1.0)
        return (
            _LEFT + (_WIDTH - _LEFT - 8) * x / last,
            8 + (_HEIGHT - _BOTTOM - 8) * (1 - share),
        )

    spoken = escaped(tr("Loss by step"))
    return (
        f"<svg viewBox='0 0 {_WIDTH} {_HEIGHT}' role='img' aria-label='{spoken}'>"
        f"{_axis(highest, last)}{_line([place(point) for point in train], 'train')}"
        f"{_line([place(point) for point in valid], 'valid')}"
        f"{_dots([place(point) for point in valid])}</svg>"
    )


def _axis(highest: float, last: float) -> str:
    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = 8 + (_HEIGHT - _BOTTOM - 8) * (1 - share)
        parts.append(
            f"<line class='rule' x1='{_LEFT}' x2='{_WIDTH - 8}' y1='{y:.1f}' y2='{y:.1f}'/>"
        )
        parts.append(
            f"<text x='{_LEFT - 6}' y='{y + 4:.1f}' class='tick'>{share * highest:.2f}</text>"
        )
    steps = escaped(tr("{last:,.0f} steps", last=last))
    parts.append(f"<text x='{_WIDTH - 8}' y='{_HEIGHT - 4}' class='tick'>{steps}</text>")
    return "".join(parts)


def _line(points: Sequence[Point], kind: str) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f"<polyline class='{kind}' points='{path}'/>"


def _dots(points: Sequence[Point]) -> str:
    return "".join(f"<circle class='valid' cx='{x:.1f}' cy='{y:.1f}' r='4'/>" for x, y in points)


def _percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
