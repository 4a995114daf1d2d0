"""The states of the Data page, each reached as a user reaches it, with pictures that are real."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from types import MappingProxyType

from PIL import Image
from PySide6.QtWidgets import QLineEdit, QWidget
from stage import Stage

from petstudio.ui.desk import Desk
from petstudio.ui.page import PageKey
from petstudio.ui.pages.data_page import DataPage
from petstudio.ui.widgets.squares_view import SquaresView
from petstudio.ui.widgets.text import ElidedText


class DataState(Enum):
    """Named as its picture is."""

    EMPTY = "empty"
    FETCH = "fetch"
    READING = "reading"
    CHECKING = "checking"
    NO_MATCH = "no-match"
    BAD_PATTERN = "bad-pattern"
    SINGLE = "single"
    GONE = "gone"
    FULL = "full"
    FINDING = "finding"
    BATCH = "batch"
    IN_USE = "in-use"
    LEAK = "leak"
    PAIRS = "pairs"
    AWAY = "away"


class DataStates:
    """Works on copies of `pictures`, which are named like `tabby_cat_17.jpg`, in a new folder."""

    def __init__(self, desk: Desk, pictures: Path, place: Path, *, settle_ms: int = 1500) -> None:
        self._stage = Stage(desk, settle_ms=settle_ms)
        self._pictures = pictures
        self._place = place
        self._acts: Mapping[DataState, Callable[[], QWidget]] = MappingProxyType(
            {
                DataState.EMPTY: self._show_empty,
                DataState.FETCH: self._ask_to_fetch,
                DataState.READING: self._read,
                DataState.CHECKING: self._check,
                DataState.NO_MATCH: lambda: self._type(r"^(?P<label>[A-Z]+)\.\d+$"),
                DataState.BAD_PATTERN: lambda: self._type(r"^(?P<label>[a-z"),
                DataState.SINGLE: self._choose_single,
                DataState.GONE: self._choose_gone,
                DataState.FULL: self._fill,
                DataState.FINDING: self._see_finding,
                DataState.BATCH: self._see_batch,
                DataState.IN_USE: self._use,
                DataState.LEAK: self._leak,
                DataState.PAIRS: self._see_pairs,
                DataState.AWAY: self._lose,
            }
        )

    def show(self, state: DataState) -> QWidget:
        """Bring the page into a state; return what there is to see: the window, or a dialog."""
        return self._acts[state]()

    @property
    def _page(self) -> DataPage:
        page = self._stage.open(PageKey.DATA)
        assert isinstance(page, DataPage)
        return page

    def _show_empty(self) -> QWidget:
        return self._stage.empty(PageKey.DATA)

    def _ask_to_fetch(self) -> QWidget:
        self._show_empty()
        self._stage.find(QWidget, "first_run.pets").setFocus()
        self._page.first_run.pets_requested.emit()
        return self._stage.dialog("pets.question")

    def _read(self) -> QWidget:
        """Leave it soon: there is no picture of a busy page that waited for its end."""
        self._page.choose(self._messy())
        self._stage.wait(lambda: True)
        return self._stage.window

    def _check(self) -> QWidget:
        self._stage.desk.session.close()
        self._page.choose(self._messy())
        self._stage.wait(lambda: "checking" in self._text("data.health.state"))
        self._stage.wait(lambda: True)
        return self._stage.window

    def _type(self, pattern: str) -> QWidget:
        self._choose(self._messy())
        self._stage.find(QLineEdit, "data.regex.pattern").setText(pattern)
        self._stage.wait(lambda: not self._is_reading)
        self._stage.settle()
        return self._stage.window

    def _choose_single(self) -> QWidget:
        folder = self._place / "single"
        self._copy(folder, "beagle", 6)
        self._copy(folder, "rabbit", 1)
        self._choose(folder)
        self._stage.settle()
        return self._stage.window

    def _choose_gone(self) -> QWidget:
        self._page.choose(self._place / "gone")
        self._stage.wait(lambda: not self._is_reading)
        self._stage.settle()
        return self._stage.window

    def _fill(self) -> QWidget:
        self._choose(self._messy())
        self._wait_for_health()
        self._wait_for_squares("data.preview.squares")
        self._stage.settle()
        return self._stage.window

    def _see_finding(self) -> QWidget:
        self._fill()
        self._stage.press("data.health.alike.see")
        return self._dialog("pictures")

    def _see_batch(self) -> QWidget:
        self._fill()
        self._stage.press("data.preview.batch")
        dialog = self._dialog("batch")
        self._wait_for_squares("batch.squares")
        return dialog

    def _use(self) -> QWidget:
        self._open(self._messy(), "regex")
        return self._stage.window

    def _leak(self) -> QWidget:
        self._open(self._divided(), "folder")
        return self._stage.window

    def _see_pairs(self) -> QWidget:
        self._leak()
        self._stage.press("data.shield.show")
        return self._dialog("pictures")

    def _lose(self) -> QWidget:
        """Take the folder away from its project, and look at that."""
        folder = self._messy()
        self._open(folder, "regex")
        away = folder.rename(folder.with_name("elsewhere"))
        self._stage.desk.session.look_again()
        self._stage.wait(self._page.banner.isVisible)
        self._stage.settle()
        away.rename(folder)
        return self._stage.window

    def _messy(self) -> Path:
        """Return a folder with all that the health check looks for."""
        folder = self._place / "shelter"
        if not folder.exists():
            for kind in ("beagle", "goldfish", "hamster", "rabbit", "tabby_cat", "turtle"):
                self._copy(folder, kind, 12)
            self._copy(folder, "siamese_cat", 3)
            _save(folder / "beagle_1.jpg", folder / "beagle_91.jpg", quality=60)
            _save(folder / "rabbit_2.jpg", folder / "rabbit_92.jpg", side=48)
            shutil.copy(folder / "turtle_1.jpg", folder / "hamster_93.jpg")
            shutil.copy(folder / "rabbit_1.jpg", folder / "DSC0017.jpg")
            (folder / "goldfish_94.jpg").write_bytes(b"\xff\xd8\xff\xe0 cut off")
            (folder / "notes.txt").write_text("From the shelter.", encoding="utf-8")
        return folder

    def _divided(self) -> Path:
        """Return a folder with both sides of a split, one picture of which is on both."""
        folder = self._place / "divided"
        if not folder.exists():
            for kind in ("beagle", "rabbit", "turtle"):
                self._copy(folder / "train" / kind, kind, 8)
                self._copy(folder / "valid" / kind, kind, 3, start=9)
            twin = folder / "train" / "beagle" / "beagle_copy.jpg"
            _save(folder / "valid" / "beagle" / "beagle_9.jpg", twin, quality=60)
        return folder

    def _copy(self, folder: Path, kind: str, count: int, *, start: int = 1) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(start, start + count):
            shutil.copy(self._pictures / f"{kind}_{number}.jpg", folder)

    def _choose(self, folder: Path, loader: str = "regex") -> None:
        self._page.choose(folder)
        self._stage.press(f"data.loader.{loader}")
        if loader == "regex":
            self._stage.press("data.preset.Pets style")
        self._stage.wait(lambda: not self._is_reading)

    def _open(self, folder: Path, loader: str) -> None:
        """Open the project of a folder; put the folder to use if there is none."""
        project = folder.with_name(f"{folder.name}.petstudio")
        if project.exists():
            _ = self._page
            self._stage.open_project(project)
        else:
            self._choose(folder, loader)
            self._stage.press("data.use")
            self._stage.wait_for_job()
            self._stage.wait(lambda: self._stage.desk.session.path == project)
        self._wait_for_health()
        self._stage.settle()

    @property
    def _is_reading(self) -> bool:
        return self._page.sentence.startswith("Reading")

    def _text(self, name: str) -> str:
        return self._stage.find(ElidedText, name).full_text

    def _wait_for_health(self) -> None:
        # Once it is known what belongs together, the pictures may be divided anew.
        self._stage.wait(
            lambda: not self._is_reading and self._text("data.health.state").endswith("checked")
        )

    def _wait_for_squares(self, name: str) -> None:
        squares = self._stage.find(SquaresView, name)
        self._stage.wait(lambda: squares.count > 0)

    def _dialog(self, name: str) -> QWidget:
        dialog = self._stage.dialog(name)
        self._stage.settle()
        return dialog


def _save(picture: Path, copy: Path, *, quality: int = 90, side: int | None = None) -> None:
    with Image.open(picture) as opened:
        image = opened.resize((side, side)) if side else opened
        image.save(copy, quality=quality)
