"""Runs in the terminal that are broken off, resumed, extended and branched."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest
from terminal_fixtures import QUICK, events, new_project, petstudio
from tiny_plugin import TINY_NETWORK, let_commands_know

from petstudio.api.contributions import Split
from petstudio.api.events import (
    CheckpointSaved,
    EpochFinished,
    EvaluationFinished,
    ModelSaved,
    RunFinished,
    RunResumed,
    StageFinished,
    StepFinished,
)
from petstudio.cli.display import JsonDisplay
from petstudio.config.recipe_file import load_recipe
from petstudio.project.checkpoints import CheckpointFolder
from petstudio.project.event_log import read_events
from petstudio.project.project import Access, Project
from petstudio.project.records import LabelOrigin, RunState

# The head alone for two epochs, then more for two: steps 0..3 and 4..7.
LIGHT = (
    *QUICK, *TINY_NETWORK, "--set", "stages.0.trainable=head", "--set", "stages.0.epochs=2",
    "--set", "stages.1.trainable=top", "--set", "stages.1.epochs=2",
)  # fmt: skip
EPOCHS = [(0, 0), (0, 1), (1, 0), (1, 1)]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """One for all copies of a project: it knows where their pictures are."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def originals(home, tmp_path_factory):
    """A project without a run, and a copy with a completed one."""
    untrained = new_project(tmp_path_factory.mktemp("untrained"))
    finished = shutil.copytree(untrained, tmp_path_factory.mktemp("finished") / "p.petstudio")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PETSTUDIO_HOME", str(home))
        let_commands_know(patch)
        root = ("--data", untrained.parent / "data")
        assert petstudio("train", finished, *root, *LIGHT) == 0
    return untrained, finished


@pytest.fixture(autouse=True)
def one_home(home, monkeypatch):
    monkeypatch.setenv("PETSTUDIO_HOME", str(home))
    let_commands_know(monkeypatch)


@pytest.fixture
def finished(originals):
    return originals[1]


@pytest.fixture
def project(originals, tmp_path):
    return shutil.copytree(originals[0], tmp_path / "p.petstudio")


@pytest.fixture
def trained(finished, tmp_path):
    return shutil.copytree(finished, tmp_path / "trained.petstudio")


def run_of(project, number=1):
    with Project.open(project, Access.READ) as opened:
        return opened.run(number)


def logged(project, number=1):
    return list(read_events(run_of(project, number).folder.events_path))


def steps_of(told):
    return [event.step for event in told if isinstance(event, StepFinished)]


def epochs_of(told):
    return [(e.stage, e.epoch) for e in told if isinstance(e, EpochFinished)]


def of_kind(told, kind):
    return [event for event in told if isinstance(event, kind)]


def model_of(project, number=1):
    return run_of(project, number).folder.model_path.read_bytes()


def broken_off(project, monkeypatch, capsys, *arguments, at, number=signal.SIGINT):
    """Train, and send a signal when an event is told; return what was said on standard error."""
    show, sent = JsonDisplay.show, []

    def shown(display, event):
        show(display, event)
        if at(event) and not sent:  # a second one would end the program at once
            sent.append(event)
            signal.raise_signal(number)

    capsys.readouterr()
    with monkeypatch.context() as patch:
        patch.setattr(JsonDisplay, "show", shown)
        assert petstudio("train", project, *arguments, "--json") == 130
    return capsys.readouterr().err


def after_step(step):
    return lambda event: isinstance(event, StepFinished) and event.step == step


def refused(capsys, *arguments):
    capsys.readouterr()
    assert petstudio(*arguments) == 2
    sentence = capsys.readouterr().err.strip()
    assert "Traceback" not in sentence
    assert len(sentence.splitlines()) == 1
    return sentence


# Broken off and resumed


@pytest.mark.parametrize("step", [0, 2, 3, 5, 7])
def test_that_a_run_that_was_broken_off_is_completed(step, project, finished, monkeypatch, capsys):
    said = broken_off(project, monkeypatch, capsys, *LIGHT, at=after_step(step))
    assert "Stopping after this step" in said
    assert run_of(project).state is RunState.CANCELLED
    assert steps_of(logged(project)) == list(range(step + 1))
    assert petstudio("train", project, "--resume", "--json") == 0
    told = logged(project)
    assert steps_of(told) == list(range(8))
    assert epochs_of(told) == EPOCHS
    assert [event.stage for event in of_kind(told, StageFinished)] == [0, 1]
    assert len(of_kind(told, RunResumed)) == 1
    assert of_kind(told, RunResumed)[0].step == step + 1
    assert of_kind(told, RunResumed)[0].is_exact
    assert Counter(map(type, told[-3:])) == Counter([ModelSaved, EvaluationFinished, RunFinished])
    assert len(of_kind(told, RunFinished)) == 1
    record = run_of(project)
    assert record.state is RunState.COMPLETED
    report = record.folder.report_path.read_text(encoding="utf-8")
    assert report.count("<circle") >= 4
    assert model_of(project) == model_of(finished)


def test_that_the_epoch_table_of_a_resumed_run_is_readable(project, monkeypatch, capsys):
    broken_off(project, monkeypatch, capsys, *LIGHT, at=after_step(5))
    assert petstudio("train", project, "--resume") == 0
    output = capsys.readouterr().out
    assert "Run 1 goes on after step 6." in output
    rows = re.findall(
        r"^ +(\d+) +\d+\.\d{4} +\d+\.\d{4} +\d+\.\d% +\d+:\d\d$", output, re.MULTILINE
    )
    assert rows == ["1", "2"]  # both epochs of the second stage: the first was not validated yet
    assert "Report: " in output


def test_that_a_run_can_be_broken_off_again_and_again(project, finished, monkeypatch, capsys):
    broken_off(project, monkeypatch, capsys, *LIGHT, at=after_step(1))
    for step in (2, 4, 6):
        broken_off(project, monkeypatch, capsys, "--resume", at=after_step(step))
    assert petstudio("train", project, "--resume") == 0
    assert steps_of(logged(project)) == list(range(8))
    assert epochs_of(logged(project)) == EPOCHS
    assert model_of(project) == model_of(finished)


@pytest.mark.parametrize(
    "name", ["ProgressMade", "RunStarted", "StageStarted", "EpochFinished", "CheckpointSaved"]
)
def test_that_a_run_can_be_broken_off_between_steps(name, project, finished, monkeypatch, capsys):
    """Before the first step too, where there is nothing to keep."""
    broken_off(project, monkeypatch, capsys, *LIGHT, at=lambda event: type(event).__name__ == name)
    assert petstudio("train", project, "--resume") == 0
    assert steps_of(logged(project)) == list(range(8))
    assert epochs_of(logged(project)) == EPOCHS
    assert model_of(project) == model_of(finished)


@pytest.mark.skipif(os.name == "nt", reason="needs signals of Unix")
@pytest.mark.parametrize("number", ["SIGTERM", "SIGHUP"])
def test_that_a_polite_kill_ends_in_order_with_a_checkpoint(number, project, monkeypatch, capsys):
    number = getattr(signal, number)
    broken_off(project, monkeypatch, capsys, *LIGHT, at=after_step(5), number=number)
    record = run_of(project)
    assert record.state is RunState.CANCELLED
    assert record.folder.model_path.is_file()
    newest = CheckpointFolder(record.folder.checkpoints_path, budget=0).find("last")
    assert newest.step == 6
    told = logged(project)
    assert isinstance(told[-1], RunFinished)
    assert "is kept in" in told[-1].message
    assert of_kind(told, CheckpointSaved)[-1].step == 6


def test_that_signals_mean_what_they_did_before_once_a_run_has_ended(project, monkeypatch, capsys):
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    broken_off(project, monkeypatch, capsys, *LIGHT, at=after_step(0))
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs signals of Unix")
def test_that_a_run_that_another_process_holds_is_left_alone(project, capsys):
    """Until that process is asked to end, by the signal that a system sends at its own end."""
    command = [sys.executable, "-m", "petstudio", "train", str(project), *QUICK, "--json"]
    command += ["--set", "stages.0.epochs=100000"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        lines = (json.loads(line) for line in child.stdout)
        assert any(event["event"] == "StepFinished" for event in lines)
        for arguments in (("--resume",), ("--run", "1"), ("--epochs", "2")):
            assert petstudio("train", project, *arguments) == 1
            said = capsys.readouterr().err.strip()
            assert said == "Run 1 is going on. Wait until it has ended, or stop it there."
        child.send_signal(signal.SIGTERM)
        output, _ = child.communicate()
        assert child.returncode == 130
    assert events(output)[-1]["outcome"] == "cancelled"
    told = logged(project)
    assert steps_of(told) == list(range(len(steps_of(told))))
    assert of_kind(told, CheckpointSaved)[-1].step == len(steps_of(told))
    assert load_recipe(run_of(project).folder.recipe_path).stages[0].epochs == 100_000
    assert len(load_recipe(run_of(project).folder.recipe_path).stages) == 2


def test_that_labels_may_change_while_a_run_goes_on(project, monkeypatch, capsys):
    """The project is not open meanwhile; the report is about the pictures as the run saw them."""
    show = JsonDisplay.show

    def shown(display, event):
        show(display, event)
        if after_step(2)(event):
            with Project.open(project) as opened:
                valid = [image for image in opened.usable() if image.split is Split.VALID]
                opened.set_excluded([valid[0].id], excluded=True)
                opened.set_labels({valid[1].id: None}, LabelOrigin.PERSON)

    monkeypatch.setattr(JsonDisplay, "show", shown)
    assert petstudio("train", project, *LIGHT, "--json") == 0
    record = run_of(project)
    assert record.state is RunState.COMPLETED
    with Project.open(project, Access.READ) as opened:
        left = sum(image.split is Split.VALID for image in opened.usable())
    (evaluated,) = of_kind(logged(project), EvaluationFinished)
    assert evaluated.images == left + 2


def test_that_a_run_waits_for_who_has_the_project_open_at_its_end(project, monkeypatch):
    """Longer than opening waits by itself."""
    show, is_open = JsonDisplay.show, threading.Event()

    def hold():
        with Project.open(project):
            is_open.set()
            time.sleep(1.0)

    holder = threading.Thread(target=hold)

    def shown(display, event):
        show(display, event)
        if isinstance(event, ModelSaved):
            holder.start()
            is_open.wait()

    monkeypatch.setattr(JsonDisplay, "show", shown)
    assert petstudio("train", project, *LIGHT, "--json") == 0
    holder.join()
    assert run_of(project).state is RunState.COMPLETED


# Extended


def test_that_a_completed_run_can_be_extended(trained, capsys):
    earlier = model_of(trained)
    assert petstudio("train", trained, "--run", "1", "--epochs", "2", "--json") == 0
    told = logged(trained)
    assert steps_of(told) == list(range(12))
    assert epochs_of(told) == [*EPOCHS, (2, 0), (2, 1)]
    assert len(of_kind(told, RunFinished)) == 1
    record = run_of(trained)
    assert record.state is RunState.COMPLETED
    stages = load_recipe(record.folder.recipe_path).stages
    assert [(stage.name, stage.epochs) for stage in stages[1:]] == [
        (stages[1].name, 2),
        (f"{stages[1].name}, more", 2),
    ]
    assert stages[2].rate == stages[1].rate
    assert model_of(trained) != earlier
    names = [event.name for event in of_kind(told, CheckpointSaved) if event.name]
    assert names == ["stage-1", "stage-2", "stage-3"]


def test_that_an_extension_can_be_broken_off_and_resumed(trained, tmp_path, monkeypatch, capsys):
    whole = shutil.copytree(trained, tmp_path / "whole.petstudio")
    extension = ("--run", "1", "--epochs", "2")
    assert petstudio("train", whole, *extension) == 0
    broken_off(trained, monkeypatch, capsys, *extension, at=after_step(9))
    assert petstudio("train", trained, "--resume") == 0
    assert steps_of(logged(trained)) == list(range(12))
    assert model_of(trained) == model_of(whole)


def test_that_a_run_that_was_broken_off_can_be_extended(project, trained, monkeypatch, capsys):
    broken_off(project, monkeypatch, capsys, *LIGHT, at=after_step(5))
    for place in (project, trained):
        assert petstudio("train", place, "--run", "1", "--epochs", "1") == 0
        assert steps_of(logged(place)) == list(range(10))
    assert model_of(project) == model_of(trained)


# Branched


def test_that_a_branch_behind_a_stage_gives_the_weights_of_the_whole_run(trained, capsys):
    assert petstudio("train", trained, "--from", "1:stage-1", "--json") == 0
    told = logged(trained, 2)
    assert steps_of(told) == [4, 5, 6, 7]
    recipe = load_recipe(run_of(trained, 2).folder.recipe_path)
    assert (recipe.start.checkpoint, recipe.start.stage) == ("1:stage-1", 1)
    assert model_of(trained, 2) == model_of(trained, 1)
    assert run_of(trained, 1).state is RunState.COMPLETED


def test_that_a_branch_from_the_best_epoch_takes_the_stage_that_is_asked_for(trained, capsys):
    arguments = ("--from", "1:best", "--stage", "2", "--set", "stages.1.epochs=1")
    assert petstudio("train", trained, *arguments, "--json") == 0
    told = logged(trained, 2)
    assert [event.stage for event in of_kind(told, StageFinished)] == [1]
    assert len(steps_of(told)) == 2
    assert load_recipe(run_of(trained, 2).folder.recipe_path).start.checkpoint == "1:best"


def test_that_a_branch_that_is_broken_off_keeps_its_start(trained, monkeypatch, capsys):
    """Also where it is broken off before it has a checkpoint of its own."""
    branch = ("--from", "1:last", "--stage", "1", "--set", "stages.1.epochs=1")
    assert petstudio("train", trained, *branch) == 0
    for run, event in ((3, "StageStarted"), (4, "StepFinished")):
        broken_off(
            trained,
            monkeypatch,
            capsys,
            *branch,
            at=lambda e, event=event: type(e).__name__ == event,
        )
        assert petstudio("train", trained, "--resume") == 0
        assert steps_of(logged(trained, run)) == steps_of(logged(trained, 2))
        assert model_of(trained, run) == model_of(trained, 2)


def test_that_a_branch_may_follow_changed_labels(trained, monkeypatch, capsys):
    relabel(trained)
    assert petstudio("train", trained, "--from", "1:stage-1") == 0
    assert run_of(trained, 2).state is RunState.COMPLETED


# Refused


def relabel(project):
    """Give one training picture another label."""
    with Project.open(project) as opened:
        first = opened.usable()[0]
        other = next(name for name in opened.classes() if name != first.label)
        opened.set_labels({first.id: other}, LabelOrigin.PERSON)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--resume",), "no run that was broken off"),
        (("--run", "1"), "Run 1 is complete. Extend it with --epochs N"),
        (("--run", "9"), "no run 9"),
        (("--epochs", "0"), "--epochs must be at least 1"),
        (("--run", "1", "--epochs", "-2"), "--epochs must be at least 1"),
        (("--resume", "--set", "seed=1"), "keeps its recipe"),
        (("--resume", "--recipe", "quick"), "keeps its recipe"),
        (("--resume", "--from", "1"), "keeps its recipe"),
        (("--run", "1", "--stage", "1"), "keeps its recipe"),
        (("--from", "9"), "no run 9"),
        (("--from", "best"), "number of a run"),
        (("--from", "1:nothing"), "no checkpoint “nothing”"),
        (("--from", "1"), "All stages of run 1 are done at last"),
        (("--from", "1", "--stage", "3"), "no stage 3"),
        (("--stage", "0"), "no stage 0"),
    ],
)
def test_that_what_cannot_go_on_gets_one_sentence(arguments, words, trained, capsys):
    assert words in refused(capsys, "train", trained, *arguments)
    with Project.open(trained, Access.READ) as opened:
        assert [run.state for run in opened.runs()] == [RunState.COMPLETED]


def test_that_nothing_can_be_resumed_where_nothing_was_trained(project, capsys):
    assert "no run that was broken off" in refused(capsys, "train", project, "--resume")


def test_that_a_run_does_not_go_on_with_other_labels(project, monkeypatch, capsys):
    broken_off(project, monkeypatch, capsys, *LIGHT, at=after_step(5))
    before = logged(project)
    relabel(project)
    sentence = refused(capsys, "train", project, "--resume")
    assert "Labels or splits have changed since run 1 began" in sentence
    assert "--from 1" in sentence
    assert logged(project) == before
    assert run_of(project).state is RunState.CANCELLED
    with Project.open(project) as opened:
        opened.undo()
    assert petstudio("train", project, "--resume") == 0
