"""The top of the Data page: whether the data is in use, or where its project will be kept."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.language import tr
from petstudio.bridge.project_view import free_project_path, project_name
from petstudio.ui.page import Page
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.chip import Chip
from petstudio.ui.widgets.path_question import ask_new_place
from petstudio.ui.widgets.text import plain_tip

_USE: Final = tr("Use this data")
_IN_USE: Final = tr("In use")
_WHERE: Final = tr("Where to keep the project")


class DataHeader(QObject):
    """Data in use can be added to; other data can be put to use."""

    use_wanted = Signal()
    place_changed = Signal()

    def __init__(self, theme: Theme, page: Page, add: Button) -> None:
        super().__init__(page)
        self._page = page
        self._add = add
        self.place = Path()
        """Where the project will be kept."""
        self._where = Button(theme, icon="folder", name="data.place")
        self._use = Button(theme, _USE, kind="primary", icon="check-bold", name="data.use")
        self._chip = Chip(theme, _IN_USE, kind="ok", icon="check-bold")
        for button in (self._add, self._where, self._use):
            page.add_header_button(button)
        page.add_header_chip(self._chip)
        self._where.clicked.connect(self._ask_for_place)
        self._use.clicked.connect(self.use_wanted)

    def hide(self) -> None:
        for widget in (self._add, self._where, self._use, self._chip):
            widget.hide()

    def find_place(self, root: Path) -> None:
        """Keep the project beside its pictures."""
        self.place = free_project_path(root)

    def show(self, *, in_use: bool, why_not: str) -> None:
        """Say how things stand, and why the data cannot be used; empty if it can."""
        self._chip.setVisible(in_use)
        self._add.setVisible(in_use)
        self._use.setVisible(not in_use)
        self._where.setVisible(not in_use)
        self._where.setText(tr("Project: {name}", name=project_name(self.place)))
        self._where.setToolTip(plain_tip(tr("Will be kept in {place}", place=self.place)))
        self.set_ready(why_not)

    def set_ready(self, why_not: str) -> None:
        self._use.set_ready(not why_not, why_not)

    @Slot()
    def _ask_for_place(self) -> None:
        ask_new_place(self._page, _WHERE, str(self.place), self._take_place)

    def _take_place(self, path: Path) -> None:
        self.place = path.with_name(f"{project_name(path)}.petstudio")
        self.place_changed.emit()
