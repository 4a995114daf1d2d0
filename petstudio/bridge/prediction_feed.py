"""A prediction on a runner that other jobs share: started here, told apart, its results kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.events import Event, RunFinished
from petstudio.bridge.prediction_list import PredictionList
from petstudio.bridge.runner import JobRunner, JobState
from petstudio.jobs.job import Job

_ENOUGH: Final = 96  # three batches, from which on it can be said how long the rest takes


class PredictionFeed(QObject):
    """Keeps the results also after the end; a job may add to those of an earlier one."""

    advanced = Signal()
    """There are more results; comes often, so draw from a timer."""
    ended = Signal(object)
    """The RunFinished of the prediction, once the runner is free again."""
    state_changed = Signal()
    """A prediction began, is being stopped or ended, or another job took or left the runner."""

    def __init__(
        self,
        runner: JobRunner,
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._clock = clock
        self._first_at = 0.0
        self._first_done = 0
        self._finished: RunFinished | None = None
        self.results = PredictionList()
        self.is_going = False
        self.done = 0
        self.total = 0
        runner.events_arrived.connect(self._take)
        runner.state_changed.connect(self._on_state_changed)

    @property
    def is_free(self) -> bool:
        """Whether a prediction could start."""
        return self._runner.state is JobState.IDLE

    @property
    def is_stopping(self) -> bool:
        return self.is_going and self._runner.state is JobState.STOPPING

    @property
    def seconds_left(self) -> float | None:
        """How long the prediction will take from now on, if that can be said."""
        since_first = self.done - self._first_done
        if not self.is_going or since_first < _ENOUGH:
            return None
        return (self._clock() - self._first_at) * (self.total - self.done) / since_first

    @property
    def busy_with(self) -> str:
        """What another job on the runner is called; empty without one."""
        return "" if self.is_free or self.is_going else self._runner.title

    def start(self, job: Job, results: PredictionList, total: int, *, title: str) -> None:
        """Run the job, which predicts `total` pictures, into `results`.

        Raises:
            ConflictError: a job is still running.
        """
        if self.is_free:  # before the start, which already tells of the new state
            self.results, self.done, self.total = results, 0, total
            self.is_going = True
        self._runner.start(job, title=title)

    def stop(self) -> None:
        """End the prediction at its next batch; the results so far stay."""
        if self.is_going:
            self._runner.cancel()

    @Slot(object)
    def _take(self, events: tuple[Event, ...]) -> None:
        if not self.is_going:
            return
        count = self.results.add(events)
        if count and not self.done:  # loading the model took its time before
            self._first_at, self._first_done = self._clock(), count
        self.done += count
        if isinstance(events[-1], RunFinished):
            self._finished = events[-1]
        self.advanced.emit()

    @Slot(object)
    def _on_state_changed(self, state: JobState) -> None:
        has_ended = self.is_going and state is JobState.IDLE
        if has_ended:
            self.is_going = False
        self.state_changed.emit()
        finished, self._finished = self._finished if has_ended else None, None
        if finished is not None:
            self.ended.emit(finished)
