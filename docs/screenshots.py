"""Makes the README's pictures: the real window on the sample set, with real runs.

Usage: python docs/screenshots.py [EPOCHS]; without a screen, with QT_QPA_PLATFORM=offscreen.
EPOCHS is the length of the first stage, 4 unless it is given.
"""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

from page_pictures import PagePictures
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from taking import settle, take, wait

from petstudio.api.control import RunControl
from petstudio.bridge.engine_link import EngineLink
from petstudio.bridge.runner import JobState
from petstudio.config.paths import HOME_VARIABLE
from petstudio.config.recipe import TRAIN_ALL, Recipe, Stage
from petstudio.config.recipe_file import bundled_recipe, with_settings
from petstudio.config.settings import SettingsFile, ThemeMode
from petstudio.jobs.demo import SAMPLE_RECIPE, draw_sample, sample_project
from petstudio.jobs.job import run_job
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.desk import Desk
from petstudio.ui.page import PageKey
from petstudio.ui.pages.train_page import TrainPage
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.finder_card import FinderCard
from petstudio.ui.widgets.stage_cards import StageCards

W = TypeVar("W", bound=QWidget)
_SIZE = (1440, 900)
_DATA, _TRAIN = PageKey.DATA, PageKey.TRAIN
_EPOCHS = int(sys.argv[1]) if len(sys.argv) > 1 else 4
_MORE_EPOCHS = 4
_SWEPT = 60  # batches, of about a hundred
_GOOD_STEPS = 30  # before the memory is too small
_BOTH = (ThemeMode.DARK, ThemeMode.LIGHT)


def main() -> None:
    """Draw the sample set, bring the window into each state, and save the pictures."""
    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    with tempfile.TemporaryDirectory(prefix="petstudio-") as place:
        os.environ[HOME_VARIABLE] = place
        host, folder = PluginHost.load(), Path(place) / "pets"
        run_job(draw_sample(host, folder), lambda _event: None, RunControl())
        SettingsFile().change(
            theme=ThemeMode.LIGHT,
            open_project=str(sample_project(folder)),
            tips_done=tuple(key.value for key in PageKey),  # pages as they are most of the time
        )
        link = EngineLink()
        with_engine = Studio(Desk(app, host, SettingsFile(), engine=link))
        with_engine.take_data()
        with_engine.take_run()
        with_engine.take_finder()
        with_engine.take_branch()
        with_engine.take_other_pages()
        with_engine.lose_the_engine(link)
        with_engine.close()
        in_place = Studio(Desk(app, host, SettingsFile()))
        in_place.take_crash()
        in_place.take_memory()
        in_place.close()
        for script in ("german_pictures.py", "state_pictures.py"):
            run_script(script, str(sample_project(folder)))


def run_script(name: str, project: str) -> None:
    """Take what a program of its own takes: pages in German, Data and Label in all states."""
    docs = Path(__file__).parent  # named, as the engine has told Python to be wary of folders
    command = [sys.executable, str(docs / name), project]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(docs)}, check=True)


class Studio:
    """The window, and how it gets into the states that the pictures show."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        desk.show(None)
        desk.window.resize(*_SIZE)
        wait(lambda: desk.session.path is not None and len(desk.window.pages) > 1)
        desk.window.show_page(_TRAIN)
        page = desk.window.page(_TRAIN)
        assert isinstance(page, TrainPage)
        self._page = page
        page.set_recipe(_recipe())
        settle()

    def close(self) -> None:
        """Close the window in order."""
        self._desk.window.leave()
        wait(lambda: not self._desk.window.isVisible())
        self._desk.shutdown()

    def take(self, name: str) -> None:
        """Save the window as it is now."""
        take(self._desk.window, self._desk.theme, name)

    def take_data(self) -> None:
        """Show the Data page."""
        self._desk.window.show_page(_DATA)
        self._take_in_both("data-{}")
        self._desk.window.show_page(_TRAIN)

    def take_run(self) -> None:
        """Show a run before its start, while it is going, paused, and at its end."""
        self.take("train-ready")
        self._press("training.start")
        self._take_queue()
        self._wait_for_epochs(_EPOCHS + _MORE_EPOCHS / 2 - 0.6)
        self._press("training.start")
        settle()
        self.take("train-paused")
        self._press("training.start")
        self._wait_for_epochs(_EPOCHS + _MORE_EPOCHS / 2)
        self.take("train-running")
        self._desk.theme.set_mode(ThemeMode.DARK)
        settle()
        self.take("train-running-dark")
        self._desk.theme.set_mode(ThemeMode.LIGHT)
        self._wait_until_idle()  # the run may have ended by now
        self._take_in_both("train-{}")

    def _take_queue(self) -> None:
        """Show a recipe that is planned while the run goes on, and how it waits."""
        self._wait_for_epochs(1)
        self._press("training.queue.add")
        settle()
        self.take("train-planning")
        for _ in range(3):  # the one that is planned, and another one
            self._press("training.queue.add")
        settle()
        self.take("train-queue")
        for _ in range(2):
            self._press("training.queue.x")

    def take_finder(self) -> None:
        """Show a sweep of the second stage, and how a range is dragged on it."""
        self._choose_start("1:stage-1")
        self._find(StageCards, "training.stages").choose(1)
        self._press("training.find")
        card = self._find(FinderCard, "training.finder")
        settle()
        wait(lambda: batches_in(card) >= _SWEPT, settle_ms=0)
        self.take("train-finder-running")
        self._wait_for_end()
        drag_upper_edge(card, decades=1.2, meanwhile=lambda: self.take("train-finder-dragged"))
        self._press("training.finder.apply")

    def take_branch(self) -> None:
        """Show a second run, which started where the first stage of the first one ended."""
        self._press("training.start")
        self._wait_for_end()
        self.take("train-branch")

    def take_other_pages(self) -> None:
        """Show the pages that need finished runs, and those that need none."""
        PagePictures(self._desk).take_all()
        self._desk.window.show_page(_TRAIN)

    def lose_the_engine(self, link: EngineLink) -> None:
        """Kill the process in which a third run is going, once it has left a checkpoint."""
        self._choose_start("")
        self._press("training.start")
        self._wait_for_epochs(3)
        assert link.pid is not None
        os.kill(link.pid, signal.SIGKILL)
        self._wait_for_end()

    def take_crash(self) -> None:
        """Show what a window says that opens on a project with a run that was broken off."""
        wait(self._page.banner.isVisible)
        self.take("train-crash-banner")
        self._press("banner.action.2")
        wait(lambda: self._page.run is not None)
        self.take("train-crash-opened")

    def take_memory(self) -> None:
        """Show a run that ran out of memory once, and goes on with smaller pieces."""
        with memory_failing_after(_GOOD_STEPS):
            self._press("training.start")
            wait(lambda: self._page.run is not None and self._page.run.division is not None)
            self._wait_for_epochs(_GOOD_STEPS / 20 + 1)
        self.take("train-memory-banner")

    def _take_in_both(self, name: str) -> None:
        for mode in _BOTH:
            self._desk.theme.set_mode(mode)
            settle()
            self.take(name.format(mode.value))

    def _wait_for_epochs(self, count: float) -> None:
        wait(lambda: self._page.run is not None and self._page.run.position >= count)

    def _wait_for_end(self) -> None:
        wait(lambda: self._desk.runner.state is not JobState.IDLE, settle_ms=0)
        self._wait_until_idle()

    def _wait_until_idle(self) -> None:
        wait(lambda: self._desk.runner.state is JobState.IDLE)

    def _choose_start(self, key: str) -> None:
        self._find(ChoiceBox, "training.start_from").picked.emit(key)

    def _press(self, name: str) -> None:
        button = self._find(QPushButton, name)
        assert button.isEnabled(), f"{name}: {button.toolTip()}"
        button.click()

    def _find(self, kind: type[W], name: str) -> W:
        found = self._page.findChild(kind, name)
        assert isinstance(found, kind), name
        return found


def _recipe() -> Recipe:
    """Return the sample recipe with a second stage."""
    recipe = with_settings(bundled_recipe(SAMPLE_RECIPE), [f"stages.0.epochs={_EPOCHS}"])
    more = Stage(name="all layers", epochs=_MORE_EPOCHS, trainable=TRAIN_ALL, rate=(1e-3,))
    return replace(recipe, stages=(*recipe.stages, more))


def batches_in(card: FinderCard) -> int:
    """Return how many batches the curve of the sweep has so far."""
    rates, _losses = card.plot.items.raw.getData()
    return 0 if rates is None else len(rates)


def drag_upper_edge(card: FinderCard, *, decades: float, meanwhile: Callable[[], None]) -> None:
    """Drag the upper end of the chosen range, and do something before it is let go."""
    view = card.plot.view
    bottom, top = view.box.viewRange()[1]

    def pixel(place: float) -> QPoint:
        scene = view.box.mapViewToScene(QPointF(place, bottom + 0.3 * (top - bottom)))
        point: QPoint = view.mapFromScene(scene)
        return point

    high = math.log10(card.rates[-1])
    first, last = pixel(high), pixel(high + decades)
    QTest.mouseMove(view.viewport(), first)
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=first)
    for part in range(1, 11):
        QTest.mouseMove(view.viewport(), first + (last - first) * (part / 10))
        wait(lambda: True, settle_ms=20)  # pyqtgraph drops moves that come faster than a hand's
    meanwhile()
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=last)


def memory_failing_after(steps: int) -> Any:  # of unittest.mock, which does not name it
    """Return a context in which one batch of a run in this process finds no memory."""
    from torch import OutOfMemoryError

    from petstudio.engine.stepping import Step

    left, learn = [steps], Step._piece  # noqa: SLF001

    def piece(step: Step, *values: Any, **named: Any) -> Any:  # of the engine's own method
        left[0] -= 1
        if left[0] == 0:
            raise OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return learn(step, *values, **named)

    return patch.object(Step, "_piece", piece)


if __name__ == "__main__":
    main()
