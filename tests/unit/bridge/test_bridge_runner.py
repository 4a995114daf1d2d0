"""Jobs in a thread: order, thread of delivery, pause, cancel, failure, end."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject, QThread, Slot

from petstudio.api.errors import ConflictError, InputError
from petstudio.api.events import Outcome, ProgressMade, RunFinished
from petstudio.bridge.runner import JobRunner, JobState


class Witness(QObject):
    """Notes what arrives and in which thread."""

    def __init__(self, runner):
        super().__init__()
        self.events = []
        self.states = []
        self.threads = set()
        runner.events_arrived.connect(self.note_events)
        runner.state_changed.connect(self.note_state)

    @Slot(object)
    def note_events(self, events):
        self.threads.add(QThread.currentThread())
        self.events.extend(events)

    @Slot(object)
    def note_state(self, state):
        self.threads.add(QThread.currentThread())
        self.states.append(state)


@pytest.fixture
def runner(qapp):
    made = JobRunner()
    yield made
    assert made.shutdown()


def progress(count):
    def job(emit, control):
        for number in range(count):
            control.checkpoint()
            emit(ProgressMade(task="count", done=number, total=count))

    return job


def forever(started):
    def job(emit, control):
        while True:
            control.checkpoint()
            started.set()

    return job


def wait_for_end(qtbot, runner):
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE, timeout=10_000)


def test_that_twenty_thousand_events_arrive_in_order_and_end_with_run_finished(qtbot, runner):
    witness = Witness(runner)
    runner.start(progress(20_000))
    wait_for_end(qtbot, runner)
    assert [event.done for event in witness.events[:-1]] == list(range(20_000))
    assert witness.events[-1].outcome is Outcome.COMPLETED


def test_that_events_and_states_are_delivered_in_the_thread_of_the_window(qtbot, runner):
    witness = Witness(runner)
    runner.start(progress(10))
    wait_for_end(qtbot, runner)
    assert witness.threads == {QThread.currentThread()}


def test_that_the_last_batch_comes_before_the_state_is_idle(qtbot, runner):
    seen = []
    witness = Witness(runner)
    runner.state_changed.connect(lambda state: seen.append((state, len(witness.events))))
    runner.start(progress(3))
    wait_for_end(qtbot, runner)
    assert seen[-1] == (JobState.IDLE, 4)


def test_that_a_paused_job_can_go_on(qtbot, runner):
    witness = Witness(runner)
    started = threading.Event()
    runner.start(forever(started))
    assert started.wait(10)
    runner.pause()
    runner.resume()
    runner.cancel()
    wait_for_end(qtbot, runner)
    assert witness.states == [
        JobState.RUNNING,
        JobState.PAUSED,
        JobState.RUNNING,
        JobState.STOPPING,
        JobState.IDLE,
    ]


def test_that_cancelling_a_paused_job_ends_it_as_cancelled(qtbot, runner):
    witness = Witness(runner)
    started = threading.Event()
    runner.start(forever(started))
    assert started.wait(10)
    runner.pause()
    runner.cancel()
    wait_for_end(qtbot, runner)
    assert witness.events[-1].outcome is Outcome.CANCELLED


def test_that_a_failure_arrives_as_a_sentence(qtbot, runner):
    def job(emit, control):
        raise InputError("The folder is gone.", cure="Choose another one.")

    witness = Witness(runner)
    runner.start(job)
    wait_for_end(qtbot, runner)
    assert isinstance(witness.events[-1], RunFinished)
    assert witness.events[-1].message == "The folder is gone. Choose another one."


def test_that_a_second_job_is_refused_while_one_runs(qtbot, runner):
    runner.start(forever(threading.Event()), title="Training")
    with pytest.raises(ConflictError, match="Training"):
        runner.start(progress(1))
    runner.cancel()
    wait_for_end(qtbot, runner)


def test_that_a_runner_takes_the_next_job_after_the_first(qtbot, runner):
    witness = Witness(runner)
    for _ in range(3):
        runner.start(progress(1))
        wait_for_end(qtbot, runner)
    assert sum(isinstance(event, RunFinished) for event in witness.events) == 3


def test_that_shutdown_ends_a_paused_job_and_delivers_its_last_events(qtbot, runner):
    witness = Witness(runner)
    started = threading.Event()
    runner.start(forever(started))
    assert started.wait(10)
    runner.pause()
    assert runner.shutdown()
    assert runner.state is JobState.IDLE
    assert witness.events[-1].outcome is Outcome.CANCELLED


def test_that_shutdown_reports_a_job_that_does_not_stop(qtbot, runner):
    release = threading.Event()
    runner.start(lambda emit, control: release.wait(30))
    assert not runner.shutdown(timeout_ms=20)
    release.set()
    wait_for_end(qtbot, runner)
