"""What the Data page says about what went wrong, and what can be done about it."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from petstudio.api.errors import PetStudioError
from petstudio.api.language import tr
from petstudio.bridge.project_view import AddedView, ProjectView
from petstudio.bridge.session import Session
from petstudio.ui.pages.data_adding import DataAdding
from petstudio.ui.pages.data_sources import DataSources
from petstudio.ui.widgets.banner import Banner, BannerAction, BannerMessage
from petstudio.ui.widgets.path_question import ask_folder

_STOPPED: Final = tr("Stopped. No project was made, your pictures are as they were.")
_STOPPED_ADDING: Final = tr("Stopped. Nothing was added; the project is as it was.")
_NOT_MADE: Final = tr("No project was made; your pictures and choices are as they were.")
_AWAY: Final = tr("The pictures of {name} are not where they were.")
_LABELS_SAFE: Final = tr(
    "Labels and runs are safe. Say where the folder is now to see and train on them."
)
_NOT_ADDED: Final = tr("Nothing was added; the project is as it was.")
_ELSE_WORKS: Final = tr(
    "Everything else works. Connect its drive and look again, say where the folder is now, or "
    "train without its pictures."
)
_LOOK_AGAIN: Final = tr("Look again")
_LEAVE_OUT: Final = tr("Leave out")
_LOCATE: Final = tr("Locate…")
_WHERE: Final = tr("Where are the pictures?")


class DataBanners(QObject):
    """Shows failures of jobs, of opening and of edits on the page's banner."""

    def __init__(self, banner: Banner, session: Session, page: QWidget) -> None:
        super().__init__(page)
        self._banner = banner
        self._session = session
        self._page = page
        session.open_failed.connect(self.show_error)
        session.failed.connect(self._on_edit_failed)

    def watch(self, sources: DataSources, adding: DataAdding) -> None:
        """Show what goes wrong there."""
        sources.failed.connect(self.show_failure)
        sources.stopped.connect(self.show_stop)
        adding.failed.connect(self.show_not_added)
        adding.stopped.connect(self.show_adding_stopped)

    @Slot(str)
    def show_failure(self, message: str) -> None:
        self._banner.show_message("err", message, _NOT_MADE)

    @Slot(str)
    def show_not_added(self, message: str) -> None:
        self._banner.show_message("err", message, _NOT_ADDED)

    @Slot()
    def show_adding_stopped(self) -> None:
        self._banner.show_message("info", _STOPPED_ADDING)

    @Slot(str)
    def show_stop(self, kept: str) -> None:
        self._banner.show_message("info", _STOPPED, kept)

    @Slot(object)
    def show_error(self, error: PetStudioError) -> None:
        self._banner.show_message("err", error.what, error.cure)

    @Slot(object)
    def _on_edit_failed(self, error: PetStudioError) -> None:
        if self._page.isVisible():  # other pages show what was asked for there
            self.show_error(error)

    def show_absences(self, view: ProjectView) -> None:
        """Say which folders of a project are away, and what can be done about it."""
        if view.root_problem:
            self._offer_to_locate(view)
        for added in view.added:
            if not added.is_there:
                self._offer_to_find(added)

    def _offer_to_locate(self, view: ProjectView) -> None:
        """Say that the pictures are away, and let the user say where they are."""
        self._banner.show_message(
            "warn", _AWAY.format(name=view.name), _LABELS_SAFE, action=_LOCATE, act=self._locate
        )

    def _offer_to_find(self, added: AddedView) -> None:
        """Say that a folder that was added is away, and what can be done about it."""
        from petstudio.jobs.absences import absence

        self._banner.show_now(
            BannerMessage(
                kind="warn",
                headline=absence(added.path, added.pictures),
                detail=_ELSE_WORKS,
                actions=(
                    BannerAction(text=_LOOK_AGAIN, act=self._session.look_again),
                    BannerAction(text=_LOCATE, act=partial(self._locate, added.name)),
                    BannerAction(text=_LEAVE_OUT, act=partial(self._leave_out, added.name)),
                ),
            )
        )

    def _locate(self, name: str = "") -> None:
        ask_folder(self._page, _WHERE, "", lambda folder: self._session.locate(folder, name))

    def _leave_out(self, name: str) -> None:
        from petstudio.jobs.health_fixes import exclude_folder

        self._session.apply(lambda project: exclude_folder(project, name))
