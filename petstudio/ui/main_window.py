"""The main window: places the bars and the pages, and passes on what they ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QSize, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QWidget

from petstudio.api.language import tr
from petstudio.bridge.idle_steps import Pieces
from petstudio.bridge.project_view import ProjectView
from petstudio.bridge.runner import JobRunner, JobState
from petstudio.ui.acts import Act
from petstudio.ui.key_map import KeyMap
from petstudio.ui.page import Page, PageKey
from petstudio.ui.page_turner import PageTurner
from petstudio.ui.regions import focus_next
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.activity_panel import ActivityPanel
from petstudio.ui.widgets.dialogs import still_running
from petstudio.ui.widgets.rail import Rail
from petstudio.ui.widgets.status_bar import StatusBar
from petstudio.ui.widgets.top_bar import TopBar

_SMALLEST: Final = QSize(1100, 700)
_FIRST: Final = QSize(1440, 900)


@dataclass(frozen=True, kw_only=True)
class PageEntry:
    """A page that is built when it is first shown."""

    key: PageKey
    title: str
    icon: str
    build: Callable[[], Page]
    at_bottom: bool = False


class MainWindow(QWidget):
    """Owns nothing but its parts; projects, jobs and settings belong to who made it."""

    folder_requested = Signal()
    open_requested = Signal()
    undo_requested = Signal()
    redo_requested = Signal()
    palette_requested = Signal()
    keys_requested = Signal()
    help_requested = Signal()
    page_built = Signal(object, object)
    """The PageKey and the Page that was just made for it."""
    page_shown = Signal(object)
    """The PageKey of the page that is seen from now on."""
    closing = Signal()
    """Comes once, when the window has really been closed."""
    stayed = Signal()
    """The window was asked to close, and the user would rather keep a job running."""
    painted = Signal()
    """Comes once, when the user sees the window and its first page."""

    def __init__(
        self, theme: Theme, runner: JobRunner, key_map: KeyMap, entries: Sequence[PageEntry]
    ) -> None:
        super().__init__()
        self._theme = theme
        self._runner = runner
        self._key_map = key_map
        self._entries = {entry.key: entry for entry in entries}
        self._pages: dict[PageKey, Page] = {}
        self._buildings: dict[PageKey, Pieces] = {}
        self._project: Path | None = None
        self._outdated: set[PageKey] = set()
        self._is_leaving = False
        self._is_painted = False
        self.top = TopBar(theme, key_map)
        self.status = StatusBar(theme, runner)
        self.activity = ActivityPanel(theme, self.status.log, runner)
        self.rail = Rail(theme)
        self._stack = QStackedWidget()
        self._turner = PageTurner(self._stack)
        self.setObjectName("window")
        self.setWindowTitle("PetStudio")
        self.setMinimumSize(_SMALLEST)
        self.resize(_FIRST)
        self._build()
        self._connect()

    @property
    def keys(self) -> tuple[PageKey, ...]:
        """The pages that there are, in the order of the rail."""
        return tuple(self._entries)

    @property
    def entries(self) -> tuple[PageEntry, ...]:
        return tuple(self._entries.values())

    @property
    def current(self) -> Page:
        """The page that is shown."""
        page = self._stack.currentWidget()
        assert isinstance(page, Page)
        return page

    @property
    def current_key(self) -> PageKey:
        return next(key for key, page in self._pages.items() if page is self.current)

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages that have been built so far."""
        return tuple(self._pages.values())

    @Slot(object)
    def show_page(self, key: PageKey) -> None:
        """Show a page, building it if this is the first time."""
        page = self.page(key)
        self.rail.show_page(key)
        self._turner.turn_to(page)
        self.page_shown.emit(key)

    def page(self, key: PageKey) -> Page:
        """Return a page; what is left to build of it is built at once."""
        self.building(key).finish()
        if key in self._outdated:
            self._outdated.discard(key)
            self._pages[key].set_project(self._project)
        return self._pages[key]

    def building(self, key: PageKey) -> Pieces:
        """Return the building of a page, which may be done piece by piece before it is needed."""
        if key not in self._buildings:
            self._buildings[key] = Pieces(self._build_page(key))
        return self._buildings[key]

    def _build_page(self, key: PageKey) -> Iterator[None]:
        page = self._entries[key].build()
        yield
        self._stack.addWidget(page)  # first, as all that comes into it later is dressed only once
        yield from page.pieces()
        self._pages[key] = page
        self._key_map.drive(page)
        page.show_fold_tip(self._key_map.tip(Act.INSPECTOR.text, Act.INSPECTOR))
        page.badge_changed.connect(self._show_badges)
        page.page_wanted.connect(self.show_page)
        page.set_project(self._project)
        self._show_badges()
        self.page_built.emit(key, page)

    @Slot(object)
    def show_project(self, view: ProjectView | None) -> None:
        """Show another project, the same one after an edit, or none.

        After an edit, pages that are not seen look again when they are: with many pictures each
        look takes a second.
        """
        is_other = self._project != (view.path if view else None)
        self._project = view.path if view else None
        self.setWindowTitle(f"{view.name} – PetStudio" if view else "PetStudio")
        self.top.show_project(view)
        for key, page in self._pages.items():
            if is_other or page is self._stack.currentWidget():
                self._outdated.discard(key)
                page.set_project(self._project)
            else:
                self._outdated.add(key)

    def place(self, geometry: str) -> None:
        """Put the window where it was; `geometry` is what `where()` returned once."""
        self.restoreGeometry(QByteArray.fromHex(geometry.encode("ascii", "ignore")))

    def where(self) -> str:
        return bytes(self.saveGeometry().toHex().data()).decode("ascii")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            # The parts of the window are painted after it, and then all of it is shown.
            QTimer.singleShot(0, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._runner.state is JobState.IDLE:
            event.accept()
            self.closing.emit()
            return
        event.ignore()
        if not self._is_leaving:
            question = still_running(self._theme, self._runner.title or tr("A job"), self)
            question.accepted.connect(self.leave)
            question.rejected.connect(self.stayed)
            question.open()

    def _build(self) -> None:
        self._stack.setObjectName("pages")
        for entry in self._entries.values():
            self.rail.add_page(entry.key, entry.title, entry.icon, at_bottom=entry.at_bottom)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.top, 0, 0, 1, 3)
        grid.addWidget(self.rail, 1, 0)
        grid.addWidget(self._stack, 1, 1)
        grid.addWidget(self.activity, 1, 2)
        grid.addWidget(self.status, 2, 0, 1, 3)
        self.activity.hide()
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(1, 1)

    def _connect(self) -> None:
        self.rail.page_chosen.connect(self.show_page)
        self._runner.state_changed.connect(self._follow_runner)
        self.top.folder_requested.connect(self.folder_requested)
        self.top.open_requested.connect(self.open_requested)
        self.top.undo_requested.connect(self.undo_requested)
        self.top.redo_requested.connect(self.redo_requested)
        self.top.theme_requested.connect(self._theme.cycle)
        self.top.help_requested.connect(self.help_requested)
        self.top.palette_requested.connect(self.palette_requested)
        self.status.activity_requested.connect(self.toggle_activity)
        self.activity.closed.connect(self.toggle_activity)

    @Slot()
    def _show_badges(self) -> None:
        for key, page in self._pages.items():
            self.rail.show_badge(key, page.badge, page.badge_count)

    @Slot()
    def toggle_activity(self) -> None:
        self.activity.setVisible(self.activity.isHidden())

    @Slot()
    def focus_next_region(self) -> None:
        page = self.current
        inspector = () if page.inspector is None else (page.inspector,)
        focus_next((self.top, page, *inspector, self.activity, self.status, self.rail))

    @Slot()
    def toggle_inspector(self) -> None:
        self.current.toggle_inspector()

    @Slot()
    def leave(self) -> None:
        """Stop a running job and close as soon as it has ended, without asking."""
        self._is_leaving = True
        self._runner.cancel()
        self._follow_runner()

    @Slot()
    def _follow_runner(self) -> None:
        if self._is_leaving and self._runner.state is JobState.IDLE:
            self.close()
