"""Jobs in a real engine process: order, steering, failure, death, end."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import engine_samples
import pytest

from petstudio.api.control import RunControl
from petstudio.api.errors import PetStudioError
from petstudio.api.events import Outcome, ProgressMade
from petstudio.config.paths import log_folder
from petstudio.jobs.engine_job import engine_job
from petstudio.jobs.engine_state import EngineState
from petstudio.jobs.engine_watch import Patience
from petstudio.jobs.warm_engine import KEPT, STARTING, WarmEngine
from petstudio.plugin_host.host import PluginHost

HERE = Path(__file__).parent
PARENT = """
import sys
from petstudio.api.control import RunControl
from petstudio.jobs.engine_job import engine_job
from petstudio.jobs.warm_engine import WarmEngine
from petstudio.plugin_host.host import PluginHost
import engine_samples

engine = WarmEngine()
def tell(event):
    if event.task == "count" and event.done == 0:
        print(engine.pid, flush=True)
engine.run(engine_job(engine_samples.count, PluginHost([]), 10**9), tell, RunControl())
"""
needs_pidfd = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux has pidfd_open")


@pytest.fixture(scope="module")
def samples():
    """Let the engine process find the module with the jobs, and its home stay out of the way."""
    with pytest.MonkeyPatch.context() as patch:
        known = os.environ.get("PYTHONPATH")
        patch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), *([known] if known else [])]))
        yield


@pytest.fixture(scope="module")
def engine(samples):
    made = WarmEngine()
    yield made
    pid = made.pid
    made.close()
    assert pid is None or not exists(pid)


@pytest.fixture
def own_engine(samples):
    """An engine for a test that loses it."""
    made = WarmEngine(patience=Patience(silence_s=3.0, stopping_s=1.0))
    yield made
    made.close()


@pytest.fixture(scope="module")
def host():
    return PluginHost([])


def exists(pid):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def run(engine, job, on_event=None):
    """Return the job's events without those of the start; `on_event` gets each one and control."""
    events, control = [], RunControl()

    def emit(event):
        if isinstance(event, ProgressMade) and event.task == STARTING:
            return
        events.append(event)
        if on_event is not None:
            on_event(event, control)

    assert engine.run(job, emit, control) is events[-1]
    return events


def process_of(engine, host):
    return run(engine, engine_job(engine_samples.tell_process, host))[0].done


def test_that_events_arrive_in_order_and_end_with_run_finished(engine, host):
    events = run(engine, engine_job(engine_samples.count, host, 5000))
    assert [event.done for event in events[:-1]] == list(range(5000))
    assert events[-1].outcome is Outcome.COMPLETED


def test_that_jobs_share_one_process_that_is_not_this_one(engine, host):
    first, second = process_of(engine, host), process_of(engine, host)
    assert first == second == engine.pid != os.getpid()


def test_that_pause_resume_and_cancel_cross_the_pipe(engine, host):
    answers = {"begun": RunControl.pause, "paused": RunControl.resume, "went on": RunControl.cancel}

    def steer(event, control):
        if isinstance(event, ProgressMade):
            answers[event.task](control)

    events = run(engine, engine_job(engine_samples.tell_pause, host), steer)
    assert [event.task for event in events[:-1]] == ["begun", "paused", "went on"]
    assert events[-1].outcome is Outcome.CANCELLED


def test_that_a_cancelled_job_leaves_the_next_one_alone(engine, host):
    run(engine, engine_job(engine_samples.count, host, 10**9), lambda _, control: control.cancel())
    events = run(engine, engine_job(engine_samples.count, host, 3))
    assert events[-1].outcome is Outcome.COMPLETED


def test_that_a_failure_there_arrives_as_its_sentence(engine, host):
    before = process_of(engine, host)
    finished = run(engine, engine_job(engine_samples.refuse, host))[-1]
    assert finished.message == "The folder is gone. Choose another one."
    assert finished.bad_input
    assert process_of(engine, host) == before


def test_that_the_process_has_plugins_of_its_own(engine, host):
    told = run(engine, engine_job(engine_samples.tell_loaders, host))[0].task
    assert told == "folder regex table"


def test_that_any_other_job_runs_in_place(engine, host):
    def job(emit, control):
        emit(ProgressMade(task="process", done=os.getpid()))

    assert run(engine, job)[0].done == os.getpid()


def test_that_a_job_can_also_run_in_place(host):
    events = []
    engine_job(engine_samples.count, host, 3)(events.append, RunControl())
    assert [event.done for event in events] == [0, 1, 2]


def test_that_a_job_that_cannot_travel_is_a_sentence(engine, host):
    finished = run(engine, engine_job(lambda host: None, host))[-1]
    assert finished.outcome is Outcome.FAILED
    assert "cannot go through the engine's pipe" in finished.message
    with pytest.raises(PetStudioError):
        engine_job(lambda host: None, host).packed()


def test_that_an_engine_that_cannot_start_says_why(samples, host, tmp_path, monkeypatch):
    (tmp_path / "torch.py").write_text("raise ImportError('no such library')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    states = []
    engine = WarmEngine(on_state=states.append)
    finished = run(engine, engine_job(engine_samples.count, host, 1))[-1]
    engine.close()
    assert "could not start: ImportError: no such library." in finished.message
    assert finished.kept == ""
    assert states == [EngineState.STARTING, EngineState.STOPPED]


def test_that_closing_leaves_no_process_even_when_it_has_just_begun(samples):
    engine = WarmEngine()
    pid = engine.start().pid
    engine.close()
    assert not exists(pid)
    with pytest.raises(PetStudioError):
        engine.start()


def test_that_cancelling_while_the_engine_starts_keeps_the_job_from_running(samples, host):
    engine, control, events = WarmEngine(), RunControl(), []

    def emit(event):
        events.append(event)
        control.cancel()

    engine.run(engine_job(engine_samples.count, host, 1), emit, control)
    engine.close()
    assert events[0].task == STARTING
    assert events[1].outcome is Outcome.CANCELLED


@pytest.mark.slow
def test_that_an_unexpected_failure_has_a_fresh_process_for_the_next_job(own_engine, host):
    before = process_of(own_engine, host)
    finished = run(own_engine, engine_job(engine_samples.fail, host))[-1]
    assert "Traceback" in finished.details
    assert process_of(own_engine, host) != before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("end", "how"),
    [
        (lambda engine: os.kill(engine.pid, signal.SIGKILL), "(signal 9), perhaps for lack of"),
        (lambda engine: os.kill(engine.pid, signal.SIGSEGV), "(signal 11), inside a library"),
        (lambda engine: os.kill(engine.pid, signal.SIGSTOP), "did not answer for 3 s"),
    ],
)
def test_that_the_death_of_the_process_fails_the_job_with_a_sentence(own_engine, host, end, how):
    def kill(event, control):
        if isinstance(event, ProgressMade):
            end(own_engine)

    finished = run(own_engine, engine_job(engine_samples.never_stop, host), kill)[-1]
    assert finished.outcome is Outcome.FAILED
    assert how in finished.message
    assert finished.kept == KEPT


@pytest.mark.slow
def test_that_a_process_that_leaves_by_itself_is_followed_by_another(samples, host):
    states = []
    engine = WarmEngine(on_state=states.append)
    finished = run(engine, engine_job(engine_samples.leave, host, 3))[-1]
    again = run(engine, engine_job(engine_samples.count, host, 3))[-1]
    engine.close()
    assert "exit code 3" in finished.message
    assert again.outcome is Outcome.COMPLETED
    assert states == [
        EngineState.STARTING,
        EngineState.READY,
        EngineState.STOPPED,
        EngineState.STARTING,
        EngineState.RESTARTED,
        EngineState.STOPPED,
    ]


@pytest.mark.slow
def test_that_a_job_that_does_not_stop_costs_its_process(own_engine, host):
    def cancel(event, control):
        if isinstance(event, ProgressMade):
            control.cancel()

    before = own_engine.start().pid
    finished = run(own_engine, engine_job(engine_samples.never_stop, host), cancel)[-1]
    assert finished.outcome is Outcome.CANCELLED
    assert "was ended" in finished.kept
    assert not exists(before)


@pytest.mark.slow
@needs_pidfd
def test_that_the_process_ends_when_its_parent_is_killed(samples):
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    with parent:
        child = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
        ended, _, _ = select.select([child], [], [], 60)
    os.close(child)
    assert ended


@pytest.mark.slow
def test_that_what_a_job_prints_goes_to_the_log(own_engine, host):
    process_of(own_engine, host)
    own_engine.close()
    assert "this goes to the log" in (log_folder() / "engine.log").read_text("utf-8")
