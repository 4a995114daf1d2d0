"""Runs that broke off, are discarded and put back; batches that are divided and tried whole."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QDialog, QPushButton
from scripted_run import RECIPE, all_events, bury, whole

from petstudio.api.control import RunControl
from petstudio.api.events import (
    BatchDivided,
    MemoryEstimated,
    NoticeGiven,
    NoticeLevel,
    Outcome,
    RunFinished,
    TrainingDiverged,
)
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.run_view import CheckpointView, RunEnd, RunView
from petstudio.bridge.runner import JobState
from petstudio.config.recipe import StartChoice
from petstudio.config.whole_batches import WholeBatches
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.importing import create_project
from petstudio.jobs.job import run_job
from petstudio.jobs.proving import DataSource
from petstudio.plugin_host.host import PluginHost
from petstudio.project.event_log import EventLog
from petstudio.project.project import Access, Project
from petstudio.project.records import RunState
from petstudio.ui.pages.train_page import TrainPage

# The offscreen platform says so whenever a window with a smallest size is shown.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
BROKEN = RunView(
    number=3,
    name="resnet34",
    end=RunEnd.BROKEN_OFF,
    place="stage 1, epoch 2, batch 3",
    checkpoints=(CheckpointView(name="last", stages_done=0),),
)


@pytest.fixture
def project(pictures, tmp_path):
    """A project with three runs, as a story tells of run 3; the last one was cancelled."""
    path = tmp_path / "pets.petstudio"
    source = DataSource(root=pictures, loader="regex", options={"pattern": r"(.+)_\d+\.png"})
    job = create_project(PluginHost.load(), path, source, SplitChoice())
    finished = run_job(job, lambda _event: None, RunControl())
    assert finished.outcome is Outcome.COMPLETED
    with Project.open(path) as opened:
        for _ in range(3):
            folder = opened.new_run(RECIPE)
            opened.finish_run(folder.number, RunState.CANCELLED, {})
        with EventLog(folder.events_path) as log:
            for event in list(all_events())[:-3]:
                log.append(event)
    return path


@pytest.fixture
def page(qtbot, theme, host, runner, story, project):
    made = whole(TrainPage(theme, host, runner, make_job=story.make_job))
    made.resize(1356, 820)
    made.set_recipe(RECIPE)
    made.set_project(project)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: len(made._runs.runs) == 3)
    yield made
    story.go_on.set()
    made.shutdown()
    bury(made)


STOPPED = replace(BROKEN, end=RunEnd.STOPPED)


def press(page, name):
    page.findChild(QPushButton, name).click()


def question(page):
    return page.findChildren(QDialog, "discard_run")[-1]


def hold_run(qtbot, page, story):
    story.hold_at = 2
    press(page, "training.start")
    qtbot.waitUntil(lambda: page.run is not None and len(page.run.x) >= 2)


def numbers(project):
    with Project.open(project, Access.READ) as opened:
        return [run.number for run in opened.runs()]


def test_that_a_run_that_broke_off_can_go_on_be_looked_at_or_be_discarded(page):
    page._banners.show_broken_off(BROKEN)
    ends = ("", ".2", ".3")
    texts = [page.findChild(QPushButton, f"banner.action{end}").text() for end in ends]
    assert page.banner.headline == "Run 3 stopped at stage 1, epoch 2, batch 3"
    assert texts == ["Resume", "Open", "Discard…"]


def test_that_open_shows_the_curves_and_epochs_of_a_run_that_broke_off(qtbot, page):
    page._banners.show_broken_off(BROKEN)
    press(page, "banner.action.2")
    qtbot.waitUntil(lambda: page.run is not None)
    assert page.run.finished is not None
    assert len(page.run.epochs) == 2
    assert len(page.plot.items.raw.getData()[0]) == 12
    assert page.sentence == "Run 3 was stopped after 3.0 of 3 epochs"
    assert page.banner.isVisible()


def test_that_a_run_is_discarded_once_that_is_confirmed_and_put_back(qtbot, page, project):
    page._banners.show_broken_off(BROKEN)
    press(page, "banner.action.3")
    asked = question(page)
    assert asked.findChild(QPushButton, "discard_run.keep").isDefault()
    press(asked, "discard_run.discard")
    qtbot.waitUntil(lambda: page.banner.headline.startswith("Run 3 was discarded"))
    assert page.banner.waiting == 0
    qtbot.waitUntil(lambda: len(page._runs.runs) == 2)
    assert numbers(project) == [1, 2]
    press(page, "banner.action")
    qtbot.waitUntil(lambda: len(page._runs.runs) == 3)
    assert numbers(project) == [1, 2, 3]


def test_that_a_run_that_ended_with_the_window_can_go_on_at_the_next_start(page):
    page._offer_to_go_on(replace(STOPPED, place=""))
    assert page.banner.headline == "Run 3 was stopped"


def test_that_a_run_that_the_user_stopped_now_is_not_offered_again(qtbot, page, story):
    hold_run(qtbot, page, story)
    page._offer_to_go_on(replace(STOPPED, number=page._feed.number))
    assert not page.banner.isVisible()


def test_that_a_run_that_is_kept_stays(qtbot, page, project):
    page._banners.show_broken_off(BROKEN)
    press(page, "banner.action.3")
    press(question(page), "discard_run.keep")
    assert page.banner.headline.startswith("Run 3 stopped")
    assert numbers(project) == [1, 2, 3]


def test_that_the_run_that_is_going_is_stopped_and_discarded(qtbot, page, runner, story, project):
    hold_run(qtbot, page, story)
    page._buttons_of_run.discard_wanted.emit()
    press(question(page), "discard_run.discard")
    qtbot.waitUntil(lambda: page.banner.headline.startswith("Run 3 was discarded"))
    assert runner.state is JobState.IDLE
    assert page.run is None
    assert numbers(project) == [1, 2]


def test_that_a_run_is_discarded_in_its_own_project_while_another_one_is_open(
    qtbot, page, story, project, tmp_path
):
    hold_run(qtbot, page, story)
    other = tmp_path / "others.petstudio"
    shutil.copytree(project, other)
    page.set_project(other)
    page._buttons_of_run.discard_wanted.emit()
    press(question(page), "discard_run.discard")
    qtbot.waitUntil(lambda: page.banner.headline.startswith("Run 3 was discarded"))
    assert (numbers(project), numbers(other)) == ([1, 2], [1, 2, 3])
    press(page, "banner.action")
    qtbot.waitUntil(lambda: numbers(project) == [1, 2, 3])


def test_that_a_run_without_a_number_yet_is_just_stopped(qtbot, page, runner, story):
    story.hold_at = 0
    press(page, "training.start")
    page.run.started = None
    page._discarding.ask_about_present()
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE)
    assert page.findChildren(QDialog, "discard_run") == []


def test_that_a_divided_batch_can_be_tried_whole_again(qtbot, page, runner, story, monkeypatch):
    notes = []
    hold_run(qtbot, page, story)
    monkeypatch.setattr(runner, "leave_note", notes.append)
    page.run.feed([BatchDivided(step=2, images=64, pieces=2)])
    page._painter.draw()
    assert page.banner.headline == "The memory is too small for 64 pictures at once."
    assert "in 2 pieces" in page.banner.detail
    press(page, "banner.action")
    assert notes == [WholeBatches()]
    assert "from the next epoch on" in page.banner.headline
    page.run.feed([BatchDivided(step=4, images=64, pieces=1, is_undone=True)])
    page._painter.draw()
    assert not page.banner.isVisible()
    assert [text for _, text in page.run.marks] == ["2 pieces", "whole batches"]


def test_that_a_further_division_takes_the_place_of_the_first(qtbot, page, story):
    hold_run(qtbot, page, story)
    for pieces in (2, 4):
        page.run.feed([BatchDivided(step=2, images=64, pieces=pieces)])
        page._painter.draw()
    assert page.banner.waiting == 0
    assert "in 4 pieces" in page.banner.detail


def test_that_no_number_of_pictures_is_called_safe_that_did_not_fit(qtbot, page, story):
    hold_run(qtbot, page, story)
    page.run.feed([MemoryEstimated(fixed=1, per_picture=1, free=9, safe_batch_size=500)])
    page.run.feed([BatchDivided(step=2, images=64, pieces=2)])
    assert page.run.memory.safe_batch_size == 32
    page.run.feed([BatchDivided(step=4, images=64, pieces=1, is_undone=True)])
    assert page.run.memory.safe_batch_size == 500


def test_that_an_estimate_that_foresaw_the_division_is_believed(qtbot, page, story):
    hold_run(qtbot, page, story)
    page.run.feed([MemoryEstimated(fixed=1, per_picture=1, free=9, safe_batch_size=40)])
    page.run.feed([BatchDivided(step=2, images=64, pieces=2)])
    assert page.run.memory.safe_batch_size == 40


def test_that_a_full_disk_is_said_while_the_run_goes_on(qtbot, page, story):
    hold_run(qtbot, page, story)
    text = "No checkpoint could be saved; training goes on. The disk is full: 3 MB are free."
    page.run.feed([NoticeGiven(level=NoticeLevel.WARNING, message=text)])
    page._painter.draw()
    assert page.banner.property("kind") == "warn"
    assert page.banner.headline == "No checkpoint could be saved; training goes on."
    assert page.banner.detail == "The disk is full: 3 MB are free."


def test_that_a_rate_that_was_too_high_is_lowered_by_a_button(page):
    run = LiveRun(RECIPE)
    run.feed(list(all_events())[:3])
    run.feed([TrainingDiverged(step=1, rate=9.0, loss=float("nan"), paths=(), kept="Run 3.")])
    message = "The loss is not a finite number any more. Lower the learning rate."
    page._banners.show_end(run, RunFinished(outcome=Outcome.FAILED, message=message), 0)
    assert page.banner.property("kind") == "err"
    assert page.banner.headline == "The loss is not a finite number any more."
    assert page.banner.detail == "Lower the learning rate. Run 3."
    before = RECIPE.stages[0].rate
    press(page, "banner.action")
    assert page.recipe.stages[0].rate == tuple(rate / 10 for rate in before)


def test_that_what_a_run_told_before_it_broke_off_is_not_said_again(page):
    run = LiveRun(RECIPE)
    run.feed([NoticeGiven(level=NoticeLevel.WARNING, message="Slow.")])
    run.feed([BatchDivided(step=2, images=64, pieces=2)])
    page._banners.begin(run)
    page._banners.show_warnings(run)
    assert not page.banner.isVisible()


def test_that_warnings_wait_behind_each_other(qtbot, page, story):
    hold_run(qtbot, page, story)
    page.run.feed([NoticeGiven(level=NoticeLevel.WARNING, message="Slow.")])
    page.run.feed([BatchDivided(step=2, images=64, pieces=2)])
    page._painter.draw()
    assert (page.banner.headline, page.banner.waiting) == ("Slow.", 1)


def test_that_another_project_begins_without_what_was_said_and_chosen_of_these_runs(page, tmp_path):
    page._banners.show_broken_off(BROKEN)
    page._draft.start_from(StartChoice(checkpoint="3:best"))
    page.set_project(tmp_path / "other.petstudio")
    assert page.banner.isHidden()
    assert not page.recipe.start.checkpoint
