"""Predictions: what a table says of odd names and of doubt, and files that go meanwhile."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import torch
from terminal_fixtures import draw_colours, events, petstudio

from petstudio.api import NoOptions
from petstudio.api.control import RunControl
from petstudio.api.errors import ImageReason
from petstudio.api.events import Event, ImagePredicted, ImageSkipped
from petstudio.config.recipe import Resize
from petstudio.engine.model_file import save_model
from petstudio.engine.model_info import ModelInfo
from petstudio.engine.network import Network
from petstudio.jobs.engine_job import prediction_job
from petstudio.plugin_host.discovery import bundled
from petstudio.plugin_host.host import PluginHost

CLASSES = ("=1+1", "new\nline", "\u202eder")
# Markup, a formula, an order of letters that turns round, and a line that ends too early.
NAMES = ("<b>x</b>.png", "=1+1.png", "\u202egnp.exe.png", "new\nline.png", 'a,"b".png')


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    torch.manual_seed(0)
    architecture = PluginHost(bundled()).architecture("resnet18")
    network = Network(architecture.build(NoOptions()), len(CLASSES)).eval()
    file = tmp_path_factory.mktemp("model") / "model.safetensors"
    save_model(
        file,
        network,
        ModelInfo(
            classes=CLASSES,
            architecture="resnet18",
            size=32,
            resize=Resize.CROP,
            mean=(0.5, 0.5, 0.5),
            std=(0.25, 0.25, 0.25),
            reject_below=0.34,
        ),
    )
    return file


@pytest.fixture
def pictures(tmp_path, monkeypatch) -> Path:
    """Files with these names, to be given as they are typed in their own folder."""
    folder = tmp_path / "pictures"
    drawn = sorted(draw_colours(folder, 2).iterdir())
    for file, name in zip(drawn, NAMES, strict=False):
        (folder / name).parent.mkdir(exist_ok=True)
        file.rename(folder / name)
    for file in drawn[len(NAMES) :]:
        file.unlink()
    monkeypatch.chdir(folder)
    return folder


def table_of(model, *words):
    assert petstudio("predict", model, *words, "--csv", "../out.csv") == 0
    with Path("../out.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_that_a_table_shows_odd_names_harmlessly_on_one_line_each(model, pictures):
    rows = table_of(model, *NAMES)
    assert [row["path"] for row in rows] == [
        "<b>x</b>.png",
        "'=1+1.png",
        "\\u202egnp.exe.png",
        "new\\nline.png",
        'a,"b".png',
    ]
    lines = Path("../out.csv").read_bytes().splitlines()
    assert len(lines) == 1 + len(NAMES)


def test_that_a_table_shows_odd_classes_harmlessly(model, pictures):
    rows = table_of(model, NAMES[0], "--top", "3")
    shown = {rows[0][f"class_{rank}"] for rank in (1, 2, 3)}
    assert shown == {"'=1+1", "new\\nline", "\\u202eder"}


def test_that_a_picture_below_the_models_threshold_is_marked_as_not_sure(model, pictures, capsys):
    rows = table_of(model, *NAMES, "--top", "3")
    output = capsys.readouterr().out
    for row in rows:
        assert row["sure"] == ("yes" if float(row["probability_1"]) >= 0.34 else "no")
    assert output.count(": not sure, ") == sum(row["sure"] == "no" for row in rows)


@pytest.mark.parametrize(("threshold", "sure"), [("0", "yes"), ("1", "no")])
def test_that_the_threshold_for_not_sure_can_be_given(model, pictures, capsys, threshold, sure):
    rows = table_of(model, *NAMES, "--not-sure-below", threshold, "--json")
    assert {row["sure"] for row in rows} == {sure}
    told = [event for event in events(capsys.readouterr().out) if "is_sure" in event]
    assert {event["is_sure"] for event in told} == {sure == "yes"}


def test_that_the_columns_before_the_new_one_stay_as_they_were(model, pictures):
    Path("broken.png").write_bytes(b"no picture")
    (row,) = table_of(model, "broken.png", "--top", "2")
    assert row == {
        "path": "broken.png",
        "class_1": "",
        "probability_1": "",
        "class_2": "",
        "probability_2": "",
        "error": "not a picture",
        "sure": "",
    }
    assert list(row)[-2:] == ["error", "sure"]


@pytest.mark.parametrize("threshold", ["-0.1", "1.1", "nan"])
def test_that_a_threshold_that_is_no_probability_is_refused(model, pictures, capsys, threshold):
    assert petstudio("predict", model, NAMES[1], f"--not-sure-below={threshold}") == 2
    assert "from 0 to 1" in capsys.readouterr().err


def test_that_a_gathered_file_that_has_gone_does_not_stop_the_others(model, pictures):
    gone, there = Path("gone.png"), Path(NAMES[0])
    told: list[Event] = []
    prediction_job(PluginHost(bundled()), model, [gone, there])(told.append, RunControl())
    skipped, predicted = told
    assert skipped == ImageSkipped(path=str(gone), reason=ImageReason.MISSING.value)
    assert isinstance(predicted, ImagePredicted)
    assert predicted.path == str(there)
