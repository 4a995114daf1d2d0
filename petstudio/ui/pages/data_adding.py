"""Pictures come into the project that is open: new ones of its folders, or those of another one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from petstudio.api.language import tr
from petstudio.bridge.project_job import ProjectJob
from petstudio.bridge.runner import JobRunner, JobState
from petstudio.bridge.session import Session
from petstudio.plugin_host.child import LabelReader
from petstudio.plugin_host.host import PluginHost
from petstudio.project.names import shown_text
from petstudio.ui.acts import Act
from petstudio.ui.key_map import KeyAction
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.path_question import ask_folder
from petstudio.ui.widgets.text import plain_tip

if TYPE_CHECKING:
    from petstudio.jobs.job import Job
    from petstudio.jobs.proving import DataSource

_ADD: Final = tr("Add data…")
_ADDING: Final = tr("Adding pictures")
_ADDING_FOLDER: Final = tr("Adding {folder}")
_WHICH: Final = tr("Choose a folder of pictures to add")
_BUSY: Final = tr("Another job is running; wait for its end or stop it")


class DataAdding(QObject):
    """Owns the button and the key; what is added is one step of the project's history."""

    starting = Signal()
    """A job is about to need the machine."""
    progressed = Signal(str)
    failed = Signal(str)
    """Why nothing was added."""
    stopped = Signal(str)
    new_project_wanted = Signal(object)
    """The Path of a folder that shall not be added."""

    _chosen = Signal(object)

    def __init__(
        self,
        theme: Theme,
        host: PluginHost,
        runner: JobRunner,
        session: Session,
        reader: LabelReader,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._theme = theme
        self._host = host
        self._runner = runner
        self._session = session
        self._reader = reader
        self._page = page
        self._job = ProjectJob(runner, self)
        self.button = Button(theme, _ADD, icon="folder-plus", name="data.add")
        self._action = KeyAction(Act.ADD_FOLDER, page, self.ask_for_folder)
        self._job.progressed.connect(self.progressed)
        self._job.created.connect(session.open)
        self._job.failed.connect(self.failed)
        self._job.stopped.connect(self.stopped)
        self.button.clicked.connect(self.ask_for_folder)
        # Once the dialog before it is closed; else that one would leave it without the focus.
        self._chosen.connect(self.ask_about, Qt.ConnectionType.QueuedConnection)
        self._action.changed.connect(self._show_ready)
        runner.state_changed.connect(self._show_ready)
        session.changed.connect(self._show_ready)
        self._show_ready()

    @property
    def is_running(self) -> bool:
        return self._job.is_running

    @Slot()
    def ask_for_folder(self) -> None:
        """Let the user choose another folder for the project."""
        if self._can_add:
            ask_folder(self._page, _WHICH, "", self._chosen.emit)

    @Slot(object)
    def ask_about(self, folder: Path) -> None:
        """Let the user say where the labels of this folder come from, then add it."""
        from petstudio.ui.widgets.add_folder_dialog import AddFolderDialog

        view = self._session.view
        if view is None:
            return
        dialog = AddFolderDialog(
            self._theme, self._host, self._reader, view, folder, self._page.window()
        )
        dialog.add_wanted.connect(self.add)
        dialog.new_project_wanted.connect(self.new_project_wanted)
        dialog.open()

    @Slot(object)
    def add(self, source: DataSource) -> None:
        """Add a folder to the project."""
        from petstudio.jobs.growing import add_folder

        path = self._session.path
        if path is not None and self._can_add:
            title = _ADDING_FOLDER.format(folder=shown_text(source.root.name))
            self._start(add_folder(self._host, path, source), title, path)

    @Slot()
    def add_new(self) -> None:
        """Add what has come into the folders of the project."""
        from petstudio.jobs.growing import add_new_pictures

        path = self._session.path
        if path is not None and self._can_add:
            self._start(add_new_pictures(self._host, path), _ADDING, path)

    @property
    def _can_add(self) -> bool:
        return self._session.view is not None and self._runner.state is JobState.IDLE

    def _start(self, job: Job, title: str, path: Path) -> None:
        self.starting.emit()
        self._job.start(job, title=title, path=path)

    @Slot()
    def _show_ready(self) -> None:
        self._action.setEnabled(self._session.view is not None)
        is_idle = self._runner.state is JobState.IDLE
        self.button.set_ready(is_idle, _BUSY)
        if is_idle:
            self.button.setToolTip(plain_tip(self._action.tip(Act.ADD_FOLDER.text)))
