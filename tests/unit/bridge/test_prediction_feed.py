"""A prediction told apart from the other jobs of its runner, and a folder that is watched."""

from __future__ import annotations

from threading import Event as Gate

import pytest
from PySide6.QtCore import QCoreApplication

from petstudio.api.errors import ConflictError
from petstudio.api.events import ImagePredicted, Outcome, TopClass
from petstudio.bridge.folder_watcher import FolderWatcher
from petstudio.bridge.prediction_feed import PredictionFeed
from petstudio.bridge.prediction_list import PredictionList
from petstudio.bridge.runner import JobRunner, JobState

_SOON = 10_000


@pytest.fixture
def runner(qapp):
    made = JobRunner()
    yield made
    assert made.shutdown()


@pytest.fixture
def feed(runner):
    return PredictionFeed(runner)


@pytest.fixture
def gate():
    made = Gate()
    yield made
    made.set()


def predicting(count, gate=None):
    def job(emit, control):
        for number in range(count):
            if gate is not None and number == count - 1:
                while not gate.wait(0.005):
                    control.checkpoint()
            top = (TopClass(label="pug", probability=0.5),)
            emit(ImagePredicted(path=f"{number}.jpg", top=top))

    return job


def test_that_results_and_their_end_arrive(qtbot, feed):
    results = PredictionList(("pug",))
    with qtbot.waitSignal(feed.ended, timeout=_SOON) as ended:
        feed.start(predicting(5), results, 5, title="Predicting")
    assert ended.args[0].outcome is Outcome.COMPLETED
    assert (len(results), feed.done, feed.is_going) == (5, 5, False)


def test_that_the_results_of_another_job_are_not_its_own(qtbot, runner, feed):
    runner.start(predicting(3), title="Run 7")
    assert feed.busy_with == "Run 7"
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE, timeout=_SOON)
    assert len(feed.results) == 0
    assert feed.busy_with == ""


def test_that_a_busy_runner_keeps_the_results(qtbot, runner, feed, gate):
    results = PredictionList(("pug",))
    runner.start(predicting(1, gate), title="Run 7")
    with pytest.raises(ConflictError):
        feed.start(predicting(5), results, 5, title="Predicting")
    assert feed.results is not results
    assert not feed.is_going


def test_that_stop_keeps_what_has_come(qtbot, feed, gate):
    results = PredictionList(("pug",))
    feed.start(predicting(5, gate), results, 5, title="Predicting")
    qtbot.waitUntil(lambda: len(results) == 4, timeout=_SOON)
    with qtbot.waitSignal(feed.ended, timeout=_SOON) as ended:
        feed.stop()
        assert feed.is_stopping
    assert ended.args[0].outcome is Outcome.CANCELLED
    assert len(results) == 4


def test_that_the_time_left_is_said_after_three_batches(runner):
    now = [100.0]
    feed = PredictionFeed(runner, clock=lambda: now[0])
    top = (TopClass(label="pug", probability=0.5),)
    told = [ImagePredicted(path=f"{number}.jpg", top=top) for number in range(232)]
    gate = Gate()
    feed.start(lambda emit, control: gate.wait(), PredictionList(("pug",)), 332, title="x")
    feed._take(tuple(told[:32]))
    assert feed.seconds_left is None
    now[0] += 10
    feed._take(tuple(told[32:]))
    assert feed.seconds_left == pytest.approx(5.0)
    gate.set()


@pytest.fixture
def watcher(qapp):
    made = FolderWatcher(interval_ms=5)
    yield made
    made.shutdown()


def test_that_a_new_file_is_told_once(qtbot, watcher, tmp_path):
    (tmp_path / "old.png").write_bytes(b"old")
    watcher.watch(tmp_path, [tmp_path / "old.png"])
    with qtbot.waitSignal(watcher.arrived, timeout=_SOON) as arrived:
        (tmp_path / "new.png").write_bytes(b"new")
    assert arrived.args == [(tmp_path / "new.png",)]
    with qtbot.assertNotEmitted(watcher.arrived, wait=50):
        pass


def test_that_a_lost_folder_is_told_once_and_found_again(qtbot, watcher, tmp_path):
    folder = tmp_path / "in"
    told = []
    watcher.lost.connect(told.append)
    watcher.watch(folder, [])
    qtbot.waitUntil(lambda: len(told) == 1, timeout=_SOON)
    with qtbot.waitSignal(watcher.found_again, timeout=_SOON):
        folder.mkdir()
    assert len(told) == 1


def test_that_a_stopped_watcher_says_nothing(qtbot, watcher, tmp_path):
    watcher.watch(tmp_path, [])
    watcher.stop()
    (tmp_path / "new.png").write_bytes(b"new")
    with qtbot.assertNotEmitted(watcher.arrived, wait=50):
        QCoreApplication.sendPostedEvents()
    assert watcher.folder is None
