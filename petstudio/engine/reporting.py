"""Tells what each step did, once its loss has arrived from the device."""

from __future__ import annotations

import math
import time
from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from petstudio.api.errors import DivergedError
from petstudio.api.events import Emit, StepFinished
from petstudio.api.language import tr
from petstudio.engine.losses import LossReader
from petstudio.engine.smoothing import SmoothedLoss

_CLOCK_STEP_S: Final = 1e-6


@dataclass(frozen=True, kw_only=True)
class StepPlace:
    """Where a step stands and what held for it; `step` counts from 0 over the whole run.

    `waited_s` is how long it waited for its pictures. `pictures` are the indices of this process's
    part of the batch, int64 (n,).
    """

    stage: int
    epoch: int
    step: int
    rate: float
    momentum: float
    images: int
    pictures: NDArray[np.int64]
    waited_s: float = 0.0


class StepDivergedError(DivergedError):
    """The loss of a step, or a weight after it, is not finite; `place` tells which step."""

    def __init__(self, place: StepPlace, loss: float) -> None:
        step, rate = place.step + 1, place.rate
        if math.isfinite(loss):
            what = tr(
                "A weight is not a finite number any more at step {step}, at a learning rate of "
                "{rate:.1e}.",
                step=step,
                rate=rate,
            )
        else:
            what = tr(
                "The loss is not a finite number any more at step {step}, at a learning rate of "
                "{rate:.1e}.",
                step=step,
                rate=rate,
            )
        super().__init__(
            what,
            cure=tr("Lower the learning rate of this stage, or clip the gradients."),
        )
        self.place = place
        self.loss = loss

    def __reduce__(self) -> tuple[object, ...]:
        return StepDivergedError, (self.place, self.loss)


@dataclass(frozen=True, kw_only=True)
class ReporterState:
    """What a run that goes on needs of its reporter; `losses` are those of the current epoch."""

    smoothed: tuple[float, int] = (0.0, 0)
    losses: tuple[float, ...] = ()


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

    def state(self) -> ReporterState:
        """Wait for all losses that were taken, tell them, and return where that leads to."""
        self._tell(self._reader.rest())
        return ReporterState(smoothed=self._smoothed.state, losses=tuple(self._losses))

    def restore(self, state: ReporterState) -> None:
        """Go on where another one stood."""
        self._smoothed.restore(state.smoothed)
        self._losses = list(state.losses)

    def start_epoch(self, *, goes_on: bool = False) -> None:
        """Forget the time, and unless the epoch `goes_on` the losses, of what went before."""
        if not goes_on:
            self._losses = []
        self._clock = time.monotonic()

    def leave_out(self, seconds: float) -> None:
        """Do not count a pause as working time."""
        self._clock += seconds

    def add(self, place: StepPlace, loss: torch.Tensor) -> None:
        """Take a step that was given to the device.

        Raises:
            StepDivergedError: a loss that has arrived is not a number.
        """
        self._waiting.append(place)
        self._tell(self._reader.add(loss))

    def mean_loss(self) -> float:
        """Tell all steps; return the mean of the epoch's losses, NaN without any."""
        losses = self.state().losses
        return math.fsum(losses) / len(losses) if losses else math.nan

    def _tell(self, losses: list[float]) -> None:
        if not losses:
            return
        places = [self._waiting.popleft() for _ in losses]
        now = time.monotonic()
        images = sum(place.images for place in places)
        seconds = max(now - self._clock, _CLOCK_STEP_S)
        waiting = min(1.0, sum(place.waited_s for place in places) / seconds)
        self._clock = now
        for place, loss in zip(places, losses, strict=True):
            if not math.isfinite(loss):
                raise StepDivergedError(place, loss)
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
                    images_per_second=images / seconds,
                    waiting=waiting,
                )
            )
