"""From one page to another in the real window, and what one page learns of another."""

from __future__ import annotations

import pytest
from evaluated_project import evaluated_project
from PySide6.QtWidgets import QPushButton, QSlider

from petstudio.api.errors import InputError
from petstudio.bridge.label_board import LabelBoard
from petstudio.ui.page import PageKey
from petstudio.ui.widgets.augmentation_panel import AugmentationPanel
from petstudio.ui.widgets.text import ElidedText


@pytest.fixture
def desk(qtbot, desk, tmp_path):
    """The program with a project of two evaluated runs."""
    project = evaluated_project(tmp_path)
    with qtbot.waitExposed(desk.window):
        desk.show(project)
    qtbot.waitUntil(lambda: desk.session.path == project, timeout=20_000)
    return desk


def offered_runs(desk):
    board = desk.window.page(PageKey.LABEL)._board
    assert isinstance(board, LabelBoard)
    return board.view.runs


def test_that_the_run_whose_evaluation_is_wanted_is_the_one_that_is_seen(qtbot, desk):
    desk.window.page(PageKey.TRAIN).evaluate_wanted.emit(1)
    page = desk.window.current
    qtbot.waitUntil(lambda: page.seen.judged is not None, timeout=20_000)
    assert page.seen.choice.run == 1


def test_that_a_run_that_lies_in_the_trash_suggests_nothing(qtbot, desk):
    assert offered_runs(desk) == (2, 1)
    desk.window.show_page(PageKey.RUNS)
    desk.session.apply(lambda project: project.trash_run(2))
    qtbot.waitUntil(lambda: offered_runs(desk) == (1,), timeout=20_000)


def test_that_a_run_that_is_discarded_while_training_is_seen_suggests_nothing(qtbot, desk):
    desk.window.show_page(PageKey.TRAIN)
    page = desk.window.current
    page._discarding.runs.discard(desk.session.path, 1)
    qtbot.waitUntil(lambda: offered_runs(desk) == (2,), timeout=20_000)
    page._discarding.runs.put_back(desk.session.path, 1)
    qtbot.waitUntil(lambda: offered_runs(desk) == (2, 1), timeout=20_000)


def test_that_an_edit_that_fails_is_said_whatever_page_is_seen(qtbot, desk):
    def fail(_project):
        raise InputError("That cannot be undone.")

    desk.window.show_page(PageKey.SETTINGS)
    desk.session.apply(fail)
    said = desk.window.findChild(ElidedText, "status.text")
    qtbot.waitUntil(lambda: said.full_text == "That cannot be undone.", timeout=20_000)


def test_that_the_recipe_takes_the_augmentation_of_the_preview_and_gives_it_back(qtbot, desk):
    slider = desk.window.findChild(QSlider, "data.preview.max_rotate")
    slider.setValue(slider.maximum())
    train = desk.window.page(PageKey.TRAIN)
    train.choose_recipe("tutorial")
    before = train.recipe
    desk.window.findChild(QPushButton, "data.preview.use").click()
    assert desk.window.current is train
    (taken,) = train.recipe.augmentations
    assert (taken.key, taken.options["max_rotate"]) == ("tutorial", 180.0)
    assert "Rotation 10° → 180°" in train.banner.detail
    (shown,) = train.findChild(AugmentationPanel).values()
    assert shown["max_rotate"] == 180.0
    train.banner.findChild(QPushButton, "banner.action").click()
    assert train.recipe == before


def test_that_a_page_that_is_not_seen_does_not_take_the_keys(qtbot, desk):
    window, project = desk.window, desk.session.path
    window.activateWindow()
    window.show_page(PageKey.LABEL)
    desk.session.close()
    window.show_page(PageKey.DATA)
    window.top.search.setFocus()
    desk.session.open(project)
    qtbot.waitUntil(lambda: offered_runs_or_none(desk) == (2, 1), timeout=20_000)
    qtbot.waitUntil(lambda: window.page(PageKey.LABEL)._area.shown_count > 0, timeout=20_000)
    assert window.focusWidget() is window.top.search


def offered_runs_or_none(desk):
    return () if desk.window.page(PageKey.LABEL)._board is None else offered_runs(desk)
