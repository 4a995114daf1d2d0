"""The engine kept warm: one process that runs job after job, and is replaced when it dies."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Lock
from typing import Final

from petstudio.api.control import RunControl
from petstudio.api.errors import ConflictError, PetStudioError, RunCancelledError
from petstudio.api.events import Emit, Outcome, ProgressMade, RunFinished
from petstudio.api.language import tr
from petstudio.jobs.engine_job import EngineJob
from petstudio.jobs.engine_process import EngineDiedError, EngineProcess
from petstudio.jobs.engine_state import EngineState
from petstudio.jobs.engine_watch import POLL_S, Patience, Steering, Watch
from petstudio.jobs.job import Job, run_job

STARTING: Final = tr("Starting the engine")
KEPT: Final = tr(
    "What was written before is kept; an unfinished run goes on from its last checkpoint."
)

logger = logging.getLogger(__name__)


class _JobLostError(EngineDiedError):
    """The process died while it ran the job."""


class WarmEngine:
    """Runs one job at a time in a child process. `on_state` is called from several threads."""

    def __init__(
        self,
        *,
        safe_mode: bool = False,
        on_state: Callable[[EngineState], None] | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._safe_mode = safe_mode
        self._on_state = on_state or (lambda _state: None)
        self._patience = patience or Patience()
        self._lock = Lock()
        self._process: EngineProcess | None = None
        self._starts = 0
        self._is_closed = False

    @property
    def pid(self) -> int | None:
        """The process that the next job would go to."""
        process = self._process
        return process.pid if process is not None and not process.is_over else None

    def start(self) -> EngineProcess:
        """Start the process unless it is there; returns at once.

        Raises:
            EngineDiedError: the machine does not let us.
            ConflictError: the engine was closed.
        """
        with self._lock:
            if self._is_closed:
                raise ConflictError(tr("The engine has been closed."))
            if self._process is None or self._process.is_over:
                self._process = self._new_process()
            return self._process

    def run(self, job: Job, emit: Emit, control: RunControl) -> RunFinished:
        """Run a job to its end and emit its last event, as `run_job` does.

        An EngineJob runs in the process, any other job here. The process dying fails the job.
        """
        if not isinstance(job, EngineJob):
            return run_job(job, emit, control)
        started = time.monotonic()
        try:
            finished = self._drive(job, emit, control)
        except PetStudioError as error:
            finished = _ending(error, time.monotonic() - started)
            emit(finished)
        if finished.details:
            # After a fault of the graphics card nothing in that process can use it any more.
            self._replace()
        return finished

    def close(self) -> None:
        """End the process; nothing starts it again."""
        with self._lock:
            self._is_closed = True
            process, self._process = self._process, None
        if process is not None:
            process.end()

    def _drive(self, job: EngineJob, emit: Emit, control: RunControl) -> RunFinished:
        packed = job.packed()
        process = self.start()
        self._wait_until_ready(process, emit, control)
        process.send(packed)
        try:
            return self._follow(process, emit, control)
        except EngineDiedError as error:
            self._replace()
            raise _JobLostError(error.what, cure=error.cure) from error
        except RunCancelledError:
            self._replace()
            raise

    def _wait_until_ready(self, process: EngineProcess, emit: Emit, control: RunControl) -> None:
        if not process.is_ready:
            emit(ProgressMade(task=STARTING, done=0))
        watch = Watch(process, control, self._patience)
        while not process.is_ready:
            control.checkpoint()
            process.receive(POLL_S)
            watch.look()

    def _follow(self, process: EngineProcess, emit: Emit, control: RunControl) -> RunFinished:
        steering = Steering(process, control)
        watch = Watch(process, control, self._patience)
        while True:
            steering.pass_on()
            events = process.receive(POLL_S)
            for event in events:
                emit(event)
            if events and isinstance(events[-1], RunFinished):
                return events[-1]
            watch.look()

    def _replace(self) -> None:
        """Have a fresh process warm for the next job. Only after a job, so it cannot go round."""
        process = self._process
        if process is not None:
            process.kill()
        try:
            self.start()
        except PetStudioError as error:
            logger.warning("The engine was not started again: %s", error)

    def _new_process(self) -> EngineProcess:
        self._starts += 1
        self._on_state(EngineState.STARTING)
        is_first = self._starts == 1
        ready = EngineState.READY if is_first else EngineState.RESTARTED
        return EngineProcess(
            safe_mode=self._safe_mode,
            on_ready=lambda: self._on_state(ready),
            on_end=lambda: self._on_state(EngineState.STOPPED),
        )


def _ending(error: PetStudioError, seconds: float) -> RunFinished:
    if isinstance(error, RunCancelledError):
        return RunFinished(outcome=Outcome.CANCELLED, seconds=seconds, kept=error.kept)
    kept = KEPT if isinstance(error, _JobLostError) else ""
    return RunFinished(outcome=Outcome.FAILED, seconds=seconds, message=str(error), kept=kept)
