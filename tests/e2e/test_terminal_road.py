"""From a folder to a trained model and its predictions, in the terminal."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from terminal_fixtures import QUICK, draw_colours, events, new_project, petstudio

from petstudio.api.contributions import Split
from petstudio.api.control import RunControl
from petstudio.api.errors import InputError
from petstudio.api.events import EvaluationFinished, ViewMade
from petstudio.config.recipe import Recipe
from petstudio.jobs.evaluating import evaluate
from petstudio.jobs.results import read_result
from petstudio.plugin_host.discovery import bundled
from petstudio.plugin_host.host import PluginHost
from petstudio.project.event_log import read_events
from petstudio.project.project import Access, Project
from petstudio.project.records import RunState


@pytest.fixture
def project(tmp_path):
    return new_project(tmp_path)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    home = tmp_path_factory.mktemp("trained-home")
    folder = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PETSTUDIO_HOME", str(home))
        project = new_project(folder)
        assert petstudio("train", project, *QUICK, "--set", "stages.0.epochs=3") == 0
    return home, project


@pytest.fixture
def trained_project(trained, monkeypatch):
    home, project = trained
    monkeypatch.setenv("PETSTUDIO_HOME", str(home))
    return project


def test_that_new_ends_with_the_counts_as_one_json_line(tmp_path, capsys):
    data = draw_colours(tmp_path / "data")
    (data / "notes.txt").write_text("no picture")
    (data / "deep_red_99.png").write_bytes(b"")
    assert petstudio("new", tmp_path / "p", "--data", data, "--loader", "regex", "--json") == 0
    assert events(capsys.readouterr().out)[-1] == {
        "event": "ProjectCreated",
        "path": str(tmp_path / "p.petstudio"),
        "images": 25,
        "classes": 3,
        "train": 20,
        "valid": 4,
        "test": 0,
        "unmatched": 0,
        "unreadable": 1,
        "left_out": 1,
    }


def test_that_a_group_pattern_keeps_pictures_on_one_side(tmp_path):
    data = draw_colours(tmp_path / "data")
    arguments = ("--data", data, "--loader", "regex", "--group", r"_(\d)\d*\.png$")
    assert petstudio("new", tmp_path / "p", *arguments) == 0
    with Project.open(tmp_path / "p.petstudio", Access.READ) as project:
        sides: dict[str | None, set[object]] = {}
        for image in project.images():
            sides.setdefault(image.group, set()).add(image.split)
    assert len(sides) == 8
    assert all(len(found) == 1 for found in sides.values())


def test_that_a_run_leaves_model_events_predictions_and_report(trained_project):
    run = trained_project / "runs" / "1-resnet18"
    assert {path.name for path in run.iterdir()} >= {
        "recipe.toml",
        "events.jsonl",
        "model.safetensors",
        "predictions.safetensors",
        "report.html",
    }
    kinds = [type(event).__name__ for event in read_events(run / "events.jsonl")]
    assert kinds[0] == "RunStarted"
    assert kinds[-1] == "RunFinished"
    with Project.open(trained_project, Access.READ) as project:
        assert project.run().state is RunState.COMPLETED
        assert project.run().metrics["accuracy"] > 0.5


def test_that_evaluate_gives_the_numbers_of_the_run(trained_project, capsys):
    assert petstudio("evaluate", trained_project, "--json") == 0
    found = next(e for e in events(capsys.readouterr().out) if e["event"] == "EvaluationFinished")
    with Project.open(trained_project, Access.READ) as project:
        metrics = project.run().metrics
    assert found["metrics"]["accuracy"] == pytest.approx(metrics["accuracy"])
    assert Path(str(found["report"])).is_file()


def test_that_evaluate_says_how_many_are_right_and_how_sure_that_is(trained_project, capsys):
    assert petstudio("evaluate", trained_project) == 0
    line = next(x for x in capsys.readouterr().out.splitlines() if x.startswith("valid: "))
    assert re.fullmatch(
        r"valid: \d+ of 4 right, [\d.]+% \(95 % interval [\d.]+% to [\d.]+%\)", line
    )


def test_that_views_give_predictions_of_their_own(trained_project, capsys):
    plain = read_result(trained_project, None).predictions
    assert petstudio("evaluate", trained_project, "--tta", "2", "--json") == 0
    told = events(capsys.readouterr().out)
    found = next(event for event in told if event["event"] == "EvaluationFinished")
    assert found["views"] == 2
    seen = read_result(trained_project, None, views=2)
    assert seen.predictions.correct == found["correct"]
    assert np.array_equal(read_result(trained_project, None).predictions.keys, plain.keys)
    assert not np.array_equal(seen.predictions.probabilities, plain.probabilities)
    progress = [event["done"] for event in told if event["event"] == "ProgressMade"]
    assert (progress[0], progress[-1]) == (0, 3 * len(plain))


def test_that_views_show_the_run_that_was_evaluated_though_another_ended(trained_project, tmp_path):
    project = shutil.copytree(trained_project, tmp_path / "copy.petstudio")
    told = []

    def tell(event):
        told.append(event)
        if isinstance(event, EvaluationFinished):
            with Project.open(project) as opened:
                run = opened.new_run(Recipe(), "another")
                opened.finish_run(run.number, RunState.COMPLETED, {})

    evaluate(PluginHost(bundled()), project, looks=["confidence"])(tell, RunControl())
    assert isinstance(told[-1], ViewMade)
    assert told[-1].run == 1


def test_that_no_endless_number_of_views_is_taken(trained_project, capsys):
    assert petstudio("evaluate", trained_project, "--tta", "65") == 2
    assert "from 0 to 64" in capsys.readouterr().err


def test_that_a_split_can_be_looked_at_once_it_was_evaluated(trained_project, capsys):
    with pytest.raises(InputError, match="not evaluated on the training pictures"):
        read_result(trained_project, None, Split.TRAIN)
    assert petstudio("evaluate", trained_project, "--split", "train", "--json") == 0
    told = events(capsys.readouterr().out)
    found = next(event for event in told if event["event"] == "EvaluationFinished")
    predictions = read_result(trained_project, None, Split.TRAIN).predictions
    assert (len(predictions), predictions.correct) == (found["images"], found["correct"])


def test_that_predictions_of_the_model_before_are_gone_when_a_run_goes_on(project):
    assert petstudio("train", project, *QUICK) == 0
    assert petstudio("evaluate", project, "--split", "train") == 0
    before = read_result(project, None).predictions
    assert petstudio("train", project, "--run", "1", "--epochs", "1") == 0
    with pytest.raises(InputError, match="not evaluated"):
        read_result(project, None, Split.TRAIN)
    assert not np.array_equal(read_result(project, None).predictions.losses, before.losses)


def test_that_the_report_escapes_names_and_loads_nothing(trained_project):
    text = (trained_project / "runs" / "1-resnet18" / "report.html").read_text()
    assert "default-src 'none'" in text
    assert "<script" not in text
    assert "http" not in text.replace("http-equiv", "")


def test_that_predict_writes_a_table_with_probabilities(trained_project, tmp_path, capsys):
    pictures = draw_colours(tmp_path / "more", 3)
    (pictures / "broken.png").write_bytes(b"no picture")
    table = tmp_path / "out.csv"
    arguments = (trained_project, pictures, "--csv", table, "--top", "2")
    assert petstudio("predict", *arguments) == 0
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 10
    assert rows[0]["path"].endswith("broken.png")
    assert rows[0]["error"] == "not a picture"
    assert float(rows[1]["probability_1"]) >= float(rows[1]["probability_2"])
    assert "Skipped" in capsys.readouterr().out


def test_that_a_project_may_be_named_without_its_suffix(trained_project, tmp_path, capsys):
    picture = draw_colours(tmp_path / "more", 1) / "deep_red_0.png"
    assert petstudio("predict", trained_project.with_suffix(""), picture) == 0
    assert "deep_red_0.png: " in capsys.readouterr().out


def test_that_a_model_file_predicts_without_its_project(trained_project, tmp_path, capsys):
    model = trained_project / "runs" / "1-resnet18" / "model.safetensors"
    picture = draw_colours(tmp_path / "more", 1) / "deep_red_0.png"
    assert petstudio("predict", model, picture, "--json") == 0
    found = events(capsys.readouterr().out)[0]
    assert found["event"] == "ImagePredicted"
    assert {item["label"] for item in found["top"]} <= {"deep_blue", "deep_green", "deep_red"}


def test_that_training_twice_gives_the_same_numbers(project, capsys):
    outcomes = []
    for _ in range(2):
        assert petstudio("train", project, *QUICK, "--json") == 0
        outcomes.append(
            [
                (event["loss"], event["smoothed_loss"])
                for event in events(capsys.readouterr().out)
                if event["event"] == "StepFinished"
            ]
        )
    assert outcomes[0] == outcomes[1]


def test_that_ctrl_c_ends_in_order_and_keeps_the_model(project, isolated_home):
    command = [sys.executable, "-m", "petstudio", "train", str(project), *QUICK, "--json"]
    command += ["--set", "stages.0.epochs=1000"]
    child = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PETSTUDIO_HOME": str(isolated_home)},
    )
    assert child.stdout is not None
    for line in child.stdout:
        if json.loads(line)["event"] == "StepFinished":
            child.send_signal(signal.SIGINT)
            break
    output, errors = child.communicate(timeout=60)
    assert child.returncode == 130, errors
    last = events(output)[-1]
    assert last["outcome"] == "cancelled"
    assert "is kept in" in str(last["kept"])
    assert (project / "runs" / "1-resnet18" / "model.safetensors").is_file()
    with Project.open(project, Access.READ) as opened:
        assert opened.runs()[0].state is RunState.CANCELLED
