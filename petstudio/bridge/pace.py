"""How fast a run goes and when it will be over, with an honest spread."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import Final

RECENT_STEPS: Final = 64
FEWEST_STEPS: Final = 3  # fewer batches than this say nothing about the rest


@dataclass(frozen=True, kw_only=True)
class TimeLeft:
    """Seconds until the end, give or take `spread` seconds."""

    seconds: float
    spread: float


class Pace:
    """Watches the latest steps of a run and the validation after each epoch."""

    def __init__(self, batch_size: int) -> None:
        self._batch_size = batch_size
        self._seconds_per_step: deque[float] = deque(maxlen=RECENT_STEPS)
        self.seconds_in_epoch = 0.0
        self._validation_seconds = 0.0
        self._waiting: deque[float] = deque(maxlen=RECENT_STEPS)

    @property
    def waiting(self) -> float:
        """The share of the latest steps' time that went into waiting for pictures; NaN before."""
        return fmean(self._waiting) if self._waiting else math.nan

    @property
    def images_per_second(self) -> float:
        """The speed over the latest steps; 0 before the first one of a stage."""
        seconds = sum(self._seconds_per_step)
        return self._batch_size * len(self._seconds_per_step) / seconds if seconds else 0.0

    @property
    def recent(self) -> tuple[float, ...]:
        """Images per second of the latest steps, oldest first."""
        return tuple(self._batch_size / seconds for seconds in self._seconds_per_step)

    def add_step(self, images_per_second: float, waiting: float = 0.0) -> None:
        self._waiting.append(waiting)
        if not (images_per_second > 0 and math.isfinite(images_per_second)):
            return
        seconds = self._batch_size / images_per_second
        self._seconds_per_step.append(seconds)
        self.seconds_in_epoch += seconds

    def end_epoch(self, seconds: float) -> None:
        """Learn from the length of a whole epoch what its validation took."""
        self._validation_seconds = max(0.0, seconds - self.seconds_in_epoch)
        self.seconds_in_epoch = 0.0

    def start_stage(self) -> None:
        """Forget the steps so far: other layers train now, at another speed."""
        self._seconds_per_step.clear()
        self._waiting.clear()
        self.seconds_in_epoch = 0.0

    def time_left(self, *, steps: int, epochs: int) -> TimeLeft | None:
        """Estimate what the given steps and validations will take; None while it is a guess."""
        measured = len(self._seconds_per_step)
        if measured < FEWEST_STEPS:
            return None
        seconds = steps * fmean(self._seconds_per_step) + epochs * self._validation_seconds
        # Twice the standard error of the mean: the part of the error that the measurements show.
        spread = 2 * steps * pstdev(self._seconds_per_step) / math.sqrt(measured)
        return TimeLeft(seconds=seconds, spread=spread)
