"""Random presses in the real window with real, tiny runs: nothing is left over, nothing is lost.

PETSTUDIO_PRESSES is the number of presses, 40 unless it is set; with 200 the test takes longer than
`faulthandler_timeout` lets pass without a word. PETSTUDIO_SEED makes the presses others.
"""

from __future__ import annotations

import os
import random
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSlider, QApplication, QCheckBox, QDialog, QPushButton

from petstudio.api.control import RunControl
from petstudio.api.events import Outcome
from petstudio.bridge.engine_link import EngineLink
from petstudio.bridge.runner import JobState
from petstudio.config.recipe import recipe_from_mapping
from petstudio.config.settings import SettingsFile
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.importing import create_project
from petstudio.jobs.job import run_job
from petstudio.jobs.proving import DataSource
from petstudio.jobs.training import resume
from petstudio.plugin_host.host import PluginHost
from petstudio.project.event_log import read_events
from petstudio.project.project import Access, Project
from petstudio.project.records import RunState
from petstudio.ui.desk import Desk
from petstudio.ui.page import PageKey
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.stage_cards import StageCards

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
_PRESSES = int(os.environ.get("PETSTUDIO_PRESSES", "40"))
_SEED = int(os.environ.get("PETSTUDIO_SEED", "0"))
_LONG = 60_000
_PAUSES_MS = (0, 0, 20, 100, 300)  # between two presses, as of a hand; the run goes on meanwhile
_RECIPE = recipe_from_mapping(
    {
        "model": {"architecture": "resnet18", "weights": "none"},
        "input": {"size": 32},
        "training": {"batch_size": 8, "device": "cpu"},
        "stages": [
            {"name": "head", "epochs": 2, "rate": 3e-3},
            {"name": "all", "epochs": 5, "trainable": "all", "rate": [1e-4, 1e-3]},
            {"name": "upper", "epochs": 3, "trainable": "layer3 to layer4", "rate": 1e-3},
        ],
    }
)
_TEXTS = {
    JobState.IDLE: "Start",
    JobState.RUNNING: "Pause",
    JobState.PAUSED: "Resume",
    JobState.STOPPING: "Stopping",
}
_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class Hand:
    """Presses what a user can press; what is closed just now is pressed all the same."""

    def __init__(self, qtbot, qapp, project, *, has_engine=False):
        self._bot, self._app = qtbot, qapp
        self._has_engine = has_engine
        self._random = random.Random(_SEED)
        self._settings = SettingsFile()
        self._settings.save(self._settings.values.with_project(project))
        self.pids: list[int] = []
        self.pressed: list[str] = []
        self.open()

    def press(self, count):
        ways = {
            self.start_pause_or_resume: 9,
            self.watch: 5,
            self.stop_now: 2,
            self.stop_after_epoch: 2,
            self.go_by_step: 2,
            self.find_or_close: 3,
            self.sweep_or_stop: 2,
            self.apply: 2,
            self.look_at_data: 2,
            self.choose_stage: 3,
            self.choose_start: 2,
            self.move_divider: 3,
            self.zoom: 2,
            self.plan_or_queue: 2,
            self.go_back_to_run: 1,
            self.discard: 1,
            self.answer_banner: 1,
            self.close_window: 1,
        }
        picked = self._random.choices(list(ways), weights=list(ways.values()), k=count)
        for way in (self.start_pause_or_resume, self.watch, *picked[2:]):
            self.pressed.append(way.__name__)
            way()
            self._bot.wait(self._random.choice(_PAUSES_MS))
            self.check()

    def check(self):
        """What the page says is what goes on."""
        page, state = self.page, self.desk.runner.state
        is_sweeping = page._finder._feed.is_going
        shown = JobState.IDLE if is_sweeping else state
        assert self.button("training.start").text() == _TEXTS[shown]
        assert page._finder.is_open or not is_sweeping or state is JobState.STOPPING
        is_free = state is JobState.IDLE or is_sweeping or page._queue.is_planning
        assert self.find(ChoiceBox, "training.recipe_choice").isEnabled() == is_free
        assert page.banner.property("kind") != "err" or page.banner.isHidden(), page.banner.headline

    def open(self):
        engine = EngineLink() if self._has_engine else None
        self.desk = Desk(self._app, PluginHost.load(), self._settings, engine=engine)
        self._engine = engine
        window = self.desk.window
        with self._bot.waitExposed(window):
            self.desk.show(None)
        self._bot.waitUntil(
            lambda: len(window.pages) == 2 and self.desk.session.path is not None, timeout=_LONG
        )
        window.show_page(PageKey.TRAIN)
        self.page = window.page(PageKey.TRAIN)
        self.page.set_recipe(_RECIPE)
        self._bot.waitUntil(lambda: self.page._runs.classes == 3, timeout=_LONG)

    def leave(self):
        """Close the window for good; a job that runs is stopped."""
        self.desk.window.close()
        if self.desk.window.isVisible():
            self.answer("stop")
        self._bot.waitUntil(lambda: not self.desk.window.isVisible(), timeout=_LONG)
        pid = self._engine.pid if self._engine is not None else None
        if pid is not None:
            self.pids.append(pid)
        assert self.desk.shutdown()
        self.desk.deleteLater()

    def start_pause_or_resume(self):
        ways = ("training.start", "training.start", Qt.Key.Key_F5, Qt.Key.Key_F6)
        way = self._random.choice(ways) if self.pressed[1:] else ways[0]
        if isinstance(way, str):
            self.click(way)
        else:
            self.key(way)

    def watch(self):
        """Look on until some more batches are done, or nothing goes on any more."""
        run = self.page.run
        target = self._random.choice((1, 4, 10)) + (len(run.x) if run is not None else 0)

        def is_seen():
            is_going = self.desk.runner.state in (JobState.RUNNING, JobState.STOPPING)
            return not is_going or (run is not None and len(run.x) >= target)

        self._bot.waitUntil(is_seen, timeout=_LONG)

    def stop_now(self):
        self.key(Qt.Key.Key_F5, _CONTROL)

    def stop_after_epoch(self):
        self.key(Qt.Key.Key_F5, _SHIFT)

    def go_by_step(self):
        QTest.keyClick(self.find(QCheckBox, "training.by_step"), Qt.Key.Key_Space)

    def find_or_close(self):
        self.click("training.find")

    def sweep_or_stop(self):
        self.click("training.finder.run")

    def apply(self):
        self.click("training.finder.apply")

    def look_at_data(self):
        self.key(Qt.Key.Key_1, _CONTROL)
        assert self.desk.data_page.isVisible()
        self._bot.wait(self._random.choice(_PAUSES_MS))
        self.key(Qt.Key.Key_3, _CONTROL)
        assert self.page.isVisible()

    def choose_stage(self):
        cards = self.find(StageCards, "training.stages")
        row = self._random.randrange(len(_RECIPE.stages))
        place = cards.visualRect(cards.model().index(row, 0)).center()
        QTest.mouseClick(cards.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def choose_start(self):
        key = self._random.choice((Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up))
        QTest.keyClick(self.find(ChoiceBox, "training.start_from"), key)

    def move_divider(self):
        key = self._random.choice((Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight))
        QTest.keyClick(self.find(QAbstractSlider, "training.layers"), key)

    def zoom(self):
        viewport = self.page.plot._view.viewport()
        point = QPointF(viewport.rect().center())
        turn = QPoint(0, self._random.choice((120, -120)))
        wheel = QWheelEvent(
            point, QPointF(viewport.mapToGlobal(point)), QPoint(), turn,
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(viewport, wheel)

    def plan_or_queue(self):
        self.click("training.queue.add")

    def go_back_to_run(self):
        self.click("training.queue.back")

    def discard(self):
        """Ask for it, and mean it or not; without a run that is going there is nothing to ask."""
        before = set(self.questions("discard_run"))
        if self.page._feed.is_going:
            self.page._buttons_of_run.discard_wanted.emit()
        for asked in set(self.questions("discard_run")) - before:
            answer = self._random.choice(("discard", "keep"))
            asked.findChild(QPushButton, f"discard_run.{answer}").click()

    def questions(self, name):
        return self.desk.window.findChildren(QDialog, name)

    def answer_banner(self):
        if self.page.banner.isVisible():
            self.click(self._random.choice(("banner.action", "banner.close")))

    def close_window(self):
        """Close it, and open it again; a job that runs may go on instead."""
        if self.desk.runner.state is not JobState.IDLE and self._random.random() < 0.5:
            self.desk.window.close()
            self.answer("keep")
            assert self.desk.window.isVisible()
        else:
            self.leave()
            self.open()

    def answer(self, key):
        question = self.desk.window.findChildren(QDialog, "still_running")[-1]
        QTest.mouseClick(
            question.findChild(QPushButton, f"still_running.{key}"), Qt.MouseButton.LeftButton
        )

    def key(self, key, modifiers=Qt.KeyboardModifier.NoModifier):
        """Press a key of the whole window, which has to be the active one for it."""
        window = self.desk.window
        window.activateWindow()
        self._bot.waitUntil(window.isActiveWindow, timeout=_LONG)
        QTest.keyClick(window, key, modifiers)

    def click(self, name):
        button = self.button(name)
        if button is not None and button.isVisible():
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def button(self, name):
        return self.find(QPushButton, name)

    def find(self, kind, name):
        return self.page.findChild(kind, name)


@pytest.fixture
def project(pictures, tmp_path):
    path = tmp_path / "pets.petstudio"
    source = DataSource(root=pictures, loader="regex", options={"pattern": r"(.+)_\d+\.png"})
    finished = run_job(
        create_project(PluginHost.load(), path, source, SplitChoice()), lambda _: None, RunControl()
    )
    assert finished.outcome is Outcome.COMPLETED, finished.message
    return path


@pytest.fixture
def calm(project):
    """Fail a test that leaves a thread or a process; the project was made before."""
    threads, children = set(threading.enumerate()), _children()
    yield
    left = [thread for thread in threading.enumerate() if thread not in threads]
    # QThreads, which the leak guard looks at, leave dummies behind.
    assert not [thread for thread in left if not isinstance(thread, threading._DummyThread)]
    assert _children() - children == set()


@pytest.fixture
def hand(qtbot, qapp, project, calm):
    """Makes a hand on the project; whatever happens, its window is taken down."""
    made = []

    def make(**how):
        made.append(Hand(qtbot, qapp, project, **how))
        return made[-1]

    yield make
    for one in made:
        one.desk.shutdown()
        one.desk.window.close()


def test_that_random_presses_leave_a_project_in_order(hand, project, record_property):
    soak(hand(), _PRESSES)
    check_project(project, record_property)


def test_that_random_presses_leave_no_engine_process(hand, project, record_property):
    pressing = hand(has_engine=True)
    soak(pressing, max(1, _PRESSES // 2))
    check_project(project, record_property)
    assert pressing.pids
    assert not [pid for pid in pressing.pids if _is_alive(pid)]


def soak(hand, count):
    try:
        hand.press(count)
        hand.leave()
    except BaseException as error:
        error.add_note(f"pressed: {' '.join(hand.pressed)}")
        raise


def check_project(path, record_property):
    """Every run has an end that it may have, and has come to its end or goes on to it."""
    with Project.open(path) as opened:
        runs = opened.runs()  # opened to write, which also notes what was broken off
    record_property("runs", " ".join(run.state.value for run in runs))
    assert runs
    ends = {RunState.COMPLETED, RunState.CANCELLED}
    assert {run.state for run in runs} <= ends, [run.state for run in runs]
    for run in runs:
        assert not run.folder.is_held
        assert list(read_events(run.folder.events_path))
        if run.state is RunState.CANCELLED:
            go_on(path, run.number)
    with Project.open(path, Access.READ) as opened:
        assert {run.state for run in opened.runs()} == {RunState.COMPLETED}
        assert all(run.folder.model_path.is_file() for run in opened.runs())


def go_on(path, number):
    finished = run_job(
        resume(PluginHost.load(), path, run=number), lambda _event: None, RunControl()
    )
    assert finished.outcome is Outcome.COMPLETED, f"run {number}: {finished.message}"


def _children():
    """Return the ids of all child processes, where the system lists them."""
    if not sys.platform.startswith("linux"):
        return set()
    tasks = Path("/proc/self/task").iterdir()
    return {int(pid) for task in tasks for pid in (task / "children").read_text().split()}


def _is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
