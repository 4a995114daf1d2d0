"""What the Data page says about what went wrong, and what can be done about it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from petstudio.api.errors import PetStudioError
from petstudio.api.language import tr
from petstudio.bridge.project_view import ProjectView
from petstudio.bridge.session import Session
from petstudio.ui.widgets.banner import Banner
from petstudio.ui.widgets.path_question import ask_folder

_STOPPED: Final = tr("Stopped. No project was made, your pictures are as they were.")
_NOT_MADE: Final = tr("No project was made; your pictures and choices are as they were.")
_AWAY: Final = tr("The pictures of {name} are not where they were.")
_LABELS_SAFE: Final = tr(
    "Labels and runs are safe. Say where the folder is now to see and train on them."
)
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

    @Slot(str)
    def show_failure(self, message: str) -> None:
        self._banner.show_message("err", message, _NOT_MADE)

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

    def offer_to_locate(self, view: ProjectView) -> None:
        """Say that the pictures are away, and let the user say where they are."""
        self._banner.show_message(
            "warn", _AWAY.format(name=view.name), _LABELS_SAFE, action="Locate…", act=self._locate
        )

    def _locate(self) -> None:
        ask_folder(self._page, _WHERE, "", self._session.locate)
