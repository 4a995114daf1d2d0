"""The window of patterns.py: the Data page, on which patterns are typed."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from living import live
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from petstudio.bridge.collector import CycleCollector
from petstudio.bridge.runner import JobRunner
from petstudio.bridge.session import Session
from petstudio.bridge.wakefulness import let_the_window_go_first
from petstudio.plugin_host.child import LabelReader
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.pages.data_page import DataPage
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.problem_line import ProblemLine

_BEAT_MS: Final = 10
_PATIENCE_S: Final = 120.0
_CHECKED_S: Final = 15
_QUIET_S: Final = 5
_PATTERNS: Final = (
    ("a pattern that fits", r"^(?P<label>.+)_\d+\.jpg$", False),
    ("one that fits nothing", r"^(?P<label>x+)$", False),
    ("an invalid one", r"^(?P<label>[a-z", True),
    ("an empty one", "", True),
    ("one that would never end", r"^(?P<label>((.+)+)+)!$", True),
    ("one that fits again", r"(?P<label>breed_\d\d)", False),
)


class Heart(QObject):
    """Notes the gaps between its beats."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(_BEAT_MS)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append(1000 * (now - self._last))
        self._last = now


class Watch:
    """Does something on the page and notes how the heart went on meanwhile."""

    def __init__(self, page: DataPage) -> None:
        self.rows: list[tuple[str, float, float, float, float]] = []
        self._page = page
        self._heart = Heart()

    def do(self, what: str, act: Callable[[], object], is_over: Callable[[], bool]) -> None:
        live(300)
        self._heart.gaps.clear()
        started = time.perf_counter()
        act()
        while not is_over():
            assert time.perf_counter() - started < _PATIENCE_S, what
            live(5)
        live(300)
        seconds = time.perf_counter() - started - 0.3
        gaps = sorted(self._heart.gaps)
        p50, p99 = (gaps[int(share * (len(gaps) - 1))] for share in (0.5, 0.99))
        self.rows.append((what, seconds, p50, p99, gaps[-1]))


def measure(folder: Path) -> list[tuple[str, float, float, float, float]]:
    """Return rows of words, seconds and gaps: median, 99th percentile, largest."""
    let_the_window_go_first()
    app = QApplication([])
    session, runner, reader, collector = Session(), JobRunner(), LabelReader(), CycleCollector()
    theme = Theme()
    theme.apply(app)
    page = DataPage(theme, PluginHost.load(), runner, session, reader)
    page.resize(1356, 820)
    page.show()
    page.rest.finish()
    collector.start()
    watch = Watch(page)
    check = page._bench.check  # noqa: SLF001
    quiet = time.perf_counter() + _QUIET_S
    watch.do("nothing", lambda: None, lambda: time.perf_counter() > quiet)
    watch.do("choose the folder", lambda: page.choose(folder), lambda: _is_proved(page))
    ended = time.perf_counter() + _CHECKED_S
    watch.do("check pictures", lambda: None, lambda: time.perf_counter() > ended)
    checked = check.done
    watch.do("stop checking", _button(page, "data.health.stop").click, lambda: True)
    field = page.findChild(QLineEdit, "data.regex.pattern")
    problem = page.findChild(ProblemLine, "data.regex.pattern.problem")
    assert isinstance(field, QLineEdit)
    assert isinstance(problem, ProblemLine)
    for what, pattern, is_bad in _PATTERNS:
        over = problem.isVisible if is_bad else lambda: _is_proved(page)
        watch.do(f"{what}: {pattern}".replace("|", "/"), lambda p=pattern: field.setText(p), over)
    watch.rows[2] = (f"check pictures, {checked:,} seen", *watch.rows[2][1:])
    page.shutdown()
    reader.close()
    session.shutdown()
    runner.shutdown()
    collector.stop()
    return watch.rows


def _is_proved(page: DataPage) -> bool:
    return page._proof is not None  # noqa: SLF001


def _button(page: DataPage, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
