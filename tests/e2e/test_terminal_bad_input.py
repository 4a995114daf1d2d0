"""Bad input gets one clear sentence, exit status 2, and nothing is lost."""

from __future__ import annotations

import os
import pickle

import pytest
from PIL import Image
from terminal_fixtures import QUICK, draw_colours, new_project, petstudio

from petstudio.project.project import Project


def refused(capsys, *arguments) -> str:
    capsys.readouterr()
    assert petstudio(*arguments) == 2
    sentence = capsys.readouterr().err.strip()
    assert "Traceback" not in sentence
    assert len(sentence.splitlines()) == 1
    return sentence


def test_that_a_missing_folder_is_named(tmp_path, capsys):
    missing = tmp_path / "nowhere"
    sentence = refused(capsys, "new", tmp_path / "p", "--data", missing, "--loader", "regex")
    assert "nowhere" in sentence
    assert not (tmp_path / "p.petstudio").exists()


def test_that_an_empty_folder_is_refused(tmp_path, capsys):
    (tmp_path / "data").mkdir()
    refused(capsys, "new", tmp_path / "p", "--data", tmp_path / "data", "--loader", "folder")


def test_that_a_folder_without_pictures_says_so(tmp_path, capsys):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "notes.txt").write_text("hello")
    arguments = ("new", tmp_path / "p", "--data", tmp_path / "data", "--loader", "folder")
    assert "picture" in refused(capsys, *arguments)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("([^/]+_", "unterminated"),
        (r"^(?P<label>[A-Z]+)_\d$", "No file got a label. First file: deep_blue_0.png"),
        (r"^(?P<label>deep)_", "1 class (deep)"),
    ],
)
def test_that_a_pattern_that_cannot_serve_is_refused(tmp_path, capsys, pattern, words):
    data = draw_colours(tmp_path / "data")
    option = f"pattern={pattern}"
    arguments = ("--data", data, "--loader", "regex", "--option", option)
    assert words in refused(capsys, "new", tmp_path / "p", *arguments)


def test_that_a_pattern_that_backtracks_for_ever_is_ended(tmp_path, capsys):
    data = draw_colours(tmp_path / "data")
    Image.new("RGB", (8, 8)).save(data / f"{'a' * 60}!.png")
    option = "pattern=^(?P<label>(a+)+)$"
    arguments = ("--data", data, "--loader", "regex", "--option", option)
    assert "too long" in refused(capsys, "new", tmp_path / "p", *arguments)


def test_that_a_pattern_that_matches_some_leaves_the_rest_aside(tmp_path, capsys):
    data = draw_colours(tmp_path / "data")
    Image.new("RGB", (8, 8)).save(data / "odd.png")
    assert petstudio("new", tmp_path / "p", "--data", data, "--loader", "regex") == 0
    assert "1 file without a label, left aside: odd.png" in capsys.readouterr().out


def test_that_a_class_with_one_picture_is_kept_with_a_notice(tmp_path, capsys):
    data = draw_colours(tmp_path / "data")
    Image.new("RGB", (8, 8)).save(data / "deep_grey_0.png")
    assert petstudio("new", tmp_path / "p", "--data", data, "--loader", "regex") == 0
    assert "Only 1 picture: deep_grey" in capsys.readouterr().out


def test_that_fewer_pictures_than_a_batch_still_train(tmp_path, capsys):
    project = new_project(tmp_path)
    assert petstudio("train", project, *QUICK, "--set", "training.batch_size=64") == 0
    assert "The batch size is 20 instead of 64" in capsys.readouterr().out


def test_that_an_existing_project_is_not_overwritten(tmp_path, capsys):
    project = new_project(tmp_path)
    before = (project / "project.db").stat().st_mtime_ns
    arguments = ("--data", tmp_path / "data", "--loader", "regex")
    assert "exists already" in refused(capsys, "new", tmp_path / "p", *arguments)
    assert (project / "project.db").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("stages.0.epoch=1", "stages.0.epoch"),
        ("model.architecture=resnet9", "resnet18"),
        ("training.device=cuda:7", "not there"),
        ("stages.0.scheduler=none", "one-cycle"),
        ("input.size=3", "input.size"),
    ],
)
def test_that_an_unusable_setting_is_named(tmp_path, capsys, setting, words):
    project = new_project(tmp_path)
    assert words in refused(capsys, "train", project, *QUICK, "--set", setting)
    assert not list((project / "runs").iterdir())


def test_that_absent_weights_say_which_file_to_put_where(tmp_path, capsys, isolated_home):
    project = new_project(tmp_path)
    sentence = refused(capsys, "train", project, *QUICK, "--set", "model.weights=imagenet")
    assert "resnet18-f37072fd.pth" in sentence
    assert str(isolated_home) in sentence


def test_that_weights_of_another_architecture_are_refused(tmp_path, capsys):
    project = new_project(tmp_path)
    assert petstudio("train", project, *QUICK) == 0
    model = project / "runs" / "1-resnet18" / "model.safetensors"
    arguments = ("--set", f"model.weights={model}", "--set", "model.architecture=resnet34")
    assert "another architecture" in refused(capsys, "train", project, *QUICK, *arguments)


def test_that_truncated_weights_are_refused(tmp_path, capsys):
    project = new_project(tmp_path)
    weights = tmp_path / "cut.safetensors"
    weights.write_bytes(b"\x10\x00\x00\x00\x00\x00\x00\x00{")
    words = refused(capsys, "train", project, *QUICK, "--set", f"model.weights={weights}")
    assert "damaged" in words


class Payload:
    """Makes a folder when it is unpickled by somebody careless."""

    def __init__(self, canary):
        self.canary = canary

    def __reduce__(self):
        return os.mkdir, (str(self.canary),)


def test_that_malicious_weights_are_refused_and_nothing_runs(tmp_path, capsys):
    project = new_project(tmp_path)
    weights, canary = tmp_path / "evil.pth", tmp_path / "canary"
    weights.write_bytes(pickle.dumps(Payload(canary)))
    refused(capsys, "train", project, *QUICK, "--set", f"model.weights={weights}")
    assert not canary.exists()


def test_that_a_damaged_project_is_refused_and_left_alone(tmp_path, capsys):
    project = new_project(tmp_path)
    database = project / "project.db"
    database.write_bytes(b"garbage" * 100)
    refused(capsys, "train", project, *QUICK)
    assert database.read_bytes() == b"garbage" * 100


def test_that_a_damaged_project_goes_back_to_its_snapshot_when_told_to(tmp_path, capsys):
    project = new_project(tmp_path)
    with Project.open(project) as opened:
        opened.take_snapshot()
        images = opened.images()
    (project / "project.db").write_bytes(b"garbage" * 100)
    assert "can be restored with --restore" in refused(capsys, "train", project, *QUICK)
    assert petstudio("train", project, *QUICK, "--restore") == 0
    assert "the damaged file is in" in capsys.readouterr().err
    with Project.open(project) as opened:
        assert opened.images() == images


def test_that_restore_leaves_a_good_project_alone(tmp_path):
    project = new_project(tmp_path)
    with Project.open(project) as opened:
        opened.take_snapshot()
        opened.rename_class("deep_red", "crimson")
    assert petstudio("train", project, *QUICK, "--restore") == 0
    with Project.open(project) as opened:
        assert "crimson" in opened.classes()


def test_that_a_folder_that_is_no_project_is_refused(tmp_path, capsys):
    (tmp_path / "x.petstudio").mkdir()
    refused(capsys, "evaluate", tmp_path / "x")


def test_that_evaluating_before_training_says_to_train(tmp_path, capsys):
    assert "Train first" in refused(capsys, "evaluate", new_project(tmp_path))


def test_that_moved_pictures_are_found_again_with_data(tmp_path, capsys):
    project = new_project(tmp_path)
    (tmp_path / "data").rename(tmp_path / "moved")
    assert "--data" in refused(capsys, "train", project, *QUICK)
    assert petstudio("train", project, *QUICK, "--data", tmp_path / "moved") == 0


def test_that_a_vanished_picture_is_told_and_the_rest_is_learned(tmp_path, capsys):
    project = new_project(tmp_path, per_class=40)
    (tmp_path / "data" / "deep_red_0.png").unlink()
    assert petstudio("train", project, *QUICK) == 0
    told = capsys.readouterr().out
    assert "1 picture no longer there; training goes on without: deep_red_0.png." in told
    assert "the file is gone" in told


def test_that_many_vanished_pictures_stop_training_before_it_begins(tmp_path, capsys):
    project = new_project(tmp_path)
    (tmp_path / "data" / "deep_red_0.png").unlink()
    (tmp_path / "data" / "deep_red_1.png").unlink()
    assert "2 of 24 pictures are gone" in refused(capsys, "train", project, *QUICK)


def test_that_nothing_to_predict_is_refused(tmp_path, capsys):
    project = new_project(tmp_path)
    assert petstudio("train", project, *QUICK) == 0
    assert "is not there" in refused(capsys, "predict", project, tmp_path / "none.jpg")
