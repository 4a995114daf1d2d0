"""The Predict page with a model that was really trained, from a folder to an export."""

from __future__ import annotations

import csv

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from scripted_prediction import finished_project
from scripted_run import bury

from petstudio.api.control import RunControl
from petstudio.bridge.runner import JobState
from petstudio.bridge.session import Session
from petstudio.config.recipe import recipe_from_mapping
from petstudio.jobs.training import train
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.pages.predict_page import PredictPage

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
_LONG = 100_000
_RECIPE = recipe_from_mapping(
    {
        "model": {"architecture": "resnet18", "weights": "none"},
        "input": {"size": 32},
        "training": {"batch_size": 8, "device": "cpu"},
        "stages": [{"name": "all", "epochs": 1, "trainable": "all", "rate": 3e-3}],
    }
)


@pytest.fixture
def project(tmp_path, pictures):
    path = finished_project(tmp_path, pictures)
    train(PluginHost.load(), path, _RECIPE, name="real")(lambda event: None, RunControl())
    return path


@pytest.fixture
def page(qtbot, theme, runner, project):
    session = Session()
    session.open(project)
    qtbot.waitUntil(lambda: session.view is not None, timeout=_LONG)
    made = PredictPage(theme, PluginHost.load(), runner, session)
    made.set_project(project)
    made.resize(1356, 820)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: made._running.model is not None, timeout=_LONG)
    yield made
    made.shutdown()
    session.shutdown()
    bury(made)


def test_that_a_folder_gets_classes_heat_maps_a_table_and_an_export(qtbot, page, runner, tmp_path):
    folder = tmp_path / "new"
    folder.mkdir()
    for name in ("<b>x.png", "=1+1.png", "a\nb.png", "good.png"):
        Image.new("RGB", (50, 40), (120, 90, 40)).save(folder / name, "PNG")
    (folder / "broken.png").write_bytes(b"nothing")

    page.predict((folder,))
    qtbot.waitUntil(lambda: len(page._running.results) == 5, timeout=_LONG)
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE, timeout=_LONG)
    page._results.refresh()
    assert page._running.used.name == "run 2, real"
    assert page._running.results.unreadable == 1
    assert page._results.grid.pictures[4].path.name == "broken.png"

    page._giving.write_table(tmp_path / "out.csv")
    qtbot.waitUntil(lambda: bool(page.banner.headline), timeout=_LONG)
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 5
    assert [row["error"] for row in rows] == ["", "", "", "", "not a picture"]
    assert abs(sum(float(rows[0][f"probability_{rank}"]) for rank in (1, 2, 3)) - 1) < 1e-3

    QTest.keyPress(page._results.grid, Qt.Key.Key_H)
    view = page._looking.inspector._picture
    qtbot.waitUntil(lambda: not view._stand_in.isNull(), timeout=_LONG)
    QTest.keyRelease(page._results.grid, Qt.Key.Key_H)
    assert view._stand_in.isNull()
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE, timeout=_LONG)

    page._export.card._format.show_key("native")
    page._export.export_to(tmp_path / "pets")
    verdict = page._export.card._verdict
    qtbot.waitUntil(lambda: bool(verdict.text()), timeout=_LONG)
    assert verdict.text() == "Matches the app"
    assert page._export.card._count.text() == "24 of 24 same"
    assert (tmp_path / "pets.safetensors").is_file()
