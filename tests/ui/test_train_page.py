"""The Train page with a real runner and a job that tells a written story."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget
from scripted_run import KEPT, RECIPE, bury, whole

from petstudio.api.errors import InputError
from petstudio.api.events import BatchDivided
from petstudio.bridge.past_run import PastRun
from petstudio.bridge.runner import JobState
from petstudio.ui.page import Badge
from petstudio.ui.pages.train_page import TrainPage
from petstudio.ui.theme import ThemeMode

# The offscreen platform says so whenever a window with a smallest size is shown.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
PROJECT = Path("pets.petstudio")


@pytest.fixture
def page(qtbot, theme, host, runner, story):
    made = whole(TrainPage(theme, host, runner, make_job=story.make_job))
    made.resize(1356, 820)
    made.set_recipe(RECIPE)
    made.set_project(PROJECT)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    yield made
    made.shutdown()
    bury(made)


def button(page, name):
    return page.findChild(QPushButton, name)


def start(page):
    button(page, "training.start").click()


def wait_for_steps(qtbot, page, count):
    qtbot.waitUntil(lambda: page.run is not None and len(page.run.x) >= count)


def run_to_the_end(qtbot, page, runner):
    start(page)
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE)


def test_that_start_trains_the_project_with_the_recipe(qtbot, page, runner, story):
    run_to_the_end(qtbot, page, runner)
    assert story.asked_for == [(PROJECT, RECIPE)]


def test_that_without_a_project_start_says_why_it_waits(page):
    page.set_project(None)
    primary = button(page, "training.start")
    assert not primary.isEnabled()
    assert "Data page" in page.sentence
    assert "Data page" in primary.toolTip()


def test_that_a_recipe_without_stages_cannot_start(page):
    page.set_recipe(type(RECIPE)())
    assert not button(page, "training.start").isEnabled()
    assert page.sentence == "The recipe has no stage. Add one."


def test_that_start_turns_into_pause_and_then_into_resume(qtbot, page, story):
    story.hold_at = 2
    primary = button(page, "training.start")
    said = [primary.text()]
    start(page)
    wait_for_steps(qtbot, page, 2)
    said.append(primary.text())
    primary.click()
    said.append(primary.text())
    primary.click()
    said.append(primary.text())
    assert said == ["Start", "Pause", "Resume", "Pause"]


def test_that_a_paused_run_ends_after_resume(qtbot, page, runner, story):
    story.hold_at = 2
    start(page)
    wait_for_steps(qtbot, page, 2)
    button(page, "training.start").click()
    story.go_on.set()
    button(page, "training.start").click()
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE)
    assert len(page.run.x) == 12


def test_that_the_sentence_says_where_the_run_is(qtbot, page, story):
    story.hold_at = 5
    start(page)
    wait_for_steps(qtbot, page, 5)
    qtbot.waitUntil(lambda: page.sentence == "Run 3, stage 1 of 2, epoch 2 of 2")
    button(page, "training.start").click()
    assert page.sentence == "Run 3, stage 1 of 2, epoch 2 of 2, paused"


def test_that_stop_ends_the_run_and_says_what_is_kept(qtbot, page, runner, story):
    story.hold_at = 2
    start(page)
    wait_for_steps(qtbot, page, 2)
    button(page, "training.stop").menu().actions()[1].trigger()
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE)
    assert page.banner.isVisible()
    assert page.banner.detail == KEPT
    assert page.sentence == "Run 3 was stopped after 0.5 of 3 epochs"


def test_that_f5_starts_f6_pauses_and_ctrl_f5_stops(qtbot, page, runner, story):
    story.hold_at = 2
    qtbot.keyClick(page, Qt.Key.Key_F5)
    wait_for_steps(qtbot, page, 2)
    qtbot.keyClick(page, Qt.Key.Key_F6)
    paused = runner.state
    qtbot.keyClick(page, Qt.Key.Key_F5)
    going = runner.state
    qtbot.keyClick(page, Qt.Key.Key_F5, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE)
    assert (paused, going) == (JobState.PAUSED, JobState.RUNNING)
    assert page.banner.headline == "The run was stopped."


def test_that_f5_does_nothing_while_a_run_is_going(qtbot, page, story):
    story.hold_at = 2
    qtbot.keyClick(page, Qt.Key.Key_F5)
    wait_for_steps(qtbot, page, 2)
    qtbot.keyClick(page, Qt.Key.Key_F5)
    assert not page.banner.isVisible()
    assert len(story.asked_for) == 1


def test_that_a_past_run_that_was_read_too_late_leaves_the_form_alone(qtbot, page, story):
    past = PastRun(number=1, recipe=type(RECIPE)(), events=())
    story.hold_at = 2
    start(page)
    wait_for_steps(qtbot, page, 2)
    page._runs.go_on_wanted.emit(past)
    assert page.recipe == RECIPE
    assert not page.banner.isVisible()


def test_that_the_inspector_says_how_to_read_the_curve_while_the_finder_is_open(page):
    guide = page.findChild(QWidget, "training.finder.guide")
    speed = page.findChild(QWidget, "training.images_per_second")
    shown = []
    for is_open in (False, True, False):
        page._finder.opened.emit(is_open)
        shown.append((guide.isHidden(), speed.isVisible()))
    assert shown == [(True, True), (False, False), (True, True)]


def test_that_start_gives_way_to_the_button_of_an_open_finder(page):
    kinds = [button(page, "training.start").property("kind")]
    for is_open in (True, False):
        page._finder.opened.emit(is_open)
        kinds.append(button(page, "training.start").property("kind"))
    assert kinds == ["primary", "secondary", "primary"]


def test_that_the_result_carries_its_count(qtbot, page, runner):
    run_to_the_end(qtbot, page, runner)
    assert page.sentence == "Run 3 is done: 121 of 128 right, 94.5 % ± 4.1"
    assert page.badge is Badge.DONE


def test_that_a_failure_shows_its_message_and_its_details_on_demand(
    qtbot, page, runner, story, caplog
):
    story.fail_at = 3
    run_to_the_end(qtbot, page, runner)
    assert "the cable is loose" in page.banner.headline
    button(page, "banner.action").click()
    dialog = page.findChild(QPlainTextEdit, "details.text").window()
    assert "RuntimeError" in dialog.findChild(QPlainTextEdit, "details.text").toPlainText()
    dialog.close()
    caplog.clear()


def test_that_an_error_before_the_start_is_said_and_nothing_runs(qtbot, theme, host, runner):
    def refuse(*_):
        raise InputError("The project is gone.", cure="Locate it.")

    page = whole(TrainPage(theme, host, runner, make_job=refuse))
    page.set_recipe(RECIPE)
    page.set_project(PROJECT)
    start(page)
    said = (page.banner.headline, page.banner.detail)
    page.shutdown()
    bury(page)
    assert said == ("The project is gone.", "Locate it.")
    assert runner.state is JobState.IDLE


def test_that_settings_cannot_change_while_a_run_is_going(qtbot, page, runner, story):
    story.hold_at = 1
    start(page)
    wait_for_steps(qtbot, page, 1)
    names = ("training.architecture", "training.batch_size", "training.recipe_choice")
    during = [page.findChild(object, name).isEnabled() for name in names]
    story.go_on.set()
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE)
    after = [page.findChild(object, name).isEnabled() for name in names]
    assert not any(during)
    assert all(after)


def test_that_another_job_on_the_runner_holds_start_back(qtbot, page, runner, story):
    story.hold_at = 0
    runner.start(story.make_job(None, PROJECT, RECIPE), title="Making a project")
    held_back = button(page, "training.start").isEnabled()
    sentence = page.sentence
    story.go_on.set()
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE)
    assert not held_back
    assert "Making a project" in sentence
    assert page.run is None
    assert button(page, "training.start").isEnabled()


def test_that_a_hidden_page_draws_the_run_when_it_is_shown(qtbot, page, runner):
    page.hide()
    run_to_the_end(qtbot, page, runner)
    page.show()
    x, _ = page.plot.items.raw.getData()
    assert len(x) == 12


def test_that_the_log_tells_of_pause_and_end(qtbot, page, runner, story):
    story.hold_at = 2
    start(page)
    wait_for_steps(qtbot, page, 2)
    button(page, "training.start").click()
    button(page, "training.start").click()
    story.go_on.set()
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE)
    log = page.findChild(QPlainTextEdit, "training.log").toPlainText()
    assert "paused" in log
    assert "goes on" in log
    assert "evaluated: 121 of 128 right" in log


def test_that_speed_and_device_stand_in_the_inspector(qtbot, page, runner, story):
    story.hold_at = 3
    start(page)
    wait_for_steps(qtbot, page, 3)
    speed = page.findChild(object, "training.images_per_second")
    qtbot.waitUntil(lambda: speed.text() == "32")
    assert page.findChild(object, "training.waiting_for_pictures").text().endswith(" %")
    assert page.findChild(object, "training.device").text() == "cpu"
    assert page.findChild(object, "training.time_left").text() == "0:04 ± 0 s"


def test_that_the_button_of_the_finder_says_that_it_waits_for_the_run(qtbot, page, story):
    story.hold_at = 1
    start(page)
    wait_for_steps(qtbot, page, 1)
    find = button(page, "training.find")
    assert not find.isEnabled()
    assert "when this run has ended" in find.toolTip()


def test_that_the_badge_tells_of_a_run(qtbot, page, story):
    story.hold_at = 1
    start(page)
    wait_for_steps(qtbot, page, 1)
    assert page.badge is Badge.RUNNING


def test_that_the_page_changes_its_theme_while_a_run_is_shown(qtbot, page, runner, theme):
    run_to_the_end(qtbot, page, runner)
    before = page.plot.items.smoothed.opts["pen"].color().name()
    theme.set_mode(ThemeMode.DARK)
    after = page.plot.items.smoothed.opts["pen"].color().name()
    assert (before, after) == ("#1c7bdb", "#5a9fea")


def test_that_another_project_begins_without_the_former_run(qtbot, page, runner):
    run_to_the_end(qtbot, page, runner)
    page.set_project(Path("other.petstudio"))
    assert page.run is None
    assert page.plot.note == "The curves appear here once a run has begun."


def test_that_another_project_waits_for_the_end_of_the_run_that_is_going(
    qtbot, page, runner, story
):
    story.hold_at = 2
    start(page)
    wait_for_steps(qtbot, page, 2)
    page.set_project(Path("other.petstudio"))
    assert page.run is not None
    story.go_on.set()
    qtbot.waitUntil(lambda: page.run is None)
    assert runner.state is JobState.IDLE


def test_that_the_same_project_keeps_its_run(qtbot, page, runner):
    run_to_the_end(qtbot, page, runner)
    page.set_project(PROJECT)
    assert page.run is not None


def test_that_what_a_person_should_know_stands_at_the_top_while_the_run_goes_on(
    qtbot, page, runner, story
):
    story.hold_at = 2
    start(page)
    wait_for_steps(qtbot, page, 2)
    page.run.feed([BatchDivided(step=2, images=64, pieces=2)])
    page._painter.mark_dirty()
    qtbot.waitUntil(lambda: page.banner.headline != "")
    assert page.banner.headline.startswith("The memory is too small for 64 pictures at once")
    story.go_on.set()
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE)
