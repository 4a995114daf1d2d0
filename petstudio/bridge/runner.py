"""One job at a time in a thread of its own, steered from and reporting to the window."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from functools import partial
from typing import TypeAlias

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from petstudio.api.control import RunControl
from petstudio.api.errors import ConflictError
from petstudio.api.events import Emit
from petstudio.api.language import tr
from petstudio.bridge.relay import EventRelay
from petstudio.jobs.job import Job, run_job

RunJob: TypeAlias = Callable[[Job, Emit, RunControl], object]
"""Runs a job to its end and emits its last event, RunFinished."""


class JobState(Enum):
    """What the runner is doing."""

    IDLE = auto()
    RUNNING = auto()
    PAUSED = auto()
    STOPPING = auto()


class JobRunner(QObject):
    """Runs jobs one after the other; every signal arrives in the window's thread.

    The last batch of a job ends with RunFinished; only after it does the state become IDLE, and
    only then can the next job start. With `run_job`, all of a job happens in the runner's thread;
    an EngineLink's `run` sends those that need torch to the engine process.
    """

    events_arrived = Signal(object)
    """A tuple of events."""
    state_changed = Signal(object)
    """The new JobState."""

    def __init__(self, parent: QObject | None = None, *, run: RunJob = run_job) -> None:
        super().__init__(parent)
        self._run = run
        self._relay = EventRelay(self)
        self._relay.batch_arrived.connect(self.events_arrived)
        self._state = JobState.IDLE
        self._title = ""
        self._control = RunControl()
        self._thread: QThread | None = None
        self._worker: _Worker | None = None

    @property
    def state(self) -> JobState:
        return self._state

    @property
    def title(self) -> str:
        """What the running or last job was called when it was started."""
        return self._title

    def start(self, job: Job, *, title: str = "") -> None:
        """Run the job in the background.

        Raises:
            ConflictError: another one is still running.
        """
        if self._thread is not None:
            raise ConflictError(
                tr("“{title}” is still running.", title=self._title),
                cure=tr("Wait for its end or stop it first."),
            )
        self._title = title
        self._control = RunControl()
        self._thread = QThread(self)
        self._thread.setObjectName(f"job {title}")
        self._worker = _Worker(partial(self._run, job, self._relay.post, self._control))
        self._worker.moveToThread(self._thread)
        self._thread.started.connect(self._worker.run)
        self._thread.finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)
        self._thread.start()
        self._enter(JobState.RUNNING)

    def pause(self) -> None:
        """Let the job wait at its next checkpoint."""
        if self._state is JobState.RUNNING:
            self._control.pause()
            self._enter(JobState.PAUSED)

    def resume(self) -> None:
        if self._state is JobState.PAUSED:
            self._control.resume()
            self._enter(JobState.RUNNING)

    def cancel(self) -> None:
        """Let the job end at its next checkpoint, also when it is paused."""
        if self._state in (JobState.RUNNING, JobState.PAUSED):
            self._control.cancel()
            self._enter(JobState.STOPPING)

    def end_with_epoch(self) -> None:
        """Let a training run end when its epoch is over; a paused one goes on until then."""
        if self._state in (JobState.RUNNING, JobState.PAUSED):
            self._control.end_with_epoch()
            self._enter(JobState.RUNNING)

    def leave_note(self, note: object) -> None:
        """Give the job something that it takes when it suits."""
        if self._state in (JobState.RUNNING, JobState.PAUSED):
            self._control.leave_note(note)

    def shutdown(self, timeout_ms: int = 10_000) -> bool:
        """Cancel the job and wait for its end; False when it has not ended in that time."""
        self.cancel()
        if self._thread is not None and not self._thread.wait(timeout_ms):
            return False
        self._on_finished()
        return True

    @Slot()
    def _on_finished(self) -> None:
        # A late signal of an earlier thread finds none, or the next one still at work.
        if self._thread is None or not self._thread.isFinished():
            return
        self._thread.wait()
        self._relay.flush()
        self._thread.deleteLater()
        self._thread = None
        self._worker = None
        self._enter(JobState.IDLE)

    def _enter(self, state: JobState) -> None:
        self._state = state
        self.state_changed.emit(state)


class _Worker(QObject):
    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__()
        self._work = work

    @Slot()
    def run(self) -> None:
        try:
            self._work()
        finally:
            # From here, not by a signal: that would be queued to a window that may be waiting.
            QThread.currentThread().quit()
