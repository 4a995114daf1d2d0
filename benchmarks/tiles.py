"""Scrolling 50,000 result tiles: frames a second, and the longest the window did not answer."""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Final

import numpy as np
from turns import print_machine

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

from petstudio.api.events import Event, ImagePredicted, TopClass
from petstudio.bridge.collector import CycleCollector
from petstudio.bridge.prediction_list import PredictionList
from petstudio.ui.pages.predict_results import ResultsPart
from petstudio.ui.theme import Theme, ThemeMode

_CLASSES: Final = tuple(f"class {number}" for number in range(37))
_SIZE: Final = (967, 588)  # of the results in a window of 1440 x 900
_TICK_MS: Final = 10
_FRAME_MS: Final = 16
_BATCH: Final = 64
_STEPS: Final = {"line by line": 60, "page by page": 588, "dragged along": 40_000}


class Watch(QObject):
    """Counts frames, and how long the gaps between two ticks of a timer are."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self.gaps = []
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    @Slot()
    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append(1000 * (now - self._last))
        self._last = now


class Scroller(QObject):
    """Moves the bar by a step for each frame, to the end and back; each frame is painted."""

    def __init__(self, part: ResultsPart, step: int, loop: QEventLoop, seconds: float) -> None:
        super().__init__()
        self.frames = 0
        self.costs: list[float] = []
        self._part = part
        self._step = step
        self._loop = loop
        self._end = time.perf_counter() + seconds
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self._move)
        self._timer.start()

    @Slot()
    def _move(self) -> None:
        before = time.thread_time()
        bar = self._part.grid.verticalScrollBar()
        if not 0 <= bar.value() + self._step <= bar.maximum():
            self._step = -self._step
        bar.setValue(bar.value() + self._step)
        self._part.grid.viewport().repaint()
        self.frames += 1
        self.costs.append(1000 * (time.thread_time() - before))
        if time.perf_counter() > self._end:
            self._timer.stop()
            self._loop.quit()


def links(data: Path, folder: Path, count: int) -> list[Path]:
    """Give the photos so many names, so that each tile has a picture of its own to load."""
    photos = sorted(data.glob("*.jpg"))
    paths = [folder / f"{number:06}.jpg" for number in range(count)]
    for number, path in enumerate(paths):
        path.symlink_to(photos[number % len(photos)])
    return paths


def events(paths: list[Path]) -> list[Event]:
    """Return a prediction for each path."""
    draws = np.random.default_rng(0).dirichlet(np.ones(5) * 0.4, len(paths))
    shares = -np.sort(-draws, axis=1)
    picks = np.random.default_rng(1).permuted(
        np.tile(np.arange(len(_CLASSES)), (len(paths), 1)), axis=1
    )
    return [
        ImagePredicted(
            path=str(path),
            top=tuple(
                TopClass(label=_CLASSES[pick], probability=float(share))
                for pick, share in zip(row[:5], ranked, strict=True)
            ),
        )
        for path, row, ranked in zip(paths, picks, shares, strict=True)
    ]


def stream(part: ResultsPart, told: list[Event], watch: Watch) -> None:
    """Let all results arrive as a job sends them, as fast as the window takes them."""
    results = PredictionList(_CLASSES)
    part.show_results(results)
    loop = QEventLoop()
    batches = iter(range(0, len(told), _BATCH))

    def feed() -> None:
        at = next(batches, None)
        if at is None:
            loop.quit()
            return
        results.add(told[at : at + _BATCH])
        part.take_news()
        QTimer.singleShot(0, feed)

    watch.start()
    started = time.perf_counter()
    QTimer.singleShot(0, feed)
    loop.exec()
    watch.stop()
    part.refresh()
    print_row("results arrive, 64 at a time", len(told) / (time.perf_counter() - started), watch)


def scroll(part: ResultsPart, name: str, step: int, watch: Watch, seconds: float) -> None:
    """Scroll for some seconds and print what it cost."""
    loop = QEventLoop()
    watch.start()
    scroller = Scroller(part, step, loop, seconds)
    loop.exec()
    watch.stop()
    cost = statistics.median(scroller.costs)
    print_row(f"{name}, {cost:.1f} ms of processor a frame", scroller.frames / seconds, watch)


def print_row(name: str, rate: float, watch: Watch) -> None:
    ordered = sorted(watch.gaps)
    p99 = ordered[int(0.99 * (len(ordered) - 1))]
    print(f"| {name} | {rate:,.0f} | {p99:.1f} | {ordered[-1]:.1f} |", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="?", type=Path, default=Path("../shared/data/pets-mini"))
    parser.add_argument("--tiles", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each kind of scrolling")
    given = parser.parse_args()
    app = QApplication([])
    theme = Theme(mode=ThemeMode.DARK)
    theme.apply(app)
    collector = CycleCollector()
    collector.start()
    folder = Path(tempfile.mkdtemp())
    told = events(links(given.data.absolute(), folder, given.tiles))
    print(f"\n### {given.tiles:,} result tiles\n")
    print_machine("frames are asked for every 16 ms; a gap is from tick to tick of a 10 ms timer")
    print("\n| what | a second | gap p99, ms | longest gap, ms |\n|---|---|---|---|")
    part = ResultsPart(theme)
    part.resize(*_SIZE)
    part.show()
    watch = Watch()
    stream(part, told, watch)
    for name, step in _STEPS.items():
        scroll(part, name, step, watch, given.seconds)
    part.shutdown()
    collector.stop()
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
