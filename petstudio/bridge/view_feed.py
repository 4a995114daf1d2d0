"""What an evaluation view shows, asked of the engine process whenever it may have changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.errors import PetStudioError
from petstudio.api.events import Event, Outcome, RunFinished, ViewMade
from petstudio.api.language import tr
from petstudio.bridge.runner import JobRunner, JobState
from petstudio.bridge.side_job import SideJob
from petstudio.jobs.engine_job import view_job
from petstudio.jobs.job import Job
from petstudio.jobs.viewing import ViewWish
from petstudio.plugin_host.host import PluginHost

MakeView: TypeAlias = Callable[[PluginHost, Path, ViewWish], Job]
VIEWS: Final = tr("Evaluation view")
"""What the job is called."""


class ViewFeed(QObject):
    """Only the newest wish counts; one that comes while another job runs waits for its end."""

    changed = Signal()

    def __init__(
        self,
        host: PluginHost,
        runner: JobRunner,
        make_job: MakeView = view_job,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.host = host
        self._runner = runner
        self._make_job = make_job
        self._project: Path | None = None
        self._wish: ViewWish | None = None
        self._is_due = False
        self._told: ViewMade | None = None
        self._job = SideJob(runner, self)
        self.found: ViewMade | None = None
        self.problem = ""
        self._job.ended.connect(self._on_ended)
        runner.events_arrived.connect(self._take)
        runner.state_changed.connect(self._on_runner_state)

    @property
    def is_looking(self) -> bool:
        """Whether the running job is one that looks with a view."""
        return self._job.is_running

    def turn_to(self, project: Path | None) -> None:
        """Look at this project's results from now on."""
        self._project = project
        self.forget()

    def want(self, wish: ViewWish) -> None:
        """Look with this view; what it found with other options, or labels, stays until then."""
        if self._wish is None or replace(self._wish, options=wish.options) != wish:
            self.found = None
        self._wish, self._is_due, self.problem = wish, True, ""
        self._look()
        self.changed.emit()

    def forget(self) -> None:
        """Nothing is wanted any more."""
        self._wish, self._is_due, self.found, self.problem = None, False, None, ""
        self.changed.emit()

    def _look(self) -> None:
        if self._project is None or self._wish is None or not self._is_due:
            return
        if self._runner.state is not JobState.IDLE:
            title = self._runner.title or tr("another job")
            self.problem = "" if self.is_looking else tr("Shown when “{title}” ends.", title=title)
            return
        self._is_due, self._told, self.problem = False, None, ""
        try:
            job = self._make_job(self.host, self._project, self._wish)
        except PetStudioError as error:
            self.found, self.problem = None, str(error)
        else:
            self._job.start(job, title=VIEWS)

    @Slot(object)
    def _take(self, events: tuple[Event, ...]) -> None:
        if self.is_looking:
            self._told = next((one for one in events if isinstance(one, ViewMade)), self._told)

    @Slot(object)
    def _on_ended(self, finished: RunFinished) -> None:
        if self._wish is not None and not self._is_due:
            has_failed = finished.outcome is not Outcome.COMPLETED
            self.found = None if has_failed else self._told
            self.problem = finished.message if has_failed else ""
            self.changed.emit()

    @Slot(object)
    def _on_runner_state(self, state: JobState) -> None:
        if state is JobState.IDLE and self._is_due:
            self._look()
            self.changed.emit()
