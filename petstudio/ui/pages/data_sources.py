"""Where pictures come from when they are not a folder yet: drawn, fetched, or unpacked."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from petstudio.api.language import tr
from petstudio.bridge.project_job import ProjectJob
from petstudio.bridge.runner import JobRunner
from petstudio.bridge.session import Session
from petstudio.config.paths import data_folder
from petstudio.plugin_host.host import PluginHost
from petstudio.project.names import shown_text
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.path_question import ask_new_place
from petstudio.ui.widgets.pets_question import PetsQuestion

if TYPE_CHECKING:
    from petstudio.jobs.downloads import Download

_SAMPLE_FOLDER: Final = "sample"
_SAMPLE: Final = tr("Sample set")
_UNPACKING: Final = tr("Unpacking {archive}")
_FETCHING: Final = tr("Pets photos")
_WHERE: Final = tr("Where to unpack the archive: the name of a new folder")


class DataSources(QObject):
    """Every one of them is a job of the runner; at its end there is a folder, or a project."""

    folder_ready = Signal(object)
    """The Path of a folder of pictures."""
    progressed = Signal(str)
    failed = Signal(str)
    stopped = Signal(str)
    """What is kept."""

    def __init__(
        self, theme: Theme, host: PluginHost, runner: JobRunner, session: Session, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._host = host
        self._session = session
        self._parent = parent
        self.pets_archive: Download | None = None
        """Fetched in place of the catalogue's archive of pets photos."""
        self._projects = ProjectJob(runner, self)
        self._folders = ProjectJob(runner, self, in_bytes=True)
        self._projects.created.connect(session.open)
        self._folders.created.connect(self.folder_ready)
        for job in (self._projects, self._folders):
            job.progressed.connect(self.progressed)
            job.failed.connect(self.failed)
            job.stopped.connect(self.stopped)

    @property
    def is_running(self) -> bool:
        return self._projects.is_running or self._folders.is_running

    @Slot()
    def try_sample(self) -> None:
        """Open the sample project, drawn first if it is not there."""
        # Drawing and training come along with it, which the first window need not wait for.
        from petstudio.jobs.demo import draw_sample, sample_project

        folder = data_folder() / _SAMPLE_FOLDER
        path = sample_project(folder)
        if path.exists():
            self._session.open(path)
        else:
            self._projects.start(draw_sample(self._host, folder), title=_SAMPLE, path=path)

    @Slot()
    def ask_for_pets(self) -> None:
        """Say what fetching the pets photos means, and fetch them if that is wanted."""
        from petstudio.jobs.catalog import PETS_ARCHIVE, PETS_LICENCE, pets_pictures

        folder, archive = data_folder(), self.pets_archive or PETS_ARCHIVE
        if pets_pictures(folder).is_dir():
            self.folder_ready.emit(pets_pictures(folder))
            return
        facts = (
            (
                tr("Size"),
                tr("{size:,.0f} MB, and as much again unpacked", size=archive.size / 1e6),
            ),
            (tr("Source"), str(urlsplit(archive.url).hostname)),
            (tr("Licence"), PETS_LICENCE),
        )
        question = PetsQuestion(self._theme, facts, folder, self._parent.window())
        question.agreed.connect(self.fetch_pets)
        question.open()

    @Slot(object)
    def fetch_pets(self, folder: Path) -> None:
        """Fetch the pets photos into a folder."""
        from petstudio.jobs.catalog import PETS_ARCHIVE, fetch_pets, pets_pictures

        job = fetch_pets(folder, source=self.pets_archive or PETS_ARCHIVE)
        self._folders.start(job, title=_FETCHING, path=pets_pictures(folder))

    def ask_to_unpack(self, archive: Path) -> None:
        """Let the user say where an archive is unpacked, then do it."""
        from petstudio.jobs.unpacking import free_folder

        start = str(free_folder(archive))
        ask_new_place(self._parent, _WHERE, start, partial(self.unpack, archive))

    def unpack(self, archive: Path, target: Path) -> None:
        """Make a new folder of an archive."""
        from petstudio.jobs.unpacking import unpack

        title = _UNPACKING.format(archive=shown_text(archive.name))
        self._folders.start(unpack(archive, target), title=title, path=target)
