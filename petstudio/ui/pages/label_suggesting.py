"""Getting suggestions from a finished run, beside the Label page."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.errors import PetStudioError
from petstudio.api.events import Event, Outcome, ProgressMade, RunFinished
from petstudio.bridge.runner import JobRunner
from petstudio.bridge.session import Session
from petstudio.bridge.side_job import SideJob
from petstudio.jobs.job import Job
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.pages import label_words as words


class MakeSuggestions(Protocol):
    def __call__(self, host: PluginHost, project: Path, *, run: int | None = None) -> Job: ...


class SuggestingPart(QObject):
    """Starts the job, and has the session look again when it is over."""

    changed = Signal()
    """`state` is another one now."""
    failed = Signal(str, str)
    """Why there are no suggestions, and what is kept."""

    def __init__(
        self,
        host: PluginHost,
        runner: JobRunner,
        session: Session,
        make: MakeSuggestions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._host = host
        self._session = session
        self._make = make
        self._job = SideJob(runner, self)
        self._project: Path | None = None
        self._progress: ProgressMade | None = None
        self._job.ended.connect(self._on_ended)
        runner.events_arrived.connect(self._follow)

    @property
    def is_going(self) -> bool:
        return self._job.is_running

    @property
    def state(self) -> str:
        """How far it is, in words; empty when it is not going."""
        if not self.is_going:
            return ""
        at = self._progress
        return words.suggesting(at.done, at.total) if at else words.SUGGESTING

    def start(self, project: Path, run: int | None) -> None:
        """Suggest labels with a run; None is the latest one."""
        try:
            self._job.start(self._make(self._host, project, run=run), title=words.SUGGESTING)
        except PetStudioError as error:
            self.failed.emit(error.what, error.cure)
            return
        self._project, self._progress = project, None
        self.changed.emit()

    @Slot(object)
    def _follow(self, events: tuple[Event, ...]) -> None:
        made = [event for event in events if isinstance(event, ProgressMade)]
        if self.is_going and made:
            self._progress = made[-1]
            self.changed.emit()

    @Slot(object)
    def _on_ended(self, finished: RunFinished) -> None:
        self.changed.emit()
        if finished.outcome is not Outcome.COMPLETED:
            self.failed.emit(finished.message or words.STOPPED, finished.kept)
        elif self._project is not None and self._project == self._session.path:
            self._session.look_again()
