"""The axes of a run: epochs, counted anew in each stage, and losses or shares."""

from __future__ import annotations

import math
from typing import Final

import pyqtgraph as pg
from PySide6.QtCore import QRectF

from petstudio.api.language import shown_number, tr

_LABEL_WIDTH: Final = 76  # pixels that "stage 2, 10" takes with room around it
_STEPS: Final = (1, 2, 5)


class EpochAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Ticks stand at the end of whole epochs, as many as fit; close up, at parts of an epoch."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self._starts: tuple[int, ...] = (0,)
        # It would lay out the title anew for each range, and there is none.
        self.enableAutoSIPrefix(False)

    def show_stages(self, starts: tuple[int, ...]) -> None:
        """Tell how many epochs lie before each stage."""
        if starts != self._starts:
            self._starts = starts or (0,)
            self.picture = None
            self.update()

    def boundingRect(self) -> QRectF:
        # With a grid, pyqtgraph leaves no room for a label under the very end of the axis.
        rect: QRectF = super().boundingRect()
        return rect.adjusted(0, 0, _LABEL_WIDTH / 2, 0)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        spacing = epoch_spacing(high - low, size)
        if spacing < 1:
            count = math.floor((high - low) / spacing) + 2
            first = math.ceil(low / spacing)
            values = [(first + number) * spacing for number in range(count)]
        else:
            values = [
                start + number * spacing
                for start, end in zip(self._starts, (*self._starts[1:], math.inf), strict=True)
                for number in range(1, int((min(end, high) - start) // spacing) + 1)
            ]
        return [(spacing, [value for value in values if low <= value <= high])]

    def tickStrings(self, values: list[float], _scale: float, _spacing: float) -> list[str]:
        return [self._tick_text(value) for value in values]

    def _tick_text(self, value: float) -> str:
        if value != round(value):
            return shown_number(value, ".4g")
        # The end of a stage belongs to that stage, not to the one that begins there.
        stage = max((i for i, start in enumerate(self._starts) if start < value), default=0)
        epoch = round(value) - self._starts[stage]
        return (
            tr("epoch {epoch}", epoch=epoch)
            if stage == 0
            else tr("stage {stage}, {epoch}", stage=stage + 1, epoch=epoch)
        )


class MeasureAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Losses as they are, shares as percent."""

    def __init__(self) -> None:
        super().__init__("left")
        self._is_share = False
        self.enableAutoSIPrefix(False)
        # Four of five lines would be of a third level, two shades of 255 from the ground at most.
        self.setStyle(maxTickLevel=1)

    def show_shares(self, *, is_share: bool) -> None:
        self._is_share = is_share
        self.picture = None
        self.update()

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        factor, unit = (100.0, " %") if self._is_share else (scale, "")
        places = max(0, math.ceil(-math.log10(spacing * factor)))
        return [f"{_measure_text(value * factor, places)}{unit}" for value in values]


def _measure_text(value: float, places: int) -> str:
    """Return what pyqtgraph would write, with the separators of the language."""
    is_usual = 0.001 <= abs(value) < 10_000
    return shown_number(value, f".{places}f" if is_usual else "g")


def epoch_spacing(span: float, width: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten whose labels do not touch."""
    wanted = span * _LABEL_WIDTH / max(width, 1.0)
    if wanted <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(wanted))
    spacing = next((step * power for step in _STEPS if step * power >= wanted), 10 * power)
    # Half an epoch helps nobody while a whole one is in sight.
    return max(1.0, spacing) if span >= 2 else spacing
