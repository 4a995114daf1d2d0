"""The training run on a runner that other jobs share: started here, told apart, remembered."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.events import Event, RunFinished, StageFinished
from petstudio.api.language import tr
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.run_log import Clock
from petstudio.bridge.run_stages import StageState
from petstudio.bridge.runner import JobRunner, JobState
from petstudio.config.rate_edit import RateEdit
from petstudio.config.recipe import Recipe
from petstudio.config.whole_batches import WholeBatches
from petstudio.jobs.job import Job

TITLE: Final = tr("Training")


class RunFeed(QObject):
    """Keeps the LiveRun of the latest run, also after its end."""

    advanced = Signal()
    """There is news in `run`; comes often, so draw from a timer."""
    ended = Signal(object)
    """The RunFinished of the run."""
    stage_ended = Signal()
    """A stage of the run is over, and it was not the last one."""
    state_changed = Signal()
    """A run began, paused, went on or ended, or another job took or left the runner."""

    def __init__(
        self, runner: JobRunner, parent: QObject | None = None, *, now: Clock = datetime.now
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._now = now
        self.run: LiveRun | None = None
        self.is_going = False
        self.paused_since: datetime | None = None
        runner.events_arrived.connect(self._take)
        runner.state_changed.connect(self._on_state_changed)

    @property
    def state(self) -> JobState:
        """What the run is doing; IDLE also while the runner is busy with another job."""
        return self._runner.state if self.is_going else JobState.IDLE

    @property
    def number(self) -> int | None:
        """The number of the latest run; None before it has one."""
        started = self.run.started if self.run is not None else None
        return started.run if started is not None else None

    @property
    def busy_with(self) -> str | None:
        """The title of another job that has the runner."""
        is_free = self.is_going or self._runner.state is JobState.IDLE
        return None if is_free else self._runner.title

    def start(self, job: Job, recipe: Recipe, past: tuple[Event, ...] = ()) -> None:
        """Run the job, whose events become a new LiveRun, behind those that it told in the past.

        Raises:
            ConflictError: a job is still running.
        """
        if self._runner.state is JobState.IDLE:
            # Before the start, which already tells of the new state.
            self.run = LiveRun(recipe, now=self._now)
            self.run.feed(past)
            self.is_going = True
        self._runner.start(job, title=TITLE)

    def show(self, run: LiveRun | None) -> None:
        """Put a run that is over, or none, in place of the one that has ended."""
        if not self.is_going:
            self.run = run

    def pause(self) -> None:
        if self.is_going:
            self._runner.pause()

    def resume(self) -> None:
        if self.is_going:
            self._runner.resume()

    def edit_rates(self, edit: RateEdit) -> None:
        """Change the rates that are to come, from the next epoch on."""
        if self.is_going:
            self._runner.leave_note(edit)

    def undo_division(self) -> None:
        """Try whole batches again, from the next epoch on."""
        if self.is_going:
            self._runner.leave_note(WholeBatches())

    def stop_after_epoch(self) -> None:
        """End the run when the epoch is over."""
        if self.is_going:
            self._runner.end_with_epoch()

    def stop(self) -> None:
        """End the run at its next batch; the job says what it keeps."""
        if self.is_going:
            self._runner.cancel()

    @Slot(object)
    def _take(self, events: tuple[Event, ...]) -> None:
        if not self.is_going or self.run is None:
            return
        self.run.feed(events)
        self.advanced.emit()
        last = events[-1]
        if any(isinstance(event, StageFinished) for event in events) and not self._is_last_stage():
            self.stage_ended.emit()
        if isinstance(last, RunFinished):
            self.ended.emit(last)

    def _is_last_stage(self) -> bool:
        return self.run is None or self.run.stages[-1].state is StageState.DONE

    @Slot(object)
    def _on_state_changed(self, state: JobState) -> None:
        self._note_pause(state)
        if state is JobState.IDLE:
            self.is_going = False
        self.state_changed.emit()

    def _note_pause(self, state: JobState) -> None:
        if not self.is_going or self.run is None:
            return
        if state is JobState.PAUSED:
            self.paused_since = self._now()
            self.run.log.add(tr("paused"))
        elif self.paused_since is not None:
            self.paused_since = None
            if state is JobState.RUNNING:
                self.run.log.add(tr("goes on"))
