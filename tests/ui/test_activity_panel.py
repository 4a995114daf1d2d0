"""The panel of jobs: what runs, how it is stopped, and how the earlier ones ended."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtWidgets import QProgressBar, QPushButton

from petstudio.api.errors import InputError
from petstudio.api.events import NoticeGiven, NoticeLevel, ProgressMade
from petstudio.bridge.activity import ActivityKind
from petstudio.bridge.job_log import JobLog
from petstudio.bridge.runner import JobState
from petstudio.ui.widgets.activity_panel import ActivityPanel
from petstudio.ui.widgets.text import Text


@pytest.fixture
def log(runner):
    return JobLog(runner)


@pytest.fixture
def panel(qtbot, theme, log, runner):
    made = ActivityPanel(theme, log, runner)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def run(qtbot, runner, job, title):
    runner.start(job, title=title)
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE, timeout=10_000)


def texts(panel):
    return [text.text() for text in panel.findChildren(Text) if text.isVisible()]


def done_jobs(panel):
    return [text.partition(":")[0] for text in texts(panel) if ": done" in text]


def test_that_before_the_first_job_it_says_so(panel):
    assert "No job has run since the start." in texts(panel)


def test_that_ended_jobs_stand_there_the_last_one_first(qtbot, panel, runner, log):
    run(qtbot, runner, lambda emit, control: None, "Reading")
    run(qtbot, runner, lambda emit, control: None, "Checking")
    qtbot.waitUntil(lambda: len(done_jobs(panel)) == 2)
    assert done_jobs(panel) == ["Checking", "Reading"]
    assert [job.line.kind for job in log.ended] == [ActivityKind.DONE, ActivityKind.DONE]


def test_that_the_reason_of_a_failure_stays(qtbot, panel, runner, log):
    def job(emit, control):
        raise InputError("The folder is gone.")

    run(qtbot, runner, job, "Reading")
    assert log.ended[0].line.kind is ActivityKind.FAILED
    # A line that was just laid out is shown with the next turn of the events.
    qtbot.waitUntil(lambda: any("The folder is gone." in text for text in texts(panel)))


def test_that_notices_stand_with_their_job(qtbot, panel, runner, log):
    def job(emit, control):
        emit(NoticeGiven(level=NoticeLevel.WARNING, message="One picture is missing."))

    run(qtbot, runner, job, "Reading")
    run(qtbot, runner, lambda emit, control: None, "Checking")
    assert [ended.notices for ended in log.ended] == [(), ("One picture is missing.",)]
    qtbot.waitUntil(lambda: "One picture is missing." in texts(panel))


def test_that_a_paused_job_is_said_to_be_paused(qtbot, panel, runner):
    goes_on = threading.Event()

    def job(emit, control):
        while True:
            control.checkpoint()
            goes_on.wait(0.01)

    runner.start(job, title="Reading")
    qtbot.waitUntil(lambda: "Reading" in texts(panel), timeout=10_000)
    runner.pause()
    qtbot.waitUntil(lambda: "Reading, paused" in texts(panel), timeout=10_000)
    runner.resume()
    qtbot.waitUntil(lambda: "Reading" in texts(panel), timeout=10_000)
    runner.cancel()
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE, timeout=10_000)


def test_that_the_running_job_has_a_bar_and_can_be_stopped(qtbot, panel, runner, log):
    goes_on = threading.Event()

    def job(emit, control):
        emit(ProgressMade(task="Pictures", done=3, total=4))
        while True:
            control.checkpoint()
            goes_on.wait(0.01)

    runner.start(job, title="Reading")
    bar = panel.findChild(QProgressBar)
    qtbot.waitUntil(lambda: bar.isVisible() and bar.value() == 750, timeout=10_000)
    panel.findChild(QPushButton, "activity.stop").click()
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE, timeout=10_000)
    assert log.ended[0].line.kind is ActivityKind.STOPPED
    assert not bar.isVisible()
