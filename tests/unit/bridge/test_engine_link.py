"""The engine process behind a runner: a real training, its death, and the run after it."""

from __future__ import annotations

import os
import signal

import pytest
from PIL import Image
from PySide6.QtCore import QObject, QThread, Slot

from petstudio.api.contributions import Split
from petstudio.api.events import Outcome, RunFinished, StepFinished
from petstudio.bridge.engine_link import EngineLink, EngineState
from petstudio.bridge.runner import JobRunner, JobState
from petstudio.config.recipe import recipe_from_mapping
from petstudio.jobs.engine_job import (
    evaluation_job,
    export_job,
    prediction_job,
    training_job,
)
from petstudio.plugin_host.host import PluginHost
from petstudio.project.project import Project
from petstudio.project.records import NewImage, RunState, Source


class Witness(QObject):
    """Notes what arrives and in which thread; does something after the first step."""

    def __init__(self, link, runner, after_first_step=None):
        super().__init__()
        self.events = []
        self.states = []
        self.threads = set()
        self._after_first_step = after_first_step
        link.state_changed.connect(self.note_state)
        runner.events_arrived.connect(self.note_events)

    @Slot(object)
    def note_state(self, state):
        self.threads.add(QThread.currentThread())
        self.states.append(state)

    @Slot(object)
    def note_events(self, events):
        self.threads.add(QThread.currentThread())
        self.events.extend(events)
        act = self._after_first_step
        if act is not None and any(isinstance(event, StepFinished) for event in events):
            self._after_first_step = None
            act()


@pytest.fixture
def link(qapp):
    made = EngineLink()
    yield made
    made.shutdown()


@pytest.fixture
def runner(link):
    made = JobRunner(run=link.run)
    yield made
    assert made.shutdown()


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "pets"
    folder.mkdir()
    images = []
    for number in range(8):
        for shade, kind in ((60, "pug"), (180, "beagle")):
            name = f"{kind}_{number}.png"
            Image.new("RGB", (40, 30), (shade, shade + number, 40)).save(folder / name)
            split = Split.VALID if number < 2 else Split.TRAIN
            images.append(NewImage(path=name, label=kind, split=split))
    path = tmp_path / "pets.petstudio"
    with Project.create(path, source=Source(loader="regex"), root=folder, images=images):
        pass
    return path


def recipe(epochs):
    return recipe_from_mapping(
        {
            "model": {"architecture": "resnet18", "weights": "none"},
            "input": {"size": 32},
            "training": {"batch_size": 4, "device": "cpu"},
            "stages": [{"name": "all", "epochs": epochs, "trainable": "all", "rate": 3e-3}],
        }
    )


def finish(qtbot, runner, witness, job):
    runner.start(job)
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE, timeout=100_000)
    assert isinstance(witness.events[-1], RunFinished)
    return witness.events[-1]


def run_states(project):
    with Project.open(project) as opened:
        return [run.state for run in opened.runs()]


def test_that_states_arrive_in_the_thread_of_the_window(qtbot, link, runner):
    witness = Witness(link, runner)
    link.start()
    link.shutdown()
    qtbot.waitUntil(lambda: EngineState.STOPPED in witness.states, timeout=10_000)
    assert witness.threads == {QThread.currentThread()}


def test_that_an_engine_that_was_closed_is_not_started_again(link, caplog):
    link.shutdown()
    link.start()
    assert link.pid is None
    assert "closed" in caplog.text
    caplog.clear()


@pytest.mark.slow
def test_that_a_killed_engine_fails_its_training_and_the_next_one_has_a_fresh_one(
    qtbot, link, runner, project
):
    host = PluginHost.load()
    witness = Witness(link, runner, lambda: os.kill(link.pid, signal.SIGKILL))
    failed = finish(qtbot, runner, witness, training_job(host, project, recipe(1000)))
    assert failed.outcome is Outcome.FAILED
    assert "signal 9" in failed.message
    assert run_states(project) == [RunState.INTERRUPTED]
    done = finish(qtbot, runner, witness, training_job(host, project, recipe(1)))
    assert done.outcome is Outcome.COMPLETED
    assert sorted(state.value for state in run_states(project)) == ["completed", "interrupted"]
    assert EngineState.RESTARTED in witness.states


@pytest.mark.slow
def test_that_training_stopped_from_the_window_keeps_its_model_and_serves_the_other_jobs(
    qtbot, link, runner, project
):
    host = PluginHost.load()
    witness = Witness(link, runner, runner.cancel)
    stopped = finish(qtbot, runner, witness, training_job(host, project, recipe(1000)))
    assert stopped.outcome is Outcome.CANCELLED
    assert "is kept" in stopped.kept
    finish(qtbot, runner, witness, training_job(host, project, recipe(1)))
    for job in (
        evaluation_job(host, project),
        prediction_job(host, project, sorted((project.parent / "pets").iterdir())),
        export_job(host, project, project.parent / "model.pt"),
    ):
        assert finish(qtbot, runner, witness, job).outcome is Outcome.COMPLETED
    assert witness.states[-1] is EngineState.READY


@pytest.mark.slow
def test_that_shutting_down_ends_a_paused_training(qtbot, link, runner, project):
    witness = Witness(link, runner, runner.pause)
    runner.start(training_job(PluginHost.load(), project, recipe(1000)))
    qtbot.waitUntil(lambda: runner.state is JobState.PAUSED, timeout=60_000)
    assert runner.shutdown()
    assert witness.events[-1].outcome is Outcome.CANCELLED
