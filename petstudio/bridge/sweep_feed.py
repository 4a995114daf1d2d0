"""The learning-rate sweep on a runner that other jobs share: started here, told apart, kept."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.events import Event
from petstudio.api.language import tr
from petstudio.bridge.live_sweep import Ghost, LiveSweep
from petstudio.bridge.runner import JobRunner, JobState
from petstudio.config.recipe import Recipe
from petstudio.jobs.job import Job

TITLE: Final = tr("Learning rate sweep")
MOST_GHOSTS: Final = 3


class SweepFeed(QObject):
    """Keeps the latest LiveSweep, also after its end; earlier ones become its ghosts."""

    advanced = Signal()
    """There is news in `sweep`; comes often, so draw from a timer."""
    ended = Signal(object)
    """The RunFinished of the sweep, once the runner is free again."""
    state_changed = Signal()
    """A sweep began, is being stopped or ended, or another job took or left the runner."""

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self.sweep: LiveSweep | None = None
        self.is_going = False
        runner.events_arrived.connect(self._take)
        runner.state_changed.connect(self._on_state_changed)

    @property
    def state(self) -> JobState:
        """What the sweep is doing; IDLE also while the runner is busy with another job."""
        return self._runner.state if self.is_going else JobState.IDLE

    def start(self, job: Job, recipe: Recipe, stage: int, *, data: str = "") -> None:
        """Run the job, whose events become a new LiveSweep of the stage, counted from 0.

        Raises:
            ConflictError: a job is still running.
        """
        if self._runner.state is JobState.IDLE:
            # Before the start, which already tells of the new state.
            self.sweep = LiveSweep(recipe, stage, data=data, ghosts=self._ghosts())
            self.is_going = True
        self._runner.start(job, title=TITLE)

    def forget(self) -> None:
        """Drop the sweep that has ended, and its ghosts."""
        if not self.is_going:
            self.sweep = None

    def stop(self) -> None:
        """End the sweep at its next batch."""
        if self.is_going:
            self._runner.cancel()

    def _ghosts(self) -> tuple[Ghost, ...]:
        """Return the curves so far, the newest first."""
        if self.sweep is None:
            return ()
        newest = self.sweep.ghost
        ghosts = self.sweep.ghosts if newest is None else (newest, *self.sweep.ghosts)
        return ghosts[:MOST_GHOSTS]

    @Slot(object)
    def _take(self, events: tuple[Event, ...]) -> None:
        if self.is_going and self.sweep is not None:
            self.sweep.feed(events)
            self.advanced.emit()

    @Slot(object)
    def _on_state_changed(self, state: JobState) -> None:
        was_going = self.is_going
        if state is JobState.IDLE:
            self.is_going = False
        self.state_changed.emit()
        finished = self.sweep.finished if self.sweep is not None else None
        if was_going and not self.is_going and finished is not None:
            self.ended.emit(finished)
