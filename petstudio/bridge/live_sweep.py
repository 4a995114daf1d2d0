"""What a learning-rate sweep has said so far, kept so that a card only has to draw it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from petstudio.api.events import (
    Event,
    NoticeGiven,
    ProgressMade,
    RateSuggestion,
    RunFinished,
    SweepFinished,
    SweepStarted,
    SweepStepFinished,
)
from petstudio.bridge.series import Series
from petstudio.config.recipe import Recipe

FEWEST_BATCHES: Final = 30  # of a curve that is not rough: the slide rule alone looks at 31
_FEWEST_AT_START: Final = 5  # batches whose mean is the loss before anything was learned
_SURE: Final = 2.0  # standard errors


@dataclass(frozen=True, kw_only=True)
class Ghost:
    """The curve of an earlier sweep; `stage` counts from 0."""

    stage: int
    rates: NDArray[np.float64]
    losses: NDArray[np.float64]


class LiveSweep:
    """Feeds on the events of one sweep of a stage (counted from 0) of `recipe`.

    `data` tells which images, labels and splits it saw, as `Project.split_fingerprint` does.
    """

    def __init__(
        self, recipe: Recipe, stage: int, *, data: str = "", ghosts: tuple[Ghost, ...] = ()
    ) -> None:
        self.recipe = recipe
        self.stage = stage
        self.data = data
        self.ghosts = ghosts
        self.progress: ProgressMade | None = None
        self.started: SweepStarted | None = None
        self.result: SweepFinished | None = None
        self.finished: RunFinished | None = None
        self.notices: list[str] = []
        self._steps = Series(3)

    @property
    def rates(self) -> NDArray[np.float64]:
        return self._steps.column(0)

    @property
    def losses(self) -> NDArray[np.float64]:
        return self._steps.column(1)

    @property
    def smoothed_losses(self) -> NDArray[np.float64]:
        return self._steps.column(2)

    @property
    def is_going(self) -> bool:
        return self.finished is None

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The lowest and the highest rate that were tried; None before there are two."""
        rates = self.rates
        return (float(rates[0]), float(rates[-1])) if len(rates) > 1 else None

    @property
    def suggestions(self) -> tuple[RateSuggestion, ...]:
        """Those with a rate within the sweep, from the lowest to the highest."""
        if self.result is None or self.bounds is None:
            return ()
        low, high = self.bounds
        found = [item for item in self.result.suggestions if low <= item.rate <= high]
        return tuple(sorted(found, key=lambda item: item.rate))

    @property
    def is_rough(self) -> bool:
        """True once it has ended after too few batches to trust the curve."""
        return not self.is_going and 0 < len(self.rates) < FEWEST_BATCHES

    @property
    def never_falls(self) -> bool:
        """True once it has ended and the loss was never clearly below that of the first batches."""
        return not self.is_going and _never_falls(self.losses, self.smoothed_losses)

    @property
    def ghost(self) -> Ghost | None:
        """What later sweeps show of this one; None where there is no curve."""
        if self.bounds is None:
            return None
        return Ghost(stage=self.stage, rates=self.rates, losses=self.smoothed_losses)

    def loss_at(self, rate: float) -> float:
        """Return the smoothed loss at a rate between two batches; NaN where there is no curve."""
        if self.bounds is None:
            return math.nan
        return float(np.interp(math.log10(rate), np.log10(self.rates), self.smoothed_losses))

    def slope_at(self, rate: float) -> float:
        """Return by how much the smoothed loss changes per decade there; NaN without a curve."""
        if self.bounds is None:
            return math.nan
        slopes = np.gradient(self.smoothed_losses, np.log10(self.rates))
        return float(np.interp(math.log10(rate), np.log10(self.rates), slopes))

    def feed(self, events: Iterable[Event]) -> None:
        for event in events:
            self._take(event)

    def _take(self, event: Event) -> None:
        match event:
            case SweepStepFinished():
                self._steps.append(event.rate, event.loss, event.smoothed_loss)
            case SweepStarted():
                self.started = event
            case SweepFinished():
                self.result = event
            case ProgressMade():
                self.progress = event
            case NoticeGiven():
                self.notices.append(event.message)
            case RunFinished():
                self.finished = event
            case _:  # a sweep says nothing else that its curve shows
                pass


def _never_falls(losses: NDArray[np.float64], smoothed: NDArray[np.float64]) -> bool:
    """Compare the lowest smoothed loss with the mean of the first batches and its uncertainty."""
    first = max(_FEWEST_AT_START, len(losses) // 10)
    later = smoothed[first:]
    later = later[np.isfinite(later)]
    if len(later) < first or not np.isfinite(losses[:first]).all():
        return False
    # Differences of neighbours hold the noise of single batches and hardly any of the curve.
    noise = float(np.std(np.diff(losses[: len(losses) // 2]))) / math.sqrt(2)
    return float(later.min()) > float(losses[:first].mean()) - _SURE * noise / math.sqrt(first)
