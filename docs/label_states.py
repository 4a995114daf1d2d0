"""The states of the Label page, each reached as a user reaches it, with a real run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton, QWidget
from stage import Stage

from petstudio.api.control import RunControl
from petstudio.bridge.label_rows import LabelState as Chosen
from petstudio.images.sample_set import SAMPLE_PATTERN, draw_sample_set
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.importing import create_project
from petstudio.jobs.job import run_job
from petstudio.jobs.proving import DataSource
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.desk import Desk
from petstudio.ui.page import PageKey
from petstudio.ui.pages.label_page import LabelPage
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.picture_grid import PictureGrid

_LABELLED = 9  # of ten pictures; the others have no label, as new ones have none
_ANY = Chosen.ANY.value


class LabelState(Enum):
    """Named as its picture is."""

    EMPTY = "empty"
    LOADING = "loading"
    SUGGESTED = "suggested"
    SINGLE = "single"
    BROKEN = "broken"
    SORT = "sort"
    LABELLED = "all-labelled"


class LabelStates:
    """Works on a project with a finished run, whose labels change, and in a folder of its own."""

    def __init__(
        self, desk: Desk, host: PluginHost, project: Path, place: Path, *, settle_ms: int = 1500
    ) -> None:
        place.mkdir(exist_ok=True)
        self._stage = Stage(desk, settle_ms=settle_ms)
        self._host = host
        self._project = project
        self._place = place
        self._acts: Mapping[LabelState, Callable[[], QWidget]] = MappingProxyType(
            {
                LabelState.EMPTY: self._show_empty,
                LabelState.LOADING: self._load,
                LabelState.SUGGESTED: self._suggest,
                LabelState.SINGLE: self._look_at_one,
                LabelState.BROKEN: self._break,
                LabelState.SORT: self._sort,
                LabelState.LABELLED: self._label_all,
            }
        )

    def show(self, state: LabelState) -> QWidget:
        """Bring the page into a state; return what there is to see: the window, or a dialog."""
        return self._acts[state]()

    @property
    def _page(self) -> LabelPage:
        page = self._stage.open(PageKey.LABEL)
        assert isinstance(page, LabelPage)
        return page

    @property
    def _grid(self) -> PictureGrid:
        return self._stage.find(PictureGrid, "label.grid")

    def _show_empty(self) -> QWidget:
        return self._stage.empty(PageKey.LABEL)

    def _load(self) -> QWidget:
        """Leave as soon as there are tiles: their pictures come by and by."""
        self._show_empty()
        grid, shown = self._grid, QEventLoop()
        grid.model().modelReset.connect(lambda: shown.quit() if len(grid.pictures) else None)
        self._stage.desk.session.open(self._project)
        shown.exec()
        return self._stage.window

    def _suggest(self) -> QWidget:
        """Show what a run suggests for pictures without a label, and select two of them."""
        self._open(Chosen.OPEN)
        if not len(self._grid.pictures):
            self._clear_some()
        if self._stage.find(QPushButton, "label.accept").text() == "Get suggestions":
            self._stage.press("label.accept")
            self._stage.wait_for_job()
        self._choose("order", "least-sure")
        self._choose("state", _ANY)
        self._choose("state", Chosen.OPEN.value)
        self._stage.wait(lambda: len(self._grid.pictures) > 2)
        self._grid.select_keys(self._grid.pictures.key_at(row) for row in (1, 2))
        self._stage.settle()
        return self._stage.window

    def _look_at_one(self) -> QWidget:
        self._suggest()
        QTest.keyClick(self._grid, Qt.Key.Key_G)
        self._stage.settle()
        return self._stage.window

    def _break(self) -> QWidget:
        """Show a picture that could not be read when it came into the project."""
        self._open(Chosen.ANY, self._damaged())
        self._stage.settle()
        return self._stage.window

    def _sort(self) -> QWidget:
        self._open(Chosen.ANY)
        menu = self._stage.find(QPushButton, "label.sort").menu()
        assert isinstance(menu, QMenu)
        menu.actions()[0].trigger()
        self._stage.answer_path(self._place)
        dialog = self._stage.dialog("copy_question")
        self._stage.settle()
        return dialog

    def _label_all(self) -> QWidget:
        """Accept what is suggested for all that is open."""
        self._suggest()
        QTest.keyClick(self._grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(self._grid, Qt.Key.Key_Return)
        self._choose("state", _ANY)
        self._choose("state", Chosen.OPEN.value)
        self._stage.wait(lambda: self._page.sentence == "Everything has a label")
        self._stage.settle()
        return self._stage.window

    def _open(self, state: Chosen, project: Path | None = None) -> None:
        """Show the pictures of the project that are in a state."""
        _ = self._page
        self._stage.open_project(project or self._project)
        self._stage.wait(lambda: self._stage.find(ChoiceBox, "label.state").isVisible())
        self._stage.press("label.mode.grid")
        self._choose("order", "name")
        self._choose("state", state.value)
        self._stage.wait(lambda: True)

    def _clear_some(self) -> None:
        """Take the labels of every tenth picture away."""
        self._choose("state", _ANY)
        self._stage.wait(lambda: len(self._grid.pictures) > 0)
        pictures = self._grid.pictures
        self._grid.select_keys(
            pictures.key_at(row) for row in range(_LABELLED, len(pictures), _LABELLED + 1)
        )
        QTest.keyClick(self._grid, Qt.Key.Key_Delete)
        session = self._stage.desk.session
        self._stage.wait(lambda: session.edits_done == session.edits_asked)

    def _damaged(self) -> Path:
        """Return a project with a picture that is cut off."""
        folder = self._place / "damaged"
        if not folder.exists():
            draw_sample_set(folder, per_class=2)
            first = folder / "beagle_1.jpg"
            first.write_bytes(first.read_bytes()[:900])
            source = DataSource(root=folder, loader="regex", options={"pattern": SAMPLE_PATTERN})
            job = create_project(
                self._host, folder.with_suffix(".petstudio"), source, SplitChoice()
            )
            run_job(job, lambda _event: None, RunControl())
        return folder.with_suffix(".petstudio")

    def _choose(self, name: str, key: str) -> None:
        box = self._stage.find(ChoiceBox, f"label.{name}")
        box.show_key(key)
        box.picked.emit(key)
        self._stage.wait(lambda: True)
