"""The jobs that make a project, told apart from the others that share the runner."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.events import Event, Outcome, ProgressMade, ProjectCreated, RunFinished
from petstudio.api.language import tr
from petstudio.bridge.runner import JobRunner
from petstudio.jobs.job import Job


class ProjectJob(QObject):
    """Starts such a job and says what became of it."""

    progressed = Signal(str)
    """What it is at, for example "Checking pictures, 45 of 185"."""
    created = Signal(object)
    """The Path of the project."""
    failed = Signal(str)
    """Why there is none."""
    stopped = Signal(str)
    """What is kept; empty if nothing is."""

    def __init__(
        self, runner: JobRunner, parent: QObject | None = None, *, in_bytes: bool = False
    ) -> None:
        """`in_bytes` says that its progress is one in bytes."""
        super().__init__(parent)
        self._in_bytes = in_bytes
        self._runner = runner
        self._path: Path | None = None
        self.is_running = False
        runner.events_arrived.connect(self._take)

    def start(self, job: Job, *, title: str, path: Path) -> None:
        """Run the job, which makes the project `path` unless it is there.

        Raises:
            ConflictError: another job is running.
        """
        self._runner.start(job, title=title)
        self._path = path
        self.is_running = True

    @Slot(object)
    def _take(self, events: tuple[Event, ...]) -> None:
        if not self.is_running:
            return
        for event in events:
            match event:
                case ProgressMade(task=task, done=done, total=total):
                    self.progressed.emit(f"{task}{self._count(done, total)}")
                case ProjectCreated(path=path):
                    self._path = Path(path)
                case RunFinished():
                    self.is_running = False
                    self._tell_end(event)
                case _:
                    pass

    def _count(self, done: int, total: int) -> str:
        if not total:
            return ""
        if self._in_bytes:
            return tr(
                ", {done:,.0f} of {total:,.0f} MB", done=done / 1000000.0, total=total / 1000000.0
            )
        return tr(", {done:,} of {total:,}", done=done, total=total)

    def _tell_end(self, end: RunFinished) -> None:
        match end.outcome:
            case Outcome.COMPLETED:
                self.created.emit(self._path)
            case Outcome.CANCELLED:
                self.stopped.emit(end.kept)
            case Outcome.FAILED:
                self.failed.emit(end.message)
            case _:
                assert_never(end.outcome)
