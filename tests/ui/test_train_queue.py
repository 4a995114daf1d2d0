"""The queue on the Train page: planned while a run goes on, started one after the other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QPushButton
from scripted_run import RECIPE, bury, whole

from petstudio.bridge.runner import JobState
from petstudio.project.recipe_queue import load_queue, save_queue
from petstudio.ui.pages.train_page import TrainPage

# The offscreen platform says so whenever a window with a smallest size is shown.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
_ADD_KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def project(tmp_path):
    path = tmp_path / "pets.petstudio"
    path.mkdir()
    return path


@pytest.fixture
def open_page(qtbot, theme, host, runner, story, project):
    """Opens the page on the project; closed at the end."""
    made = []

    def make():
        page = whole(TrainPage(theme, host, runner, make_job=story.make_job))
        made.append(page)
        page.resize(1356, 820)
        page.set_recipe(RECIPE)
        page.set_project(project)
        with qtbot.waitExposed(page):
            page.show()
        page.activateWindow()
        qtbot.waitUntil(lambda: not page._queue.queue._file.is_reading)
        return page

    yield make
    story.go_on.set()
    for page in made:
        page.shutdown()
        bury(page)


@pytest.fixture
def page(open_page):
    return open_page()


def with_seed(seed):
    return replace(RECIPE, seed=seed)


def press(page, name):
    page.findChild(QPushButton, name).click()


def add(page, *seeds):
    for seed in seeds:
        page.set_recipe(with_seed(seed))
        press(page, "training.queue.add")


def hold_run(qtbot, page, story):
    """Start a run that waits in its third batch."""
    story.hold_at = 2
    press(page, "training.start")
    qtbot.waitUntil(lambda: page.run is not None and len(page.run.x) >= 2)


def runs_of(story):
    return [recipe.seed for _, recipe in story.asked_for]


def settled(qtbot, runner, story, count):
    qtbot.waitUntil(lambda: len(story.asked_for) == count and runner.state is JobState.IDLE)


def test_that_recipes_start_one_after_the_other(qtbot, page, runner, story):
    add(page, 1, 2)
    page.set_recipe(with_seed(0))
    press(page, "training.start")
    settled(qtbot, runner, story, 3)
    assert runs_of(story) == [0, 1, 2]
    assert page.recipe.seed == 2
    assert not page._queue.panel.isVisible()


def test_that_the_queue_starts_by_itself_when_that_is_wished(qtbot, page, runner, story):
    add(page, 1, 2)
    page.set_recipe(with_seed(9))
    press(page, "training.queue.start")
    settled(qtbot, runner, story, 2)
    assert runs_of(story) == [1, 2]


def test_that_a_run_that_fails_lets_the_queue_wait_and_offers_to_go_on(
    qtbot, page, runner, story, caplog
):
    add(page, 1, 2)
    story.fail_at = 1
    page.set_recipe(with_seed(0))
    press(page, "training.start")
    settled(qtbot, runner, story, 1)
    assert "2 recipes wait in the queue." in page.banner.detail
    story.fail_at = None
    page.findChild(QPushButton, "banner.action.2").click()
    settled(qtbot, runner, story, 3)
    assert runs_of(story) == [0, 1, 2]
    caplog.clear()


def test_that_a_run_that_is_stopped_lets_the_queue_wait_until_it_is_cleared(
    qtbot, page, runner, story, project
):
    add(page, 1)
    hold_run(qtbot, page, story)
    page._feed.stop()
    settled(qtbot, runner, story, 1)
    texts = [page.findChild(QPushButton, f"banner.action{end}").text() for end in ("", ".2")]
    assert texts == ["Continue", "Clear queue"]
    press(page, "banner.action.2")
    page._queue.queue.shutdown()
    assert load_queue(project) == ()
    assert len(story.asked_for) == 1


def test_that_the_next_recipe_is_planned_while_a_run_goes_on(qtbot, page, runner, story):
    hold_run(qtbot, page, story)
    assert page.findChild(QPushButton, "training.queue.add").text() == "Plan next"
    qtbot.keyClick(page, Qt.Key.Key_F5, _ADD_KEYS)
    batch = page.findChild(object, "training.batch_size")
    assert batch.isEnabled()
    assert page.sentence.startswith("Planning the next run. Run 3, stage 1")
    page._draft.edit("seed", 7)
    qtbot.keyClick(page, Qt.Key.Key_F5, _ADD_KEYS)
    assert not batch.isEnabled()
    assert page.recipe == RECIPE
    story.go_on.set()
    settled(qtbot, runner, story, 2)
    assert runs_of(story) == [RECIPE.seed, 7]


def test_that_back_to_the_run_drops_what_was_planned(qtbot, page, story):
    hold_run(qtbot, page, story)
    press(page, "training.queue.add")
    page._draft.edit("seed", 7)
    press(page, "training.queue.back")
    assert page.recipe == RECIPE
    assert page._queue.queue.recipes == ()


def test_that_planning_goes_on_when_the_next_run_begins(qtbot, page, runner, story):
    add(page, 1)
    page.set_recipe(RECIPE)
    hold_run(qtbot, page, story)
    press(page, "training.queue.add")
    page._draft.edit("seed", 7)
    story.hold_at = None
    story.go_on.set()
    settled(qtbot, runner, story, 2)
    assert page.recipe.seed == 7


def test_that_a_recipe_that_cannot_be_used_cannot_wait(page):
    page.set_recipe(replace(RECIPE, stages=()))
    assert not page.findChild(QPushButton, "training.queue.add").isEnabled()


def test_that_a_recipe_that_cannot_start_any_more_stays_in_the_queue(qtbot, page, story):
    model = replace(RECIPE.model, architecture="gone")
    page._queue.queue.add(replace(RECIPE, model=model))
    press(page, "training.queue.start")
    qtbot.waitUntil(page.banner.isVisible)
    assert "its next recipe cannot start" in page.banner.headline
    assert "gone" in page.banner.detail
    assert page._queue.queue.is_held
    assert story.asked_for == []


def test_that_recipes_are_moved_and_removed_by_keys_and_buttons(qtbot, page):
    add(page, 1, 2, 3)
    rows = page.findChild(QListWidget, "training.queue")
    rows.setCurrentRow(2)
    qtbot.keyClick(rows, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    press(page, "training.queue.caret-up")
    assert [recipe.seed for recipe in page._queue.queue.recipes] == [3, 1, 2]
    press(page, "training.queue.caret-down")
    qtbot.keyClick(rows, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [recipe.seed for recipe in page._queue.queue.recipes] == [1, 2, 3]
    qtbot.keyClick(rows, Qt.Key.Key_Delete)
    press(page, "training.queue.x")
    assert [recipe.seed for recipe in page._queue.queue.recipes] == [1]


def test_that_a_queue_of_before_is_offered_and_not_started(
    qtbot, open_page, runner, story, project
):
    save_queue(project, [with_seed(1)])
    page = open_page()
    qtbot.waitUntil(page.banner.isVisible)
    assert page.banner.headline == "1 recipe waits in the queue."
    press(page, "training.start")
    settled(qtbot, runner, story, 1)
    assert page._queue.panel.lines() == ("head, all layers: 3 epochs, resnet34",)
    page._banners.queue_go_on_wanted.emit()
    settled(qtbot, runner, story, 2)
    assert load_queue(project) == () or page._queue.queue.recipes == ()


def test_that_a_damaged_queue_is_said_on_the_page(qtbot, open_page, project):
    (project / "queue.toml").write_text("recipes = 3")
    page = open_page()
    qtbot.waitUntil(page.banner.isVisible)
    assert "queue.toml, cannot be read" in page.banner.headline
