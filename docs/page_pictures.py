"""The pictures of the pages around training: Label, Evaluate, Predict, Runs, Plugins, Settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QTableView, QWidget
from taking import settle, take, wait

from petstudio.bridge.runner import JobState
from petstudio.config.settings import ThemeMode
from petstudio.ui.desk import Desk
from petstudio.ui.page import Page, PageKey
from petstudio.ui.pages.evaluate_page import EvaluatePage
from petstudio.ui.pages.label_page import LabelPage

W = TypeVar("W", bound=QWidget)
_BOTH = (ThemeMode.DARK, ThemeMode.LIGHT)


class PagePictures:
    """Goes through the pages of a window whose project has two finished runs."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def take_all(self) -> None:
        """Save one picture of each page in each theme."""
        self._take_evaluate()
        self._take_label()
        self._take_predict()
        self._take_runs()
        for key in (PageKey.PLUGINS, PageKey.SETTINGS):
            self._open(key)
            self._take_in_both(f"{key.value}-{{}}")
        window = self._desk.window
        self._take_dialog("palette", window.palette_requested.emit)
        self._take_dialog("keys", window.keys_requested.emit)

    def _take_evaluate(self) -> None:
        """Show the last run, compared with the first one, with some fixes that wait."""
        page = self._open(PageKey.EVALUATE)
        assert isinstance(page, EvaluatePage)
        wait(lambda: page.seen.judged is not None and not page.is_reading)
        page.controls.other.picked.emit("1")
        wait(lambda: page.seen.comparison is not None and not page.is_reading)
        grid = page.pictures.keys.grid
        for key in (Qt.Key.Key_2, Qt.Key.Key_X, Qt.Key.Key_K):
            QTest.keyClick(grid, key)
            QTest.keyClick(grid, Qt.Key.Key_Right)
        self._take_in_both("evaluate-{}")
        page.tabs.tab("worst")
        settle()
        self._take("evaluate-worst")
        page.tray.clear()

    def _take_label(self) -> None:
        """Show suggestions of the last run."""
        page = self._open(PageKey.LABEL)
        assert isinstance(page, LabelPage)
        self._press(page, "label.accept")
        self._wait_for_job()
        self._take_in_both("label-{}")

    def _take_predict(self) -> None:
        """Show what the last run makes of some validation pictures."""
        page = self._open(PageKey.PREDICT)
        self._press(page, "predict.validation")
        self._wait_for_job()
        self._take_in_both("predict-{}")

    def _take_runs(self) -> None:
        """Show both runs compared."""
        page = self._open(PageKey.RUNS)
        table = self._find(page, QTableView, "runs.table")
        for row in range(2):
            table.selectRow(row)
            QTest.keyClick(table, Qt.Key.Key_Space)
        settle()
        self._press(page, "runs.compare")
        settle()
        self._take_in_both("runs-{}")

    def _take_dialog(self, name: str, open_it: Callable[[], None]) -> None:
        """Show the window with what opens over it."""
        for mode in _BOTH:
            self._desk.theme.set_mode(mode)
            open_it()
            settle()
            over = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            assert over is not None, name
            take(over, self._desk.theme, f"{name}-{mode.value}")
            over.close()

    def _open(self, key: PageKey) -> Page:
        self._desk.window.show_page(key)
        settle()
        return self._desk.window.page(key)

    def _take(self, name: str) -> None:
        take(self._desk.window, self._desk.theme, name)

    def _take_in_both(self, name: str) -> None:
        for mode in _BOTH:
            self._desk.theme.set_mode(mode)
            settle()
            self._take(name.format(mode.value))

    def _wait_for_job(self) -> None:
        wait(lambda: self._desk.runner.state is not JobState.IDLE, settle_ms=0)
        wait(lambda: self._desk.runner.state is JobState.IDLE)

    def _press(self, page: QWidget, name: str) -> None:
        button = self._find(page, QPushButton, name)
        assert button.isEnabled(), f"{name}: {button.toolTip()}"
        button.click()

    def _find(self, page: QWidget, kind: type[W], name: str) -> W:
        found = page.findChild(kind, name)
        assert isinstance(found, kind), name
        return found
