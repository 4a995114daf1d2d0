"""The small parts of the Train page."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from scripted_run import RECIPE, Story, all_events, bury, run_started, stage_started, step_finished

from petstudio.api.control import RunControl
from petstudio.api.events import GroupPlan, MemoryEstimated, NoticeGiven, NoticeLevel
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.run_feed import RunFeed
from petstudio.bridge.run_log import RunLog
from petstudio.bridge.runner import JobState
from petstudio.ui.theme import ThemeMode
from petstudio.ui.widgets.epoch_table import EpochTable
from petstudio.ui.widgets.flow_layout import FlowLayout
from petstudio.ui.widgets.layer_strip import LayerStrip
from petstudio.ui.widgets.log_view import LogView
from petstudio.ui.widgets.speed_panel import SpeedPanel, time_left_text
from petstudio.ui.widgets.text import Text

NOON = datetime(2026, 7, 1, 12, 0, 0)  # noqa: DTZ001  a wall clock, as the log shows it


@pytest.fixture
def run():
    made = LiveRun(RECIPE, now=lambda: NOON)
    made.feed(all_events())
    return made


@pytest.fixture
def table(qtbot, theme):
    made = EpochTable(theme)
    yield made
    bury(made)


def cells(table, row):
    model = table.model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def test_that_epochs_stand_in_groups_of_their_stage(table, run):
    table.show_run(run)
    first = [cells(table, row)[0] for row in range(table.model().rowCount())]
    assert first == ["Stage 1, head", "1", "2", "Stage 2, all layers", "1 ★"]


def test_that_a_row_has_losses_accuracy_and_time(table, run):
    table.show_run(run)
    assert cells(table, 1) == ["1", "0.600", "0.125", "80.0 %", "0:04"]


def test_that_the_epoch_that_is_going_has_a_row_of_its_own(table):
    run = LiveRun(RECIPE)
    table.show_run(run)
    run.feed([run_started(RECIPE), stage_started(0, RECIPE.stages[0]), step_finished(0, 0, 0)])
    table.refresh()
    before = cells(table, 1)
    run.feed([step_finished(0, 0, 1)])
    table.refresh()
    assert before == ["1", "2.100", "…", "…", "0:00"]
    assert cells(table, 1)[1] == "1.050"


def test_that_a_chosen_row_is_told_by_its_epoch(qtbot, table, run):
    table.show_run(run)
    with qtbot.waitSignal(table.epoch_picked) as told:
        table.selectRow(4)
    assert told.args == [2]


def test_that_an_epoch_picked_elsewhere_is_chosen_without_a_signal(qtbot, table, run):
    table.show_run(run)
    with qtbot.assertNotEmitted(table.epoch_picked):
        table.pick_epoch(2)
    assert [index.row() for index in table.selectionModel().selectedRows()] == [4]


def test_that_a_chosen_epoch_stays_chosen_when_the_next_one_ends(table):
    events = list(all_events())
    run = LiveRun(RECIPE)
    run.feed(events[:8])
    table.show_run(run)
    table.selectRow(1)
    run.feed(events[8:])
    table.refresh()
    assert [index.row() for index in table.selectionModel().selectedRows()] == [1]


def test_that_names_of_stages_cannot_be_chosen(table, run):
    table.show_run(run)
    flags = table.model().flags(table.model().index(0, 0))
    assert not flags & Qt.ItemFlag.ItemIsSelectable


def test_that_the_log_shows_time_and_text(qtbot, theme):
    log = RunLog(now=lambda: NOON)
    view = LogView(theme)
    view.show_log(log)
    log.add_event(NoticeGiven(level=NoticeLevel.WARNING, message="a picture is cut off"))
    log.add("paused")
    view.refresh()
    text = view.toPlainText()
    bury(view)
    assert text == "12:00:00  a picture is cut off\n12:00:00  paused"


def test_that_the_log_wears_the_colours_of_a_new_theme(qtbot, theme):
    log = RunLog(now=lambda: NOON)
    log.add_event(NoticeGiven(level=NoticeLevel.WARNING, message="a picture is cut off"))
    view = LogView(theme)
    view.show_log(log)
    theme.set_mode(ThemeMode.DARK)
    cursor = view.textCursor()
    cursor.movePosition(cursor.MoveOperation.End)
    color = cursor.charFormat().foreground().color().name().upper()
    bury(view)
    assert color == theme.tokens.warn


def test_that_the_speed_panel_is_empty_without_a_run(qtbot, theme):
    panel = SpeedPanel(theme)
    shown = panel.value("Images per second"), panel.value("Time left")
    bury(panel)
    assert shown == ("–", "–")
    assert time_left_text(None) == ""


def test_that_the_speed_panel_says_what_the_memory_holds_and_what_helps_slow_input(qtbot, theme):
    panel = SpeedPanel(theme)
    run = LiveRun(RECIPE)
    run.feed([run_started(RECIPE), stage_started(0, RECIPE.stages[0])])
    run.feed([MemoryEstimated(fixed=10**8, per_picture=10**6, free=8 * 10**9, safe_batch_size=99)])
    run.feed([replace(step_finished(0, 0, 0), waiting=0.1)])
    panel.show_run(run)
    advice = panel.findChild(Text, "training.speed_advice")
    before = panel.value("Memory"), advice.text()
    run.feed(replace(step_finished(0, 0, step), waiting=0.9) for step in (1, 2))
    panel.show_run(run)
    after = advice.text()
    bury(panel)
    assert before == ("164 MB of 8.0 GB", "")
    assert after.startswith("Input is the limit.")


def test_that_layer_groups_are_spoken(qtbot, theme):
    strip = LayerStrip(theme)
    strip.show_groups(
        (
            GroupPlan(name="stem", parameters=9536, trainable=0, rate=0.0),
            GroupPlan(name="head", parameters=530_000, trainable=530_000, rate=3e-3),
        )
    )
    strip.resize(400, 48)
    strip.grab()
    spoken = strip.accessibleDescription()
    bury(strip)
    assert spoken == "stem, 10 k parameters, frozen; head, 530 k parameters, rate 3.0e-3"


def test_that_a_row_goes_on_in_the_next_line(qtbot):
    row = QWidget()
    flow = FlowLayout(row, spacing=8)
    for _ in range(3):
        part = QWidget()
        part.setFixedSize(100, 30)
        flow.addWidget(part)
    heights = flow.heightForWidth(400), flow.heightForWidth(220), flow.heightForWidth(100)
    bury(row)
    assert heights == (30, 68, 106)


def test_that_hidden_parts_of_a_row_take_no_room(qtbot):
    row = QWidget()
    flow = FlowLayout(row, spacing=8)
    parts = [QWidget() for _ in range(2)]
    for part in parts:
        part.setFixedSize(100, 30)
        flow.addWidget(part)
    parts[0].hide()
    height = flow.heightForWidth(100)
    bury(row)
    assert height == 30


def test_that_a_feed_keeps_to_its_own_job(qtbot, runner):
    feed = RunFeed(runner)
    runner.start(Story().make_job(None, None, RECIPE), title="something else")
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE)
    assert feed.run is None


def test_that_a_feed_tells_what_else_the_runner_is_busy_with(qtbot, runner):
    feed = RunFeed(runner)
    story = Story(hold_at=0)
    runner.start(story.make_job(None, None, RECIPE), title="Making a project")
    busy = feed.busy_with
    story.go_on.set()
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE)
    assert (busy, feed.busy_with) == ("Making a project", None)


def test_that_a_feed_cannot_steer_a_job_that_is_not_its_own(qtbot, runner):
    feed = RunFeed(runner)
    story = Story(hold_at=0)
    runner.start(story.make_job(None, None, RECIPE))
    feed.pause()
    feed.stop()
    state = runner.state
    story.go_on.set()
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE)
    assert state is JobState.RUNNING


def test_that_a_feed_tells_the_end_of_a_run_once(qtbot, runner):
    feed = RunFeed(runner)
    ends = []
    feed.ended.connect(ends.append)
    feed.start(Story().make_job(None, None, RECIPE), RECIPE)
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE)
    assert len(ends) == 1
    assert not feed.is_going
    assert feed.run.finished is ends[0]


def test_that_a_job_of_the_story_can_be_told_without_a_window():
    events = []
    Story().make_job(None, None, RECIPE)(events.append, RunControl())
    assert len(events) == len(list(all_events()))
