"""What lies on the desk: the window with its pages, the open project and the settings, joined."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from petstudio.api.errors import PetStudioError
from petstudio.api.events import Event, RunStarted
from petstudio.api.language import tr
from petstudio.bridge.collector import CycleCollector, set_data_aside
from petstudio.bridge.engine_link import EngineLink
from petstudio.bridge.idle_steps import IdleSteps, Loading, Pieces, load_types
from petstudio.bridge.live_settings import LiveSettings
from petstudio.bridge.project_view import ProjectView
from petstudio.bridge.runner import JobRunner, JobState
from petstudio.bridge.session import Session
from petstudio.config.settings import Settings, SettingsFile
from petstudio.plugin_host.child import LabelReader
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.acts import Act
from petstudio.ui.commands import Commands
from petstudio.ui.key_map import KeyMap
from petstudio.ui.main_window import MainWindow
from petstudio.ui.page import PageKey
from petstudio.ui.page_roads import PageRoads
from petstudio.ui.pages.data_page import DataPage
from petstudio.ui.restarting import Restarting
from petstudio.ui.theme import Theme
from petstudio.ui.tips import Tips
from petstudio.ui.widgets.path_question import ask_folder
from petstudio.ui.window_acts import WindowActs

_LATEST_BEGINNING_MS: Final = 500  # of a window that nobody sees, which is not painted
_ENGINE_MODULE: Final = "petstudio.jobs.warm_engine"
_DATA_MODULES: Final = ("petstudio.jobs.importing", "petstudio.ui.pages.data_bench")
_TYPES: Final = ("PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets", "PySide6.QtOpenGL")
# Nothing but Python code; numpy would load its part "ma" in the middle of the first plan of rates.
_TRAIN_MODULES: Final = ("pyqtgraph", "numpy.ma", "petstudio.ui.pages.train_page")
_PATIENCE_WITHOUT_ENGINE_MS: Final = 2000
_OPEN: Final = tr("Open a project")


class Desk(QObject):
    """Builds the parts and connects them; `shutdown` ends every thread and process.

    Without an engine, jobs that need torch run in this process, as all others do.
    """

    def __init__(
        self,
        app: QApplication,
        host: PluginHost,
        settings: SettingsFile,
        *,
        engine: EngineLink | None = None,
    ) -> None:
        super().__init__()
        self._engine = engine
        self._host = host
        self._settings = LiveSettings(settings, self)
        self._reader = LabelReader()
        self.collector = CycleCollector(self)
        self.theme = Theme(self, mode=settings.values.theme, look=settings.values.look)
        self.theme.apply(app)
        self.runner = JobRunner(self, run=engine.run) if engine else JobRunner(self)
        self.session = Session(self)
        self.key_map = KeyMap(self, chosen=settings.values.keys)
        self._steps = IdleSteps(self)
        self._to_open: Path | None = None
        self._last_page = PageKey.DATA
        self._has_begun = False
        self._has_trained = False
        self.data_page = DataPage(self.theme, host, self.runner, self.session, self._reader)
        self._roads = PageRoads(
            self.theme,
            host,
            self.runner,
            self.session,
            self.data_page,
            self._settings,
            self.key_map,
        )
        self.window = MainWindow(self.theme, self.runner, self.key_map, self._roads.entries())
        self._roads.join(self.window)
        self.restarting = Restarting(self.window)
        Tips(self._settings, self.key_map, self.window)
        WindowActs(self.theme, self.runner, self.key_map, self.window)
        self._commands = Commands(self.theme, self.key_map, self.session, host, self.window)
        self._connect()
        self._show_keys()

    def show(self, project: Path | None) -> None:
        """Open the window on a project, or on the one that was open last."""
        values = self._settings.values
        last = Path(values.open_project) if values.open_project else None
        self._show_recent(values)
        self.window.place(values.window)
        self.window.show_page(PageKey.DATA)
        self.window.show()
        self.collector.start()
        if self._host.is_in_safe_mode:
            self.window.status.show_safe_mode()
        if self._settings.problem:
            self.window.status.show_text(self._settings.problem)
        self._to_open = project or last
        if self._to_open is not None and self._to_open == last:
            self._last_page = next((k for k in PageKey if k.value == values.page), PageKey.DATA)
        QTimer.singleShot(_LATEST_BEGINNING_MS, self._begin)

    def shutdown(self) -> bool:
        """End all that runs in the background; False when a job does not stop."""
        self._has_begun = True
        self._steps.shutdown()
        has_ended = self._end_job()
        for page in self.window.pages:
            page.shutdown()
        self.session.shutdown()
        self._reader.close()
        self.collector.stop()
        return has_ended

    def _end_job(self) -> bool:
        has_ended = self.runner.shutdown()
        if self._engine is not None:
            self._engine.shutdown()  # also ends a job there that did not stop when asked
            has_ended = has_ended or self.runner.shutdown(_PATIENCE_WITHOUT_ENGINE_MS)
        return has_ended

    def _connect(self) -> None:
        self.session.changed.connect(self._take_view)
        self.session.open_failed.connect(self._show_data_page)
        self.session.failed.connect(self._tell_failure)
        self._settings.failed.connect(self.window.status.show_text)
        self.theme.changed.connect(self._keep_theme)
        self.key_map.changed.connect(self._keep_keys)
        if self._engine is not None:
            self._engine.state_changed.connect(self.window.status.show_engine)
        self.runner.events_arrived.connect(self._note_training)
        self.runner.state_changed.connect(self._look_after_training)
        self.data_page.open_requested.connect(self._ask_for_project)
        self.window.folder_requested.connect(self._ask_for_folder)
        self.window.open_requested.connect(self._ask_for_project)
        self.window.undo_requested.connect(self.session.undo)
        self.window.redo_requested.connect(self.session.redo)
        self.window.painted.connect(self._begin)
        self.window.page_built.connect(self._set_page_aside)
        self._roads.restart_wanted.connect(self.restarting.start_again)
        self.window.closing.connect(self._keep_place)
        self.window.top.close_requested.connect(self.session.close)
        self.window.top.project_chosen.connect(self.session.open)

    @Slot()
    def _begin(self) -> None:
        """Do all that the first paint did not need."""
        if self._has_begun:
            return
        self._has_begun = True
        if self._engine is not None:
            self._steps.add(Loading(_ENGINE_MODULE), self._engine.start)
        self._steps.add(*(Loading(name) for name in _DATA_MODULES), self.data_page.rest)
        if self._to_open is not None:
            self._steps.add(partial(self.session.open, self._to_open))
        if self._last_page not in (PageKey.DATA, PageKey.TRAIN):
            self._steps.add(self.window.building(self._last_page), self._go_on)
        self._steps.add(*(Pieces(load_types(name)) for name in _TYPES))
        self._steps.add(*(Loading(name) for name in _TRAIN_MODULES))
        self._steps.add(self.window.building(PageKey.TRAIN), self._go_on)

    def _go_on(self) -> None:
        """Show the page that was shown last, unless another is wanted by now."""
        has_stayed = self.window.current_key is PageKey.DATA
        if has_stayed and self._last_page is not PageKey.DATA:
            self.window.show_page(self._last_page)
        self._last_page = PageKey.DATA

    @Slot()
    def _set_page_aside(self) -> None:
        """Spare collections the page, which stays: with two pages each would take 30 ms."""
        self._steps.add(set_data_aside)

    @Slot(object)
    def _note_training(self, events: tuple[Event, ...]) -> None:
        if any(isinstance(event, RunStarted) for event in events):
            self._has_trained = True
            self._keep_place()  # a run that is broken off by a crash is offered there

    @Slot(object)
    def _look_after_training(self, state: JobState) -> None:
        """Let all pages know of the run that has ended: its model can suggest and predict now."""
        if state is JobState.IDLE and self._has_trained:
            self._has_trained = False
            self.session.look_again()

    @Slot(object)
    def _tell_failure(self, error: PetStudioError) -> None:
        """Say why an edit was not made: an undo can be asked for on any page."""
        self.window.status.show_text(str(error))

    @Slot()
    def _show_data_page(self) -> None:
        self._last_page = PageKey.DATA
        self.window.show_page(PageKey.DATA)

    @Slot()
    def _ask_for_folder(self) -> None:
        self._show_data_page()
        self.data_page.ask_for_folder()

    @Slot()
    def _ask_for_project(self) -> None:
        start = self.session.path.parent if self.session.path else ""
        ask_folder(self.window, _OPEN, str(start), self.session.open)

    @Slot(object)
    def _take_view(self, view: ProjectView | None) -> None:
        self.window.show_project(view)
        values = self._settings.values
        values = values.with_project(view.path) if view else replace(values, open_project="")
        self._settings.save(values)
        self._show_recent(values)

    def _show_recent(self, values: Settings) -> None:
        there = (Path(project) for project in values.projects)
        self.window.top.show_recent(tuple(path for path in there if path.is_dir()))

    @Slot()
    def _keep_theme(self) -> None:
        self._settings.change(theme=self.theme.mode, look=self.theme.look)

    @Slot()
    def _keep_keys(self) -> None:
        self._settings.change(keys=self.key_map.chosen)
        self._show_keys()

    def _show_keys(self) -> None:
        keys = self.key_map.text
        self.data_page.first_run.show_keys(keys(Act.NEW), keys(Act.OPEN))

    @Slot()
    def _keep_place(self) -> None:
        self._settings.change(window=self.window.where(), page=self.window.current_key.value)
