"""A user's whole road through the real window: a folder, its labels, a run, its result."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton

from petstudio.bridge.runner import JobState
from petstudio.config.recipe import recipe_from_mapping
from petstudio.project.project import Access, Project
from petstudio.project.records import RunState
from petstudio.ui.page import PageKey
from petstudio.ui.pages.train_page import TrainPage

RECIPE = recipe_from_mapping(
    {
        "model": {"architecture": "resnet18", "weights": "none"},
        "input": {"size": 32},
        "training": {"batch_size": 8, "device": "cpu"},
        "stages": [{"name": "all", "epochs": 2, "trainable": "all", "rate": 3e-3}],
    }
)


@pytest.fixture
def desk(qtbot, desk):
    with qtbot.waitExposed(desk.window):
        desk.show(None)
    return desk


@pytest.mark.slow
def test_that_a_folder_becomes_a_trained_model_in_the_window(qtbot, desk, pictures):
    desk.data_page.choose(pictures)
    use = desk.window.findChild(QPushButton, "data.use")
    qtbot.waitUntil(use.isEnabled, timeout=30_000)
    with qtbot.waitSignal(desk.session.changed, timeout=30_000):
        use.click()
    project = desk.session.path
    assert project is not None
    qtbot.waitUntil(lambda: desk.runner.state is JobState.IDLE, timeout=30_000)
    desk.window.show_page(PageKey.TRAIN)
    page = desk.window.page(PageKey.TRAIN)
    assert isinstance(page, TrainPage)
    page.set_recipe(RECIPE)
    start = page.findChild(QPushButton, "training.start")
    assert start.isEnabled()
    start.click()
    qtbot.waitUntil(lambda: desk.runner.state is JobState.RUNNING, timeout=30_000)
    qtbot.waitUntil(lambda: desk.runner.state is JobState.IDLE, timeout=100_000)
    with Project.open(project, Access.READ) as opened:
        (run,) = opened.runs()
    assert run.state is RunState.COMPLETED
    assert (run.folder.path / "model.safetensors").is_file()
    assert len(page.run.epochs) == 2
    assert "right" in page.sentence

    # The finished run can be used at once, without opening the project anew.
    desk.window.show_page(PageKey.LABEL)
    suggest = desk.window.page(PageKey.LABEL).findChild(QPushButton, "label.accept")
    qtbot.waitUntil(suggest.isEnabled, timeout=30_000)
    desk.window.show_page(PageKey.PREDICT)
    predict = desk.window.page(PageKey.PREDICT).findChild(QPushButton, "predict.validation")
    qtbot.waitUntil(predict.isEnabled, timeout=30_000)
