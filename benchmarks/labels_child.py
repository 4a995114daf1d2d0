"""The window of labels.py: opens a project on the Label page, looks through it and labels."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from living import live
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from petstudio.bridge.collector import CycleCollector
from petstudio.bridge.label_rows import LabelChoice
from petstudio.bridge.runner import JobRunner
from petstudio.bridge.session import Session
from petstudio.bridge.wakefulness import let_the_window_go_first
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.pages.label_page import LabelPage
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.label_filters import LabelFilters
from petstudio.ui.widgets.picture_grid import PictureGrid

_BEAT_MS: Final = 10
_FRAMES: Final = 300
_SELECTED: Final = 1000
_PATIENCE_S: Final = 120.0


class Heartbeat(QObject):
    """Knows for how long the window's thread did not answer."""

    def __init__(self) -> None:
        super().__init__()
        self._last = time.perf_counter()
        self._longest = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(_BEAT_MS)

    def gap(self) -> str:
        """Return the longest gap since the last question."""
        self._beat()
        longest, self._longest = self._longest, 0.0
        return f"{longest * 1000:.0f} ms"

    def _beat(self) -> None:
        now = time.perf_counter()
        self._longest = max(self._longest, now - self._last)
        self._last = now


def until(is_so: Callable[[], bool]) -> float:
    """Let the window live until something is so; returns after how many seconds it was."""
    started = time.perf_counter()
    while not is_so():
        assert time.perf_counter() - started < _PATIENCE_S
        live(1)
    return time.perf_counter() - started


def scroll(grid: PictureGrid) -> float:
    """Scroll through the pictures by a third of a page a frame; returns frames a second."""
    bar = grid.verticalScrollBar()
    started = time.perf_counter()
    for frame in range(_FRAMES):
        bar.setValue(frame * bar.pageStep() // 3)
        grid.viewport().repaint()
        QApplication.sendPostedEvents()
    return _FRAMES / (time.perf_counter() - started)


def memory() -> str:
    """Return the memory of the process, now and at most; getrusage would tell of its parent too."""
    lines = Path("/proc/self/status").read_text().splitlines()
    now, most = (
        int(line.split()[1]) // 1024 for name in ("VmRSS:", "VmHWM:") for line in lines
        if line.startswith(name)
    )  # fmt: skip
    return f"{now} MB, at most {most} MB"


class Window:
    """The Label page, and what was measured on it."""

    def __init__(self, app: QApplication) -> None:
        self._session, self._runner = Session(), JobRunner()
        self._collector = CycleCollector()
        theme = Theme()
        theme.apply(app)
        self._page = LabelPage(theme, PluginHost.load(), self._runner, self._session)
        grid, filters = self._page.findChild(PictureGrid), self._page.findChild(LabelFilters)
        assert isinstance(grid, PictureGrid)
        assert isinstance(filters, LabelFilters)
        self._grid, self._filters = grid, filters
        self._page.resize(1356, 820)
        self._page.show()
        self._collector.start()
        live(200)
        self.figures = {"memory of the empty window": memory()}
        self._heart = Heartbeat()

    def open(self, project: Path) -> None:
        self._session.open(project)
        opened = until(lambda: len(self._grid.pictures) > 0)
        started = time.perf_counter()
        self._grid.viewport().repaint()
        painted = time.perf_counter() - started
        self.figures["open, until pictures can be labelled"] = f"{opened:.2f} s"
        self.figures["first paint of the grid"] = f"{painted * 1000:.1f} ms"
        self.figures["longest gap of a 10 ms timer meanwhile"] = self._heart.gap()

    def show_all(self) -> None:
        before = len(self._grid.pictures)
        self._filters.choose(LabelChoice())
        self._filters.changed.emit()
        chosen = until(lambda: len(self._grid.pictures) > before)
        self.figures["show all, by name"] = f"{chosen:.2f} s"
        self.figures["longest gap while choosing"] = self._heart.gap()
        self.figures["scroll"] = f"{scroll(self._grid):.0f} frames/s"
        live(2000)  # until the thumbnails have come
        self.figures["scroll, where thumbnails are there"] = f"{scroll(self._grid):.0f} frames/s"
        self._heart.gap()

    def label(self, count: int) -> None:
        self._grid.select_rows(range(count))
        started = time.perf_counter()
        QTest.keyClick(self._grid, Qt.Key.Key_3)
        shown = time.perf_counter() - started
        stored = self._settle()
        self.figures[f"label {count:,}, until it shows"] = f"{shown * 1000:.0f} ms"
        self.figures[f"label {count:,}, until it is stored and read again"] = f"{stored:.2f} s"

    def undo(self) -> None:
        self._session.undo()
        self.figures["undo"] = f"{self._settle():.2f} s"
        self.figures["longest gap while labelling"] = self._heart.gap()
        self.figures["memory"] = memory()

    def close(self) -> None:
        self._page.shutdown()
        self._session.shutdown()
        self._runner.shutdown()
        self._collector.stop()

    def _settle(self) -> float:
        return until(lambda: self._session.edits_done == self._session.edits_asked)


def measure(project: Path) -> dict[str, str]:
    """Return the figures by what they say."""
    let_the_window_go_first()
    window = Window(QApplication([]))
    window.open(project)
    window.show_all()
    window.label(1)
    window.label(_SELECTED)
    window.undo()
    window.close()
    return window.figures


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
