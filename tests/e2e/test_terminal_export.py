"""A model leaves the program, and gives the same answers elsewhere."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from terminal_fixtures import COLOURS, QUICK, events, new_project, petstudio

from petstudio.config.paths import user_plugin_folder
from petstudio.project.project import Access, Project

ROUNDING = 0.02  # `predict` may compute in bfloat16, an export computes in float32

# A plugin of the user that gives the network's colours in another order.
CORRUPTED = '''"""Swaps red and blue."""

import io
import warnings

from petstudio.api import Exporter, NoOptions, hookimpl

PETSTUDIO_API = (1, 0)


def write(_options, model):
    import torch

    class Swapped(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.module = model.module

        def forward(self, pictures):
            return self.module(pictures.flip(3))

    content = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        traced = torch.jit.trace(Swapped(), torch.zeros(2, model.size, model.size, 3))
        torch.jit.save(traced, content, _extra_files={"petstudio": model.about})
    return content.getvalue()


def read(path):
    import torch

    about = {"petstudio": b""}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        module = torch.jit.load(path, _extra_files=about)
    return about["petstudio"].decode(), lambda pictures: module(torch.from_numpy(pictures)).numpy()


@hookimpl
def petstudio_exporters():
    return [
        Exporter(
            key="swapped",
            label="Swapped",
            summary="Wrong on purpose.",
            options=NoOptions,
            suffix=".swapped",
            write=write,
            read=read,
        )
    ]
'''


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    home = tmp_path_factory.mktemp("export-home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PETSTUDIO_HOME", str(home))
        project = new_project(tmp_path_factory.mktemp("export"))
        assert petstudio("train", project, *QUICK, "--set", "stages.0.epochs=4") == 0
    return home, project


@pytest.fixture
def project(trained, monkeypatch):
    home, project = trained
    monkeypatch.setenv("PETSTUDIO_HOME", str(home))
    return project


def finished(output):
    (event,) = [event for event in events(output) if event["event"] == "ExportFinished"]
    return event


@pytest.mark.parametrize("name", ["model.safetensors", "model.onnx", "model.pt"])
def test_that_an_export_matches_the_program(project, tmp_path, capsys, name):
    target = tmp_path / name
    assert petstudio("export", project, "--to", target, "--json") == 0
    event = finished(capsys.readouterr().out)
    assert event["path"] == str(target)
    assert event["matches"] is True
    assert (event["pictures"], event["agreeing"]) == (24, 24)
    assert event["largest_difference"] < 1e-4
    check = json.loads(Path(event["check"]).read_text(encoding="utf-8"))
    assert check["matches"] is True
    assert check["sha256"] == hashlib.sha256(target.read_bytes()).hexdigest()


def test_that_the_programs_own_format_is_a_copy_of_the_runs_model(project, tmp_path):
    assert petstudio("export", project, "--run", "1", "--to", tmp_path / "copy.safetensors") == 0
    with Project.open(project, Access.READ) as opened:
        model = opened.run(1).folder.model_path
    assert (tmp_path / "copy.safetensors").read_bytes() == model.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "copy.safetensors",
        "copy.safetensors.check.json",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["model.onnx", "model.pt"])
def test_that_the_script_gives_the_numbers_of_predict_without_petstudio(
    project, tmp_path, capsys, name
):
    target = tmp_path / name
    pictures = draw(tmp_path / "pictures")
    assert petstudio("export", project, "--to", target, "--json") == 0
    script = finished(capsys.readouterr().out)["script"]
    assert petstudio("predict", project, *pictures, "--top", "3", "--json") == 0
    own = by_path(event for event in events(capsys.readouterr().out) if "top" in event)
    # Nothing of this checkout can be imported: -P leaves the current folder out, -S .pth files.
    packages = Path(np.__file__).parents[1]
    ended = subprocess.run(
        [sys.executable, "-P", "-S", script, *map(str, pictures)],
        env={**os.environ, "PYTHONPATH": str(packages)},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    theirs = by_path(map(json.loads, ended.stdout.splitlines()))
    assert list(theirs) == list(own) == [str(path) for path in pictures]
    for path, shares in theirs.items():
        assert shares == pytest.approx(own[path], abs=ROUNDING)


def draw(folder):
    """Write photos of several shapes, one of them turned by its EXIF data."""
    folder.mkdir()
    rng = np.random.default_rng(5)
    turned = Image.Exif()
    turned[0x0112] = 8
    for number, colour in enumerate(COLOURS.values()):
        for width, height in ((300, 200), (150, 180), (30, 40)):
            pixels = np.clip(rng.normal(colour, 40, (height, width, 3)), 0, 255).astype(np.uint8)
            exif = turned if number == 1 else Image.Exif()
            Image.fromarray(pixels).save(folder / f"{number} {width}.jpg", quality=95, exif=exif)
    return sorted(folder.iterdir())


def by_path(found):
    return {
        item["path"]: {top["label"]: top["probability"] for top in item["top"]} for item in found
    }


def test_that_an_export_with_another_preprocessing_is_kept_and_marked(project, tmp_path, capsys):
    plugins = user_plugin_folder()
    plugins.mkdir(exist_ok=True)
    (plugins / "swapped.py").write_text(CORRUPTED, encoding="utf-8")
    target = tmp_path / "model.swapped"
    assert petstudio("export", project, "--to", target, "--json") == 1
    output = capsys.readouterr()
    event = finished(output.out)
    assert event["matches"] is False
    assert event["largest_difference"] > 0.1
    assert target.is_file()
    assert json.loads(Path(event["check"]).read_text(encoding="utf-8"))["matches"] is False
    assert output.err.startswith("model.swapped does not match the model: its probabilities differ")


def test_that_an_unknown_format_is_refused_with_those_that_are_known(project, tmp_path, capsys):
    assert petstudio("export", project, "--to", tmp_path / "model.h5") == 2
    message = capsys.readouterr().err
    assert message.startswith("model.h5 does not say in which format to export. End it in .safe")
    assert list(tmp_path.iterdir()) == []


def test_that_a_run_that_is_not_there_is_refused(project, tmp_path, capsys):
    assert petstudio("export", project, "--run", "9", "--to", tmp_path / "model.pt") == 2
    assert "9" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_that_an_export_that_cannot_be_written_leaves_the_earlier_one_with_its_check(
    project, tmp_path, capsys, monkeypatch
):
    target = tmp_path / "model.pt"
    assert petstudio("export", project, "--to", target) == 0
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(before) == {"model.pt", "model.pt.check.json", "model.pt.predict.py"}
    assert "Check: matches; 24 of 24 pictures agree" in capsys.readouterr().out
    monkeypatch.setattr(os, "fsync", full)
    assert petstudio("export", project, "--to", target) == 1
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_that_a_script_of_an_earlier_export_does_not_stay_beside_a_new_one(project, tmp_path):
    target, script = tmp_path / "copy.safetensors", tmp_path / "copy.safetensors.predict.py"
    script.write_text("reads what is no longer there", encoding="utf-8")
    assert petstudio("export", project, "--to", target) == 0
    assert not script.exists()


def full(_descriptor):
    raise OSError(28, "No space left on device")
