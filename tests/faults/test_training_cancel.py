"""Cancelling a training job at random moments: it ends at once and in order, and can go on.

PETSTUDIO_CANCELS is the number of cancels, 10 unless it is set. PETSTUDIO_SEED makes the moments
others.
"""

from __future__ import annotations

import os
import random
import shutil
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from engine_fixtures import make_pictures
from tiny_plugin import tiny_host

from petstudio.api.control import RunControl
from petstudio.api.events import Event, Outcome, RunFinished, StepFinished
from petstudio.config.recipe import recipe_from_mapping
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.importing import create_project
from petstudio.jobs.job import Job, run_job
from petstudio.jobs.proving import DataSource
from petstudio.jobs.training import resume, train
from petstudio.plugin_host.host import PluginHost
from petstudio.project.event_log import read_events
from petstudio.project.project import Project
from petstudio.project.records import RunRecord, RunState

_CANCELS = int(os.environ.get("PETSTUDIO_CANCELS", "10"))
_SEED = int(os.environ.get("PETSTUDIO_SEED", "0"))
_SHARE = 0.6  # of a whole run's time, within which it is cancelled
# More than were seen. Between two questions whether to go on lie at most the end of an epoch and of
# its stage, three checkpoints, the beginning of the next stage, what is kept, and the end.
_MOST_EVENTS = 10
_RECIPE = {
    "model": {"architecture": "tiny", "weights": "none"},
    "input": {"size": 16},
    "training": {"batch_size": 6, "precision": "float32", "device": "cpu"},
    "augmentations": [{"key": "tutorial"}],
    "stages": [
        {"name": "head", "epochs": 3, "rate": 3e-3, "views": 2},
        {"name": "all", "epochs": 4, "trainable": "all", "rate": [1e-4, 1e-3], "keep": "best"},
        {"name": "mixed", "epochs": 2, "trainable": "top", "rate": 1e-4, "mixup": 0.2},
    ],
}


@dataclass(kw_only=True)
class _Told:
    """What a job told, and how much of it after it had been cancelled."""

    control: RunControl
    events: list[Event] = field(default_factory=list)
    afterwards: list[Event] = field(default_factory=list)

    def emit(self, event: Event) -> None:
        self.events.append(event)
        if self.control.is_cancelled:
            self.afterwards.append(event)


@pytest.fixture(scope="module")
def host() -> PluginHost:
    return tiny_host()


@pytest.fixture
def home(tmp_path: Path, isolated_home: Path) -> Path:
    """A home whose settings ask for many checkpoints."""
    (isolated_home / "settings").mkdir()
    (isolated_home / "settings" / "settings.toml").write_text("checkpoint_seconds = 0.05\n")
    return tmp_path


@pytest.fixture
def untrained(home: Path, host: PluginHost) -> Path:
    (home / "pictures").mkdir()
    make_pictures(home / "pictures", 15)
    source = DataSource(root=home / "pictures", loader="regex", options={}, group="")
    create_project(host, home / "untrained.petstudio", source, SplitChoice())(
        lambda event: None, RunControl()
    )
    return home / "untrained.petstudio"


def _children() -> set[str]:
    """Return the processes that this one has started, where the system tells."""
    tasks = Path("/proc/self/task").glob("*/children")
    return {child for task in tasks for child in task.read_text().split()}


def _run_of(project: Path) -> RunRecord:
    with Project.open(project) as opened:
        (run,) = opened.runs()
        return run


def _cancelled_after(job: Job, seconds: float) -> tuple[RunFinished, _Told]:
    """Run a job that another thread cancels at a moment; no thread or child of it is left."""
    threads, children = set(threading.enumerate()), _children()
    told = _Told(control=RunControl())
    timer = threading.Timer(seconds, told.control.cancel)
    timer.start()
    finished = run_job(job, told.emit, told.control)
    timer.cancel()
    timer.join()
    assert set(threading.enumerate()) <= threads
    assert _children() <= children
    return finished, told


def _check_end(project: Path, finished: RunFinished, told: _Told) -> None:
    """See that a job ended soon, as cancelled, or else that it had nothing more to learn."""
    assert len(told.afterwards) <= _MOST_EVENTS, told.afterwards
    assert told.events[-1] is finished
    assert sum(isinstance(event, RunFinished) for event in told.events) == 1
    run = _run_of(project)
    assert run.state is RunState(finished.outcome.value)
    assert not run.folder.is_held
    if finished.outcome is Outcome.COMPLETED:
        assert not any(isinstance(event, StepFinished) for event in told.afterwards[1:])
        return
    assert finished.outcome is Outcome.CANCELLED
    with Project.open(project) as opened:
        assert opened.resumable_run().number == run.number
    logged = list(read_events(run.folder.events_path))
    assert isinstance(logged[-1], RunFinished)
    steps = [event.step for event in logged if isinstance(event, StepFinished)]
    assert steps == list(range(len(steps)))
    assert bool(steps) == ("can be resumed" in finished.kept)
    assert not steps or run.folder.model_path.is_file()


@pytest.mark.timeout(60 + 10 * _CANCELS)
def test_that_a_run_that_is_cancelled_at_any_moment_ends_in_order_and_goes_on(
    untrained: Path, host: PluginHost, record_property: Callable[[str, object], None]
) -> None:
    recipe = recipe_from_mapping(_RECIPE)

    def copy(name: str) -> Path:
        project = shutil.copytree(untrained, untrained.with_name(f"{name}.petstudio"))
        with Project.open(project) as opened:
            opened.folders.locate(untrained.parent / "pictures")
        return project

    for name in ("first", "whole"):  # the first one loads the engine, which takes longer
        finished = run_job(train(host, copy(name), recipe), lambda event: None, RunControl())
        assert finished.outcome is Outcome.COMPLETED, finished
    longest_wait = _SHARE * finished.seconds
    expected = _run_of(untrained.with_name("whole.petstudio")).folder.model_path.read_bytes()
    moments, cancels, runs = random.Random(_SEED), 0, 0
    last: Counter[str] = Counter()
    longest = 0
    while cancels < _CANCELS:
        project = copy(f"broken-{runs}")
        job = train(host, project, recipe)
        finished = None
        while finished is None or finished.outcome is Outcome.CANCELLED:
            wait = moments.uniform(0, longest_wait) if cancels < _CANCELS else 3600
            finished, told = _cancelled_after(job, wait)
            _check_end(project, finished, told)
            if finished.outcome is Outcome.CANCELLED:
                cancels += 1
                before = len(told.events) - len(told.afterwards) - 1
                last[type(told.events[before]).__name__ if before >= 0 else "nothing"] += 1
                longest = max(longest, len(told.afterwards))
                job = resume(host, project)
        assert _run_of(project).folder.model_path.read_bytes() == expected
        shutil.rmtree(project)
        runs += 1
    record_property("cancels", cancels)
    record_property("most events afterwards", longest)
    print(  # noqa: T201  a figure
        f"{cancels} cancels in {runs} runs, at most {longest} events afterwards; the last event "
        f"before it: {dict(last)}"
    )


@pytest.mark.parametrize("paused", [False, True])
def test_that_a_job_that_is_cancelled_before_it_begins_ends_as_cancelled(
    untrained: Path, host: PluginHost, paused: bool
) -> None:
    told = _Told(control=RunControl())
    if paused:
        told.control.pause()
    told.control.cancel()
    told.control.cancel()  # a second click
    told.control.resume()
    finished = run_job(
        train(host, untrained, recipe_from_mapping(_RECIPE)), told.emit, told.control
    )
    _check_end(untrained, finished, told)
    assert finished.outcome is Outcome.CANCELLED
    assert not any(isinstance(event, StepFinished) for event in told.events)


def test_that_a_paused_run_can_be_cancelled(untrained: Path, host: PluginHost) -> None:
    told = _Told(control=RunControl())

    def pause_then_cancel(event: Event) -> None:
        told.emit(event)
        if isinstance(event, StepFinished) and event.step == 4:
            told.control.pause()
            threading.Timer(0.05, told.control.cancel).start()

    finished = run_job(
        train(host, untrained, recipe_from_mapping(_RECIPE)), pause_then_cancel, told.control
    )
    _check_end(untrained, finished, told)
    assert finished.outcome is Outcome.CANCELLED
    assert sum(isinstance(event, StepFinished) for event in told.events) == 5
