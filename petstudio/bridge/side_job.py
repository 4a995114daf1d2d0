"""A job that a page starts beside its main work, told apart from others on the same runner."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.events import Event, RunFinished
from petstudio.bridge.runner import JobRunner, JobState
from petstudio.jobs.job import Job


class SideJob(QObject):
    """Says when it is over, and only for its own job."""

    ended = Signal(object)
    """The RunFinished, once the runner is free again."""

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._finished: RunFinished | None = None
        self.is_running = False
        runner.events_arrived.connect(self._take)
        runner.state_changed.connect(self._on_state_changed)

    def start(self, job: Job, *, title: str) -> None:
        """Run the job.

        Raises:
            ConflictError: another job is running.
        """
        self._runner.start(job, title=title)
        self.is_running = True

    @Slot(object)
    def _take(self, events: tuple[Event, ...]) -> None:
        if self.is_running and isinstance(events[-1], RunFinished):
            self._finished = events[-1]

    @Slot(object)
    def _on_state_changed(self, state: JobState) -> None:
        if state is JobState.IDLE and self.is_running and self._finished is not None:
            self.is_running = False
            finished, self._finished = self._finished, None
            self.ended.emit(finished)
