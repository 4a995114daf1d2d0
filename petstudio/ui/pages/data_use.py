"""What was chosen becomes a project, which is then opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from petstudio.api.language import tr
from petstudio.bridge.project_job import ProjectJob
from petstudio.bridge.project_view import project_name
from petstudio.bridge.runner import JobRunner
from petstudio.bridge.session import Session
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.pages.data_banners import DataBanners

if TYPE_CHECKING:
    from petstudio.ui.pages.data_bench import Choice


class DataUse(QObject):
    """Runs the job; the banners say what went wrong."""

    progressed = Signal(str)
    given_up = Signal()
    """There is no project, and the choice is as it was."""

    def __init__(
        self,
        host: PluginHost,
        runner: JobRunner,
        session: Session,
        banners: DataBanners,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._host = host
        self._job = ProjectJob(runner, self)
        self._job.progressed.connect(self.progressed)
        self._job.created.connect(session.open)
        self._job.failed.connect(banners.show_failure)
        self._job.failed.connect(self.given_up)
        self._job.stopped.connect(banners.show_stop)
        self._job.stopped.connect(self.given_up)

    @property
    def is_running(self) -> bool:
        return self._job.is_running

    def start(self, choice: Choice, place: Path) -> None:
        """Make a project of a choice in a place where there is nothing yet."""
        from petstudio.jobs.importing import create_project

        job = create_project(self._host, place, *choice)
        self._job.start(job, title=tr("Project {name}", name=project_name(place)), path=place)
