"""Commands in two processes of torchrun, and the launcher that starts them, on the CPU."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from dataclasses import replace
from threading import Timer

import pytest
from terminal_fixtures import QUICK, events, new_project, petstudio

from petstudio.api.control import RunControl
from petstudio.api.errors import InputError, RunCancelledError
from petstudio.api.events import RunResumed, RunStarted, StepFinished, from_json
from petstudio.config.recipe_file import bundled_recipe, with_settings
from petstudio.jobs.launching import Launch, TrainingCall, launch_training
from petstudio.jobs.training import NewRun, ResumedRun
from petstudio.project.project import Project
from petstudio.project.records import RunState

TORCHRUN = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
LAUNCH = Launch(count=2, device="cpu")
LONG = ["--set", "stages.1.epochs=500"]

pytestmark = pytest.mark.slow


def call(project, *settings):
    pairs = [text for text in (*QUICK, *settings) if text != "--set"]
    recipe = with_settings(bundled_recipe("tutorial"), pairs)
    training = replace(recipe.training, device="all")
    recipe = replace(recipe, training=training)
    return TrainingCall(project=project, recipe=recipe, wanted=NewRun(recipe=recipe, name="two"))


def torchrun(*arguments):
    """Run a command in two processes to its end."""
    return subprocess.run(
        [sys.executable, *TORCHRUN, "-m", "petstudio", *map(str, arguments)],
        env={**os.environ, "CUDA_VISIBLE_DEVICES": ""},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


def last_run(project):
    with Project.open(project) as opened:
        return opened.runs()[-1]


def test_that_a_launched_run_tells_its_events_and_is_kept(tmp_path):
    project = new_project(tmp_path)
    told = []
    launch_training(call(project), LAUNCH, told.append, RunControl())
    started = next(event for event in told if isinstance(event, RunStarted))
    assert started.device == "2 × cpu"
    run = last_run(project)
    assert run.state is RunState.COMPLETED
    assert run.folder.model_path.is_file()
    kept = [from_json(line) for line in run.folder.events_path.read_text().splitlines()]
    assert [e for e in kept if isinstance(e, StepFinished)] == [
        event for event in told if isinstance(event, StepFinished)
    ]


def test_that_a_launched_run_that_is_paused_can_be_cancelled(tmp_path):
    project = new_project(tmp_path)
    control = RunControl()
    later = Timer(1, control.cancel)

    def emit(event):
        if isinstance(event, StepFinished) and event.step == 1:
            control.pause()
            later.start()

    with pytest.raises(RunCancelledError) as cancelled:
        launch_training(call(project, *LONG), LAUNCH, emit, control)
    later.join()
    assert "is kept in" in cancelled.value.kept
    assert last_run(project).state is RunState.CANCELLED


def test_that_a_launched_run_that_was_cancelled_goes_on_in_several_processes(tmp_path):
    project = new_project(tmp_path)
    control = RunControl()
    wanted = call(project, "stages.0.epochs=3")

    def stop(event):
        if isinstance(event, StepFinished) and event.step == 2:
            control.cancel()

    with pytest.raises(RunCancelledError):
        launch_training(wanted, LAUNCH, stop, control)
    told = []
    launch_training(replace(wanted, wanted=ResumedRun()), LAUNCH, told.append, RunControl())
    (resumed,) = [event for event in told if isinstance(event, RunResumed)]
    run = last_run(project)
    assert run.state is RunState.COMPLETED
    kept = [from_json(line) for line in run.folder.events_path.read_text().splitlines()]
    steps = [event.step for event in kept if isinstance(event, StepFinished)]
    assert 0 < resumed.step < len(steps)
    assert steps == list(range(len(steps)))


def test_that_a_launched_run_is_refused_in_the_words_of_its_first_process(tmp_path):
    project = new_project(tmp_path)
    refused = call(project, "training.batch_size=3")
    with pytest.raises(InputError, match="at least 4 pictures in a batch of 2 processes"):
        launch_training(refused, LAUNCH, lambda event: None, RunControl())


def test_that_ctrl_c_ends_torchrun_with_a_run_that_is_kept(tmp_path):
    project = new_project(tmp_path)
    command = ["train", project, "--json", *QUICK, *LONG]
    with subprocess.Popen(
        [sys.executable, *TORCHRUN, "-m", "petstudio", *map(str, command)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        for line in process.stdout:
            if "StepFinished" in line:
                process.send_signal(signal.SIGINT)
                break
        rest = process.stdout.read()
    assert events(rest)[-1]["outcome"] == "cancelled"
    assert last_run(project).state is RunState.CANCELLED


def test_that_a_folder_is_predicted_as_by_one_process(tmp_path, capsys):
    project = new_project(tmp_path)
    assert petstudio("train", project, *QUICK) == 0
    tables = [tmp_path / "one.csv", tmp_path / "two.csv"]
    predict = ["predict", project, tmp_path / "data", "--json", "--top", "3", "--csv"]
    assert petstudio(*predict, tables[0]) == 0
    ended = torchrun(*predict, tables[1])
    assert ended.returncode == 0, ended.stderr
    one, two = (shares_by_file(table) for table in tables)
    assert list(two) == list(one)
    for file, shares in two.items():
        assert shares == pytest.approx(one[file], abs=0.02)  # the number format is measured
    assert len(events(ended.stdout)) == len(one) + 1  # a line for each file, and the end


def shares_by_file(table):
    _, *rows = csv.reader(table.read_text().splitlines())
    return {row[0]: dict(zip(row[1:7:2], map(float, row[2:7:2]), strict=True)) for row in rows}


def test_that_a_command_that_cannot_be_shared_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("RANK", "0")
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert petstudio("evaluate", tmp_path / "p") == 2
    assert "does not run in several processes" in capsys.readouterr().err
