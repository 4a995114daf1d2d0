"""The rate plan of the Train page: what it draws, and how the future is changed in it."""

from __future__ import annotations

import logging
import math
from dataclasses import replace
from types import ModuleType

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QVBoxLayout, QWidget
from scripted_run import bury, run_started

from petstudio.api import NoOptions, Scheduler, hookimpl
from petstudio.api.events import (
    GroupPlan,
    Outcome,
    RunFinished,
    StageStarted,
    StepFinished,
)
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.recipe_draft import RecipeDraft
from petstudio.config.rate_edit import RateEdit
from petstudio.config.recipe import Recipe, Stage, StartChoice
from petstudio.plugin_host.host import PluginHost
from petstudio.plugins import resnets, schedules
from petstudio.ui.theme import ThemeMode
from petstudio.ui.widgets.plan_card import PlanCard
from petstudio.ui.widgets.plan_plot_items import rate_spacing, short_rate
from petstudio.ui.widgets.text_twin import TextTwinDialog

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

GROUPS = ("stem", "layer1", "layer2", "layer3", "layer4", "head")
STEPS = 20  # of an epoch
HEAD = Stage(name="head only", epochs=2, rate=(3e-3,))
ALL = Stage(name="all layers", epochs=6, trainable="all", rate=(1e-5, 1e-3), scheduler="constant")
RECIPE = Recipe(stages=(HEAD, ALL))
SENTENCE = "The plugin broken failed in broken: ZeroDivisionError: no steps"


def fail(_options, _plan):
    raise ZeroDivisionError("no steps")


@hookimpl
def petstudio_schedulers():
    return [Scheduler(key="broken", label="Broken", summary="", options=NoOptions, build=fail)]


@pytest.fixture
def host():
    broken = ModuleType("broken")
    broken.PETSTUDIO_API = (1, 0)
    broken.petstudio_schedulers = petstudio_schedulers
    return PluginHost.from_modules(resnets, schedules, broken)


@pytest.fixture(autouse=True)
def every_move_counts(monkeypatch):
    """A test moves the mouse faster than pyqtgraph looks."""
    monkeypatch.setitem(pg.CONFIG_OPTIONS, "mouseRateLimit", 0)


@pytest.fixture
def draft(qapp):
    return RecipeDraft(RECIPE)


@pytest.fixture
def window(qtbot, theme, host, draft):
    """The card between two fields, as it stands on a page."""
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.addWidget(QLineEdit())
    layout.addWidget(PlanCard(theme, host, draft))
    layout.addWidget(QLineEdit())
    made.resize(950, 320)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    yield made
    bury(made)


@pytest.fixture
def card(window):
    return window.findChild(PlanCard)


@pytest.fixture
def run():
    """A run in the middle of the third epoch of its second stage."""
    made = LiveRun(RECIPE)
    made.feed([run_started(RECIPE), started(0)])
    made.feed(steps(0, 0, 2 * STEPS))
    made.feed([started(1)])
    made.feed(steps(1, 2 * STEPS, 4 * STEPS + 10))
    return made


@pytest.fixture
def edits(card, run):
    """What the user wants of the run that is shown."""
    told = []
    card.edit_wanted.connect(told.append)
    card.show_run(run)
    return told


def started(stage):
    plan = RECIPE.stages[stage]
    return StageStarted(
        stage=stage,
        name=plan.name,
        epochs=plan.epochs,
        steps_per_epoch=STEPS,
        scheduler=plan.scheduler,
        groups=tuple(
            GroupPlan(name=name, parameters=100, trainable=100, rate=1e-3) for name in GROUPS
        ),
    )


def steps(stage, first, end):
    before = 2 * STEPS if stage else 0
    return [
        StepFinished(
            stage=stage,
            epoch=(step - before) // STEPS,
            step=step,
            loss=1.0,
            smoothed_loss=1.0,
            rate=1e-3,
            momentum=0.9,
            images_per_second=1.0,
        )
        for step in range(first, end)
    ]


def finished():
    return RunFinished(outcome=Outcome.COMPLETED)


def head_line(card):
    """Return the rates of the head over the whole run, by x."""
    curves = card.plot.lines.curves(0)
    x = np.concatenate([x for x, _ in curves])
    y = np.concatenate([y for _, y in curves])
    return x, y


def head_rate(card, x):
    known, rates = head_line(card)
    return rates[np.searchsorted(known, x, side="right") - 1]


def drag(card, handle, by, *, drops=True):
    """Drag a handle so many pixels downwards, with the mouse."""
    plot = card.plot
    viewport = plot._view.viewport()
    place = viewport.mapFrom(plot, plot.place_of(handle).toPoint())
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    for part in range(1, 5):
        QTest.mouseMove(viewport, place + QPoint(0, by * part // 4))
    if drops:
        drop(card, place + QPoint(0, by))
    return place + QPoint(0, by)


def drop(card, place):
    viewport = card.plot._view.viewport()
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def focus_first(card):
    """Reach the plot with Tab from the menu of the card."""
    card.findChild(QWidget, "training.plan.menu").setFocus(Qt.FocusReason.OtherFocusReason)
    press_tab()
    assert card.plot.hasFocus()


def press_tab(key=Qt.Key.Key_Tab):
    QTest.keyClick(QApplication.focusWidget(), key)


def press(card, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(card.plot, key, modifier)


def choice(card):
    return card.findChild(QComboBox, "training.plan.scheduler")


def trigger(card, text):
    next(action for action in card._menu.popup.actions() if action.text() == text).trigger()


# What is drawn


def test_that_all_stages_are_drawn_before_a_run(card):
    x, y = head_line(card)
    assert (x[0], x[-1]) == (0.0, 8.0)
    assert y.max() == 3e-3
    assert set(y[x > 2.0]) == {1e-3}
    assert card.plot.lines.split == 0.0
    assert not card.plot.marks.playhead.isVisible()
    assert card.plot.note == ""


def test_that_groups_of_a_run_have_lines_spaced_by_equal_factors(card, run):
    card.show_run(run)
    lines = [card.plot.lines.curves(number)[-1][1][0] for number in range(3)]
    assert lines == pytest.approx([1e-3, 1e-5 * 100**0.6, 1e-5])


def test_that_a_frozen_group_has_no_line_in_that_stage(card, run):
    card.show_run(run)
    assert len(card.plot.lines.curves(0)) == 2
    assert len(card.plot.lines.curves(2)) == 1


def test_that_more_than_three_groups_are_named_in_the_tool_tip(card, run):
    card.show_run(run)
    assert card._legend.accessibleName() == "Lines, from the highest: head, layer3, stem"
    others = card._legend.toolTip()
    assert "layer1 2.5e-5, layer2 6.3e-5, layer4 4.0e-4" in others
    assert "layer3" not in others


def test_that_groups_below_the_line_of_the_head_have_none_of_their_own(card, draft):
    draft.edit("stages.1.rate", 1e-3)
    lines = [card.plot.lines.curves(number) for number in range(3)]
    assert [len(curves) for curves in lines] == [2, 0, 0]
    assert card._legend.accessibleName() == "Lines, from the highest: all layers"
    assert card._legend.toolTip() == ""


def test_that_a_line_is_called_after_all_groups_that_train_at_its_rate(card, draft):
    draft.edit("stages.1.trainable", "layer3 to layer4")
    draft.edit("stages.1.rate", 1e-3)
    assert card._legend.accessibleName() == "Lines, from the highest: layer3 to layer4, head"
    assert "stem to layer2 frozen" in card._legend.toolTip()


def test_that_the_head_alone_is_called_the_head(card, draft):
    draft.edit("stages.1.trainable", "head")
    assert card._legend.accessibleName() == "Lines, from the highest: head"


def test_that_solid_turns_into_dashed_at_the_playhead(card, run):
    card.show_run(run)
    assert card.plot.lines.split == run.position == 4.5
    assert card.plot.marks.playhead.isVisible()
    assert card.plot.marks.playhead.value() == 4.5
    past, future = card.plot.lines.past, card.plot.lines.future
    assert past.shape().boundingRect().right() == future.shape().boundingRect().left() == 4.5


def test_that_a_redraw_moves_only_the_playhead(card, run):
    card.show_run(run)
    plan, curve = card.plan, card.plot.lines.curves(0)[0]
    run.feed(steps(1, 4 * STEPS + 10, 4 * STEPS + 15))
    card.redraw()
    assert card.plot.lines.split == 4.75
    assert card.plan is plan
    assert card.plot.lines.curves(0)[0] is curve


def test_that_a_run_that_has_ended_is_solid_and_cannot_be_changed(card, run, edits):
    run.feed(steps(1, 4 * STEPS + 10, 8 * STEPS))
    run.feed([finished()])
    card.redraw()
    assert card.plot.lines.split == 8.0
    assert not card.plot.marks.playhead.isVisible()
    assert not card.plot.has_handles


def test_that_another_recipe_takes_the_place_of_a_run_that_has_ended(card, draft, run):
    run.feed([finished()])
    card.show_run(run)
    draft.edit("stages.0.epochs", 5)
    assert card.plot.lines.split == 0.0
    assert head_line(card)[0][-1] == 11.0


def test_that_the_recipe_of_a_run_that_goes_on_stays(card, draft, run):
    card.show_run(run)
    draft.edit("stages.0.epochs", 5)
    assert head_line(card)[0][-1] == 8.0


def test_that_the_plot_begins_with_the_first_stage_that_is_not_left_out(card):
    card.show_recipe(replace(RECIPE, start=StartChoice(stage=1)), None)
    (left, right), _ = card.plot._box.viewRange()
    first = card.plan.stages[0]
    assert (left, right) == (first.start, pytest.approx(first.end, abs=0.1))


def test_that_borders_stand_between_the_stages(card):
    assert [border.value() for border in card.plot.marks.borders] == [2]


@pytest.mark.parametrize(
    ("pictures", "expected"), [(None, 10), (0, 10), (640, 10), (1290, 20), (30, 1)]
)
def test_that_the_steps_of_an_epoch_follow_from_the_pictures(card, pictures, expected):
    card.show_pictures(pictures)
    assert card.plan.stages[0].steps_per_epoch == expected


def test_that_the_steps_of_an_epoch_are_those_of_the_run(card, run):
    card.show_pictures(1290)
    card.show_run(run)
    assert card.plan.stages[0].steps_per_epoch == STEPS


def test_that_stages_that_a_run_leaves_out_are_not_drawn(card):
    card.show_recipe(replace(RECIPE, start=StartChoice(stage=1)), None)
    assert head_line(card)[0][0] == 2.0


def test_that_a_recipe_without_stages_says_what_will_be_here(card):
    card.show_recipe(Recipe(), None)
    assert card.plot.note == "The rates of each stage appear here once the recipe has one."
    assert card.plot.lines.curves(0) == ()
    assert not any(action.isEnabled() for action in card._menu.popup.actions())


def test_that_a_plugin_that_fails_is_named_in_the_card(card, draft, caplog):
    with caplog.at_level(logging.CRITICAL):
        draft.choose_plugin("stages.1.scheduler", "broken")
    failed = card.problem, card.plot.note, card.plan
    draft.choose_plugin("stages.1.scheduler", "constant")
    assert failed == (SENTENCE, "The rates cannot be drawn.", None)
    assert (card.problem, card.plot.note) == ("", "")


def test_that_a_plugin_that_fails_is_asked_once(card, draft, caplog):
    with caplog.at_level(logging.WARNING):
        draft.choose_plugin("stages.1.scheduler", "broken")
        draft.edit("seed", 3)
        card.redraw()
    told = [record for record in caplog.records if "no steps" in record.getMessage()]
    caplog.clear()
    assert len(told) == 1


def test_that_the_value_box_has_stage_epoch_rates_and_momentum(card, run):
    card.show_run(run)
    card.plot.show_values_at(3.25)
    assert card.plot.marks.values.line.isVisible()
    assert card.plot.marks.values.box.toPlainText().splitlines() == [
        "stage 2, all layers, epoch 1.25",
        "head 1.0e-3, layer4 4.0e-4, layer3 1.6e-4",
        "layer2 6.3e-5, layer1 2.5e-5, stem 1.0e-5",
        "momentum 0.900",
    ]


def test_that_the_value_box_says_what_is_frozen_and_goes_beyond_the_end(card, run):
    card.show_run(run)
    card.plot.show_values_at(0.5)
    assert "layer1 frozen, stem frozen" in card.plot.marks.values.box.toPlainText()
    card.plot.show_values_at(8.05)
    assert not card.plot.marks.values.box.isVisible()


def test_that_the_value_box_has_room_in_the_smallest_plot(card, run):
    card.show_run(run)
    card.plot.setFixedHeight(card.plot.minimumHeight())
    card.grab()
    card.plot.show_values_at(3.25)
    box = card.plot.marks.values.box
    room = card.plot._box.sceneBoundingRect()
    assert room.contains(box.mapRectToScene(box.boundingRect()).adjusted(1, 1, -1, -1))


def test_that_the_pointer_brings_the_value_box(card, run):
    card.show_run(run)
    viewport = card.plot._view.viewport()
    middle = viewport.rect().center()
    QTest.mouseMove(viewport, middle)
    QTest.mouseMove(viewport, middle + QPoint(3, 3))
    assert card.plot.marks.values.box.isVisible()


def test_that_the_plan_can_be_read_as_a_table(card, run):
    card.show_run(run)
    trigger(card, "View as table")
    dialog = card.window().findChild(TextTwinDialog)
    model = dialog.table.model()
    head = [model.headerData(c, Qt.Orientation.Horizontal) for c in range(model.columnCount())]
    last = [model.index(model.rowCount() - 1, column).data() for column in range(len(head))]
    rows = model.rowCount()
    dialog.close()
    assert head == ["Stage", "Epoch", *GROUPS, "Momentum"]
    assert rows == 8 * STEPS
    assert last == [
        "2", "5.95", "1.0e-5", "2.5e-5", "6.3e-5", "1.6e-4", "4.0e-4", "1.0e-3", "0.9",
    ]  # fmt: skip


def test_that_the_plan_can_be_copied(card):
    trigger(card, "Copy data")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("Stage\tEpoch\t")
    assert len(lines) == 1 + 8 * 10


def test_that_lines_wear_the_colours_of_a_new_theme(card, run, theme):
    card.show_run(run)
    theme.set_mode(ThemeMode.DARK)
    pen = card.plot.lines.past.drawing._pens[0]
    dashed = card.plot.lines.future.drawing._pens[0]
    assert pen.color().name().upper() == theme.tokens.series[0]
    assert pen.style() is Qt.PenStyle.SolidLine
    assert dashed.color().alphaF() == pytest.approx(0.55, abs=0.01)
    assert dashed.style() is Qt.PenStyle.CustomDashLine


def test_that_rates_at_the_axis_are_round():
    assert rate_spacing(3.4e-3, 100) == pytest.approx(1e-3)
    assert rate_spacing(1.1e-4, 100) == pytest.approx(5e-5)
    assert [short_rate(rate) for rate in (0.0, 5e-5, 1e-4, 1.5e-4)] == [
        "0", "5e-5", "1e-4", "1.5e-4",
    ]  # fmt: skip


# The type of schedule


def test_that_the_schedule_of_the_selected_stage_is_chosen(card, draft):
    card.show_recipe(RECIPE, 1)
    box = choice(card)
    box.setFocus()
    assert box.currentData() == "constant"
    QTest.keyClick(box, Qt.Key.Key_Up)
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert draft.recipe.stages[1].scheduler == "one-cycle"
    assert draft.recipe.stages[0] == HEAD
    assert head_rate(card, 2.0) == pytest.approx(1e-3 / 25)


def test_that_without_a_selected_stage_nothing_can_be_chosen(card):
    assert not choice(card).isEnabled()
    assert choice(card).currentIndex() == -1
    assert "Choose a stage" in choice(card).toolTip()


def test_that_the_only_stage_needs_no_selection(card):
    card.show_recipe(Recipe(stages=(HEAD,)), None)
    assert choice(card).isEnabled()
    assert choice(card).accessibleName() == "Schedule of stage 1, head only"


def test_that_a_run_shows_the_schedule_of_its_stage_and_locks_it(card, run):
    card.show_recipe(RECIPE, 0)
    card.show_run(run)
    assert choice(card).currentData() == "constant"
    assert not choice(card).isEnabled()
    run.feed([finished()])
    card.redraw()
    assert choice(card).isEnabled()
    assert choice(card).currentData() == "one-cycle"


# Changing the future


def test_that_handles_stand_at_the_epochs_to_come_of_the_running_stage(card, edits):
    points = [(p.pos().x(), p.pos().y()) for p in card.plot.handles.dots.points()]
    assert points == [(5.0, 1e-3), (6.0, 1e-3), (7.0, 1e-3)]
    assert card.hint.full_text == "drag a dot to change what is still to come"


def test_that_there_are_no_handles_before_a_run(card):
    assert not card.plot.has_handles
    assert card.hint.full_text == ""


def test_that_a_dragged_dot_changes_the_rates_from_there_on(card, edits):
    drag(card, 4, 40)
    (edit,) = edits
    (_, one), (_, factor) = edit.points
    assert edit.stage == 1
    assert [epoch for epoch, _ in edit.points] == [3, 4]
    assert one == 1.0
    assert 0.2 < factor < 0.9
    assert head_rate(card, 4.9) == 1e-3
    assert head_rate(card, 6.0) == pytest.approx(1e-3 * factor)
    assert head_rate(card, 7.9) == pytest.approx(1e-3 * factor)


def test_that_every_group_follows_the_dot(card, edits):
    drag(card, 4, 40)
    (_, (_, factor)) = edits[0].points
    assert card.plot.lines.curves(2)[0][1][-1] == pytest.approx(1e-5 * factor)


def test_that_pixels_are_logarithms(card, edits):
    """Twice the way is twice the logarithm, and back again is the rate before."""
    drag(card, 3, 20)
    factor = edits[0].factor(3)
    card.show_run(None)
    card.show_run(run_again())
    drag(card, 3, 40)
    assert math.log(edits[1].factor(3)) == pytest.approx(2 * math.log(factor), rel=1e-6)


def run_again():
    made = LiveRun(RECIPE)
    made.feed([run_started(RECIPE), started(0), *steps(0, 0, 2 * STEPS), started(1)])
    made.feed(steps(1, 2 * STEPS, 4 * STEPS + 10))
    return made


def test_that_nothing_is_told_until_the_dot_is_dropped(card, edits):
    place = drag(card, 4, -30, drops=False)
    before, seen = list(edits), head_rate(card, 6.0)
    drop(card, place)
    assert before == []
    assert seen > 1.2e-3
    assert len(edits) == 1


def test_that_a_key_let_go_during_a_drag_tells_nothing(card, edits):
    place = drag(card, 4, -30, drops=False)
    QTest.keyRelease(card.plot, Qt.Key.Key_Shift)
    before = list(edits)
    drop(card, place)
    assert (before, len(edits)) == ([], 1)


def test_that_escape_gives_a_drag_up(card, edits):
    place = drag(card, 4, 30, drops=False)
    press(card, Qt.Key.Key_Escape)
    drop(card, place)
    assert edits == []
    assert set(head_line(card)[1][-20:]) == {1e-3}


def test_that_a_drag_beside_the_dots_moves_the_view(card, edits):
    viewport = card.plot._view.viewport()
    place = QPoint(viewport.width() // 4, viewport.height() // 2)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    for part in range(1, 5):
        QTest.mouseMove(viewport, place + QPoint(15 * part, 0))
    drop(card, place + QPoint(60, 0))
    moved = card.plot._box.viewRange()[0]
    card.plot.fit()
    assert edits == []
    assert moved[0] < -0.2
    assert card.plot._box.viewRange()[0][0] == 0.0


def test_that_tab_goes_from_dot_to_dot_and_then_on(card, edits, window):
    focus_first(card)
    chosen = [card.plot.chosen]
    for _ in range(2):
        press_tab()
        chosen.append(card.plot.chosen)
    press_tab()
    assert chosen == [3, 4, 5]
    assert QApplication.focusWidget() is window.findChildren(QLineEdit)[-1]
    press_tab(Qt.Key.Key_Backtab)
    assert card.plot.chosen == 5


def test_that_the_dot_with_the_focus_wears_a_ring_and_is_spoken(card, edits):
    focus_first(card)
    (ring,) = card.plot.handles.ring.points()
    assert (ring.pos().x(), ring.pos().y()) == (5.0, 1e-3)
    assert card.plot.accessibleName() == "Rate after epoch 3 of all layers: 1.0e-3"


@pytest.mark.parametrize(
    ("key", "modifier", "decades"),
    [
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, 0.05),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, -0.05),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier, 1.0),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier, -1.0),
    ],
)
def test_that_keys_move_a_dot_by_parts_of_a_decade(card, edits, key, modifier, decades):
    focus_first(card)
    press(card, key, modifier)
    (edit,) = edits
    assert edit.points == ((3, pytest.approx(10**decades)),)


def test_that_a_key_that_is_held_makes_one_edit(card, edits):
    focus_first(card)
    for repeats in (False, True, True):
        down = QKeyEvent(
            QEvent.Type.KeyPress,
            Qt.Key.Key_Up,
            Qt.KeyboardModifier.NoModifier,
            "",
            repeats,
        )
        QApplication.sendEvent(card.plot, down)
    QTest.keyRelease(card.plot, Qt.Key.Key_Up)
    (edit,) = edits
    assert edit.factor(3) == pytest.approx(10**0.15)


def test_that_delete_takes_a_move_away(card, edits):
    focus_first(card)
    press(card, Qt.Key.Key_Down)
    press(card, Qt.Key.Key_Delete)
    assert edits[-1] == RateEdit(stage=1)
    assert set(head_line(card)[1][-20:]) == {1e-3}


@pytest.mark.parametrize(("key", "bound"), [(Qt.Key.Key_Up, 10.0), (Qt.Key.Key_Down, 1e-8)])
def test_that_a_dot_stays_within_bounds(card, edits, key, bound):
    focus_first(card)
    for _ in range(12):
        press(card, key, Qt.KeyboardModifier.ShiftModifier)
    assert head_rate(card, 5.0) == pytest.approx(bound)
    assert card.plot._box.viewRange()[1][1] >= head_line(card)[1].max()


def test_that_a_moved_dot_is_filled_and_its_epoch_has_a_flag(card, edits, theme):
    drag(card, 4, 30)
    fills = [p.brush().color().name().upper() for p in card.plot.handles.dots.points()]
    assert fills == [theme.tokens.surface, theme.tokens.series[0], theme.tokens.surface]
    assert [p.pos().x() for p in card.plot.handles.flags.points()] == [5.0]


def test_that_the_past_keeps_its_rates_and_loses_its_dots(card, run, edits):
    drag(card, 3, 30)
    factor = edits[0].factor(3)
    run.feed(steps(1, 4 * STEPS + 10, 5 * STEPS + 10))
    card.redraw()
    assert [p.pos().x() for p in card.plot.handles.dots.points()] == [6.0, 7.0]
    drag(card, 5, -30)
    assert head_rate(card, 4.9) == 1e-3
    assert head_rate(card, 5.5) == pytest.approx(1e-3 * factor)
    assert edits[1].factor(4) == pytest.approx(factor)


def test_that_an_epoch_that_begins_during_a_drag_ends_it(card, run, edits):
    place = drag(card, 3, 30, drops=False)
    run.feed(steps(1, 4 * STEPS + 10, 5 * STEPS))
    card.redraw()
    drop(card, place)
    assert edits == []
    assert set(head_line(card)[1][-20:]) == {1e-3}


def test_that_a_table_has_the_changed_rates(card, edits):
    focus_first(card)
    press(card, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    trigger(card, "Copy data")
    last = QGuiApplication.clipboard().text().splitlines()[-1].split("\t")
    assert last[2:] == ["1.0e-6", "2.5e-6", "6.3e-6", "1.6e-5", "4.0e-5", "1.0e-4", "0.9"]


def test_that_an_edit_that_the_run_took_over_is_drawn(card, run):
    card.show_run(run)
    card.note_edit(RateEdit(stage=1, points=((1, 0.5),)), 1)
    assert head_rate(card, 2.9) == 1e-3
    assert head_rate(card, 3.0) == pytest.approx(5e-4)


def test_that_edits_belong_to_one_run(card, edits):
    drag(card, 4, 30)
    card.show_run(run_again())
    assert set(head_line(card)[1][-20:]) == {1e-3}
    assert len(card.plot.handles.flags.points()) == 0


def test_that_far_more_epochs_than_pixels_have_dots_with_room_between(card):
    long = replace(RECIPE, stages=(replace(ALL, epochs=3000),))
    run = LiveRun(long)
    run.feed([run_started(long), replace(started(1), stage=0, epochs=3000)])
    run.feed([replace(steps(0, 0, 1)[0], stage=0)])
    card.show_run(run)
    points = [p.pos().x() for p in card.plot.handles.dots.points()]
    assert 5 < len(points) < 40
    assert min(np.diff(points)) >= 3000 * 24 / card.plot.width()
