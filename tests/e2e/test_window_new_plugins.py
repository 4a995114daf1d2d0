"""Plugins written in the window are used by its next start, in a run of the engine process."""

from __future__ import annotations

import json

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton
from terminal_fixtures import draw_colours

from petstudio.api.control import RunControl
from petstudio.bridge.engine_link import EngineLink
from petstudio.bridge.plugin_shelf import Standing
from petstudio.bridge.runner import JobState
from petstudio.config.paths import user_plugin_folder
from petstudio.config.recipe import recipe_from_mapping
from petstudio.config.settings import SettingsFile
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.importing import create_project
from petstudio.jobs.proving import DataSource
from petstudio.plugin_host.host import PluginHost
from petstudio.plugin_host.kinds import KINDS
from petstudio.project.project import Access, Project
from petstudio.ui.desk import Desk
from petstudio.ui.page import PageKey
from petstudio.ui.widgets.new_plugin_question import NewPluginQuestion

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
_LONG = 60_000
_RECIPE = {
    "model": {"architecture": "own-architecture", "weights": "none"},
    "input": {"size": 32},
    "training": {"batch_size": 8, "device": "cpu", "precision": "float32"},
    "augmentations": [{"key": "own-augmentation", "share": 0.9}],
    "stages": [
        {
            "name": "all", "epochs": 2, "trainable": "all", "rate": 3e-3,
            "scheduler": "own-scheduler", "options": {"times": 2},
        }
    ],
}  # fmt: skip


@pytest.fixture
def start(qtbot, qapp):
    """Starts the window as the program does, with plugins found anew; ends it at the end."""
    desks = []

    def started():
        while desks:
            end(desks.pop())
        desk = Desk(qapp, PluginHost.load(), SettingsFile(), engine=EngineLink())
        desk.window.resize(1440, 900)
        desks.append(desk)
        with qtbot.waitExposed(desk.window):
            desk.show(None)
        return desk

    yield started
    for desk in desks:
        end(desk)


def end(desk):
    assert desk.shutdown()
    desk.window.close()
    desk.deleteLater()


def write_new(qtbot, page, kind):
    """Press the button, choose, name and confirm, as a person does."""
    page.findChild(QPushButton, "plugins.new").click()
    asked = next(one for one in page.findChildren(NewPluginQuestion) if one.isVisible())
    asked._kind.show_key(kind.word)
    asked.findChild(QLineEdit, "new_plugin.name").setText(f"Own {kind.word}")
    asked.findChild(QPushButton, "new_plugin.write").click()
    name = f"own_{kind.word}"
    qtbot.waitUntil(lambda: page._name == name, timeout=_LONG)
    assert page._row(name).standing is Standing.WORKING


def measured(folder):
    """Return the metrics of each epoch of the run, by name."""
    (log,) = (folder / "p.petstudio" / "runs").glob("*/events.jsonl")
    lines = (json.loads(line) for line in log.read_text(encoding="ascii").splitlines())
    return [set(line["metrics"]) for line in lines if line["event"] == "EpochFinished"]


def test_that_plugins_written_in_the_window_are_used_after_a_restart(qtbot, start, tmp_path):
    first = start()
    first.window.show_page(PageKey.PLUGINS)
    for kind in KINDS:
        write_new(qtbot, first.window.page(PageKey.PLUGINS), kind)

    second = start()
    host = second.window.page(PageKey.PLUGINS)._host
    source = DataSource(
        root=draw_colours(tmp_path / "data"), loader="own-loader", options={"end": "_"}, group=""
    )
    create_project(host, tmp_path / "p.petstudio", source, SplitChoice())(
        lambda event: None, RunControl()
    )
    second.session.open(tmp_path / "p.petstudio")
    qtbot.waitUntil(lambda: second.session.view is not None, timeout=_LONG)
    with Project.open(tmp_path / "p.petstudio", Access.READ) as opened:
        assert opened.classes() == ("deep_blue", "deep_green", "deep_red")

    second.window.show_page(PageKey.TRAIN)
    page = second.window.page(PageKey.TRAIN)
    page.set_recipe(recipe_from_mapping(_RECIPE))
    qtbot.waitUntil(
        lambda: page.findChild(QPushButton, "training.start").isEnabled(), timeout=_LONG
    )
    page.findChild(QPushButton, "training.start").click()
    qtbot.waitUntil(lambda: second.runner.state is not JobState.IDLE, timeout=_LONG)
    qtbot.waitUntil(lambda: second.runner.state is JobState.IDLE, timeout=_LONG)
    assert page.run.finished.message == ""
    assert [{"own-metric", "accuracy"} <= names for names in measured(tmp_path)] == [True, True]

    second.window.show_page(PageKey.EVALUATE)
    page = second.window.page(PageKey.EVALUATE)
    qtbot.waitUntil(lambda: page.seen.judged is not None, timeout=_LONG)
    tab = page.tabs.tab("more")
    tab.views.show_key("own-view")
    tab.views.picked.emit("own-view")
    qtbot.waitUntil(lambda: page._views.found is not None, timeout=_LONG)
    assert page._views.found.key == "own-view"
    assert tab.table.model().rowCount() == 3

    second.window.show_page(PageKey.PREDICT)
    page = second.window.page(PageKey.PREDICT)
    qtbot.waitUntil(lambda: page._export._model is not None, timeout=_LONG)
    page._export.card._format.show_key("own-exporter")
    page._export.export_to(tmp_path / "model")
    qtbot.waitUntil((tmp_path / "model.ownexporter").is_file, timeout=_LONG)
    qtbot.waitUntil(lambda: second.runner.state is JobState.IDLE, timeout=_LONG)


def test_that_the_window_learns_how_a_plugin_failed_in_the_engine_process(qtbot, start, tmp_path):
    folder = user_plugin_folder()
    folder.mkdir(parents=True)
    (folder / "bad.py").write_text(_BAD, encoding="utf-8")
    desk = start()
    source = DataSource(root=draw_colours(tmp_path / "data"), loader="regex", options={}, group="")
    create_project(desk._host, tmp_path / "p.petstudio", source, SplitChoice())(
        lambda event: None, RunControl()
    )
    desk.session.open(tmp_path / "p.petstudio")
    qtbot.waitUntil(lambda: desk.session.view is not None, timeout=_LONG)
    desk.window.show_page(PageKey.TRAIN)
    page = desk.window.page(PageKey.TRAIN)
    stage = {"name": "all", "epochs": 1, "trainable": "head", "rate": 3e-3}
    page.set_recipe(
        recipe_from_mapping(
            {**_RECIPE, "model": {"architecture": "resnet18", "weights": "none"},
             "augmentations": [], "stages": [stage]}
        )
    )  # fmt: skip
    qtbot.waitUntil(
        lambda: page.findChild(QPushButton, "training.start").isEnabled(), timeout=_LONG
    )
    page.findChild(QPushButton, "training.start").click()
    qtbot.waitUntil(lambda: desk.runner.state is not JobState.IDLE, timeout=_LONG)
    qtbot.waitUntil(lambda: desk.runner.state is JobState.IDLE, timeout=_LONG)
    assert page.run.finished.message == ""
    assert ["accuracy" in names and "bad" not in names for names in measured(tmp_path)] == [True]
    desk.window.show_page(PageKey.PLUGINS)
    row = desk.window.page(PageKey.PLUGINS)._row("bad")
    assert row.standing is Standing.TROUBLED
    assert "no luck" in row.record.reason
    assert "raise ValueError" in row.record.traceback


_BAD = """
from petstudio.api import Metric, NoOptions, hookimpl
PETSTUDIO_API = (1, 0)
def compute(options, probabilities, truth):
    raise ValueError("no luck")
@hookimpl
def petstudio_metrics():
    return [Metric(key="bad", label="Bad", summary="", options=NoOptions, compute=compute)]
"""
