"""Tells what each step did, once its loss has arrived from the device."""

from __future__ import annotations

import math
import time
from collections import deque
from dataclasses import dataclass
from typing import Final

import torch

from petstudio.api.errors import DivergedError
from petstudio.api.events import Emit, StepFinished
from petstudio.engine.losses import LossReader
from petstudio.engine.smoothing import SmoothedLoss

_CLOCK_STEP_S: Final = 1e-6


@dataclass(frozen=True, kw_only=True)
class StepPlace:
    """Where a step stands and what held for it; `step` counts from 0 over the whole run."""

    stage: int
    epoch: int
    step: int
    rate: float
    momentum: float
    images: int


class StepReporter:
    """Emits StepFinished in order; on a GPU some steps later, several at a time."""

    def __init__(self, emit: Emit, device: torch.device, smoothed: SmoothedLoss) -> None:
        self._emit = emit
        self._reader = LossReader(device)
        self._smoothed = smoothed
        self._waiting: deque[StepPlace] = deque()
        self._losses: list[float] = []
        self._clock = time.monotonic()

    @property
    def smoothed_loss(self) -> float:
        """The smoothed loss of the steps told so far; NaN before the first."""
        return self._smoothed.value

    def start_epoch(self) -> None:
        """Forget the losses and the time of what went before."""
        self._losses = []
        self._clock = time.monotonic()

    def leave_out(self, seconds: float) -> None:
        """Do not count a pause as working time."""
        self._clock += seconds

    def add(self, place: StepPlace, loss: torch.Tensor) -> None:
        """Take a step that was given to the device.

        Raises:
            DivergedError: a loss that has arrived is not a number.
        """
        self._waiting.append(place)
        self._tell(self._reader.add(loss))

    def end_epoch(self) -> float:
        """Tell all steps; return the mean of the epoch's losses, NaN without any."""
        self._tell(self._reader.rest())
        return math.fsum(self._losses) / len(self._losses) if self._losses else math.nan

    def _tell(self, losses: list[float]) -> None:
        if not losses:
            return
        places = [self._waiting.popleft() for _ in losses]
        now = time.monotonic()
        images = sum(place.images for place in places)
        speed = images / max(now - self._clock, _CLOCK_STEP_S)
        self._clock = now
        for place, loss in zip(places, losses, strict=True):
            _check(place, loss)
            self._losses.append(loss)
            self._emit(
                StepFinished(
                    stage=place.stage,
                    epoch=place.epoch,
                    step=place.step,
                    loss=loss,
                    smoothed_loss=self._smoothed.add(loss),
                    rate=place.rate,
                    momentum=place.momentum,
                    images_per_second=speed,
                )
            )


def _check(place: StepPlace, loss: float) -> None:
    if not math.isfinite(loss):
        raise DivergedError(
            f"The loss is not a number any more at step {place.step + 1}, "
            f"at a learning rate of {place.rate:.1e}.",
            cure="Lower the learning rate of this stage.",
        )
