"""The Evaluate page on a project that was really trained, with the jobs that it really runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from terminal_fixtures import draw_colours
from tiny_plugin import tiny_host

from petstudio.api.contributions import Split
from petstudio.api.control import RunControl
from petstudio.api.events import ModelSaved
from petstudio.bridge.runner import JobRunner, JobState
from petstudio.bridge.session import Session
from petstudio.config.recipe import recipe_from_mapping
from petstudio.jobs.engine_job import training_job
from petstudio.plugin_host.host import PluginHost
from petstudio.project.project import Project
from petstudio.project.records import NewImage, Source
from petstudio.ui.pages.evaluate_page import EvaluatePage
from petstudio.ui.theme import Theme, ThemeMode

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.qt_log_ignore("propagateSizeHints", extend=True),
]
_LONG = 60_000
_RECIPE = {
    "model": {"architecture": "tiny", "weights": "none"},
    "input": {"size": 16},
    "training": {"batch_size": 8, "device": "cpu", "precision": "float32"},
    "stages": [{"name": "all", "epochs": 1, "trainable": "all", "rate": 1e-2}],
}


@pytest.fixture(scope="module")
def host() -> PluginHost:
    return tiny_host()


@pytest.fixture
def project(tmp_path: Path, host: PluginHost) -> Path:
    """Train on pictures of three colours, the last two of each of which are for testing."""
    root = draw_colours(tmp_path / "data")
    parts = (*[Split.TRAIN] * 3, *[Split.VALID] * 3, *[Split.TEST] * 2)
    images = [
        NewImage(path=file.name, label=file.name.split("_")[1], split=parts[int(file.stem[-1])])
        for file in sorted(root.iterdir())
    ]
    source = Source(loader="folder")
    with Project.create(tmp_path / "p.petstudio", source=source, root=root, images=images) as made:
        path = made.path
    told: list[object] = []
    training_job(host, path, recipe_from_mapping(_RECIPE))(told.append, RunControl())
    assert any(isinstance(event, ModelSaved) for event in told)
    return path


@pytest.fixture
def page(qtbot, qapp, host: PluginHost, project: Path) -> Iterator[EvaluatePage]:
    theme = Theme(mode=ThemeMode.LIGHT)
    theme.apply(qapp)
    runner, session = JobRunner(), Session()
    session.open(project)
    qtbot.waitUntil(lambda: session.path == project)
    made = EvaluatePage(theme, host, runner, session)
    session.changed.connect(lambda _view: made.set_project(project))
    made.set_project(project)
    made.resize(1356, 820)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: made.seen.judged is not None, timeout=_LONG)
    made.runner = runner
    yield made
    made.close()
    assert runner.shutdown()
    made.shutdown()
    assert session.shutdown()
    made.deleteLater()


def test_that_validation_is_there_at_once_and_testing_takes_a_job(qtbot, page):
    assert page.seen.accuracy.images == 9
    page.controls.chosen.emit({"split": Split.TEST})
    qtbot.waitUntil(lambda: page.seen.judged is None, timeout=_LONG)
    page.findChild(QPushButton, "evaluate.go").click()
    qtbot.waitUntil(lambda: page.seen.judged is not None, timeout=_LONG)
    assert page.seen.accuracy.images == 6
    qtbot.waitUntil(lambda: page.runner.state is JobState.IDLE, timeout=_LONG)


def test_that_more_views_are_evaluated_and_kept_apart(qtbot, page):
    page.controls.chosen.emit({"views": 4})
    qtbot.waitUntil(lambda: page.seen.judged is None, timeout=_LONG)
    page.findChild(QPushButton, "evaluate.go").click()
    qtbot.waitUntil(lambda: page.seen.judged is not None, timeout=_LONG)
    assert page.seen.judged.result.views == 4
    page.controls.chosen.emit({"views": 0})
    qtbot.waitUntil(lambda: page.seen.choice.views == 0, timeout=_LONG)
    assert page.seen.judged is not None


def test_that_heat_maps_of_the_model_are_drawn(qtbot, page, project):
    tab = page.tabs.tab("worst")
    tab.kind.choose("all")
    tab.kind.chosen.emit("all")
    grid = tab.pictures
    grid.setFocus()
    before = set(project.glob("cache/heat-maps/1/*.png"))
    QTest.keyPress(grid, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: set(project.glob("cache/heat-maps/1/*.png")) != before, timeout=_LONG)
    QTest.keyRelease(grid, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: page.runner.state is JobState.IDLE, timeout=_LONG)
