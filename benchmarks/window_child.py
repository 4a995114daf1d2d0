"""One window for `window.py`: opens a project, trains, and prints how late its timer was."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QPushButton

from petstudio.api.events import StepFinished
from petstudio.bridge.engine_link import EngineLink
from petstudio.bridge.runner import JobState
from petstudio.config.recipe import recipe_from_mapping
from petstudio.config.settings import SettingsFile
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.desk import Desk
from petstudio.ui.page import PageKey

_TICK_MS: Final = 10
_PATIENCE_MS: Final = 100
_HANDS_MS: Final = 400
_PAGES: Final = 2
_RECIPE: Final = {
    "model": {"architecture": "resnet34", "weights": "none"},
    "input": {"size": 224},
    "training": {"batch_size": 16, "device": "cpu"},
    "augmentations": [{"key": "tutorial"}],
    "stages": [{"name": "all", "epochs": 100, "trainable": "all", "rate": 1e-3}],
}


class Watch(QObject):
    """Counts how late each tick is, before and after the first step of the training."""

    def __init__(self, desk: Desk, seconds: float, *, trains: bool) -> None:
        super().__init__()
        self.loading: list[float] = []
        self.stepping: list[float] = []
        self.steps = 0
        self._late = self.loading
        self._desk = desk
        self._seconds = seconds
        self._trains = trains
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        desk.runner.events_arrived.connect(self._take)
        desk.runner.state_changed.connect(self._follow)

    @Slot()
    def begin(self) -> None:
        """Wait until all is built and the project is open, then start."""
        if len(self._desk.window.pages) < _PAGES or self._desk.session.view is None:
            QTimer.singleShot(_PATIENCE_MS, self.begin)
            return
        self._desk.window.show_page(PageKey.TRAIN)
        page = self._desk.window.page(PageKey.TRAIN)
        page.set_recipe(recipe_from_mapping(_RECIPE))
        self._last = time.perf_counter()
        self._timer.start()
        if self._trains:
            page.findChild(QPushButton, "training.start").click()
        else:
            self._count_steps()

    def _count_steps(self) -> None:
        self._late = self.stepping
        QTimer.singleShot(round(1000 * self._seconds), self._finish)

    @Slot()
    def _tick(self) -> None:
        now = time.perf_counter()
        self._late.append(max(0.0, 1000 * (now - self._last) - _TICK_MS))
        self._last = now

    @Slot(object)
    def _take(self, events: tuple[object, ...]) -> None:
        steps = sum(isinstance(event, StepFinished) for event in events)
        if steps and not self.steps:
            self._count_steps()
        self.steps += steps

    @Slot()
    def _finish(self) -> None:
        self._timer.stop()
        self._desk.runner.cancel()
        self._follow(self._desk.runner.state)

    @Slot(object)
    def _follow(self, state: JobState) -> None:
        if state is JobState.IDLE:
            QApplication.exit()


class Hands(QObject):
    """Uses the window as somebody would who cannot sit still: zooms, fits, turns pages."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._turn = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_HANDS_MS)
        self._timer.timeout.connect(self._act)
        self._timer.start()

    @Slot()
    def _act(self) -> None:
        if len(self._desk.window.pages) < _PAGES:
            return
        plot = self._desk.window.page(PageKey.TRAIN).plot
        acts = (
            lambda: plot.zoom_x(0.0, 0.5),
            lambda: plot.zoom_x(0.1, 0.3),
            plot.fit,
            lambda: self._desk.window.show_page(PageKey.DATA),
            lambda: self._desk.window.show_page(PageKey.TRAIN),
        )
        acts[self._turn % len(acts)]()
        self._turn += 1


def main() -> None:
    """Run the window and print what was seen, as JSON."""
    place, project, seconds = sys.argv[1:]
    app = QApplication([])
    engine = EngineLink() if place in ("engine", "used") else None
    desk = Desk(app, PluginHost.load(), SettingsFile(), engine=engine)
    watch = Watch(desk, float(seconds), trains=place != "idle")
    desk.show(Path(project))
    watch.begin()
    hands = Hands(desk) if place == "used" else None
    app.exec()
    del hands
    desk.shutdown()
    assert watch.stepping, "the training ended before its first step"
    print(
        json.dumps(
            {"loading": watch.loading, "stepping": watch.stepping, "steps": watch.steps}
            | {"torch": "torch" in sys.modules}
        )
    )


if __name__ == "__main__":
    main()
