"""The learning-rate finder: dragged with the mouse, moved with keys, typed into its boxes."""

from __future__ import annotations

import math

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from scripted_run import bury
from scripted_sweep import (
    CHOICE,
    COMPLETED,
    GROUPS,
    RECIPE,
    STARTED,
    begun_sweep,
    ended_sweep,
    ending,
    step,
)

from petstudio.api.events import GroupPlan, Outcome, RateRule, RunFinished
from petstudio.bridge.figures import rate_text
from petstudio.bridge.live_sweep import LiveSweep
from petstudio.bridge.sweep_feed import SweepFeed
from petstudio.bridge.sweep_freshness import what_changed
from petstudio.config.recipe import recipe_from_mapping
from petstudio.config.sweep import SweepChoice
from petstudio.engine.layer_groups import group_rates
from petstudio.jobs.engine_job import finding_job
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.theme import ThemeMode
from petstudio.ui.widgets.finder_card import FinderCard
from petstudio.ui.widgets.icon_line import IconLine
from petstudio.ui.widgets.rate_axis import RateAxis
from petstudio.ui.widgets.rate_handles import Handle
from petstudio.ui.widgets.text_twin import TextTwinDialog

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
NAMES = [group.name for group in GROUPS]


@pytest.fixture(autouse=True)
def every_move_counts():
    """Let pyqtgraph look at each move of the mouse; it drops those that come too fast."""
    limit = pg.getConfigOption("mouseRateLimit")
    pg.setConfigOption("mouseRateLimit", -1)
    yield
    pg.setConfigOption("mouseRateLimit", limit)


@pytest.fixture
def card(qtbot, theme):
    made = FinderCard(theme)
    made.resize(966, 420)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    yield made
    bury(made)


@pytest.fixture
def ready(card):
    """A finished sweep with a range from 1e-6 to 1e-4."""
    card.show_stage(1, "all layers", GROUPS)
    card.show_sweep(ended_sweep())
    choose(card, "1e-6", "1e-4")
    card.grab()  # lays out the plot
    return card


@pytest.fixture
def told(ready):
    """Every range that the card tells of."""
    ranges = []
    ready.range_changed.connect(ranges.append)
    return ranges


def choose(card, low, high):
    """Type both ends of a range."""
    for line, rate in ((card.form.low, low), (card.form.high, high)):
        type_into(line, rate)
        QTest.keyClick(line, Qt.Key.Key_Return)


def pixel(card, place, height=0.3):
    """Where a place in log10 units is on the plot, at a height between 0 and 1."""
    view = card.plot.view
    bottom, top = view.box.viewRange()[1]
    scene = view.box.mapViewToScene(QPointF(place, bottom + height * (top - bottom)))
    return view.mapFromScene(scene)


def drag(card, start, end):
    """Press at a place, move in ten steps and let go; return how many decades the pixels were."""
    viewport = card.plot.view.viewport()
    first, last = pixel(card, start), pixel(card, end)
    QTest.mouseMove(viewport, first)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=first)
    for part in range(1, 11):
        QTest.mouseMove(viewport, first + (last - first) * (part / 10))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=last)
    view = card.plot.view
    places = [view.box.mapSceneToView(view.mapToScene(point)).x() for point in (first, last)]
    return places[1] - places[0]


def after(place, decades):
    """What is shown of a rate that was moved so far."""
    return rate_text(10.0 ** (place + decades))


def press(card, key, modifier=Qt.KeyboardModifier.NoModifier, times=1):
    for _ in range(times):
        QTest.keyClick(card.plot.view, key, modifier)


def focus(qtbot, card, handle):
    """Go to a handle with the Tab key, from before the plot."""
    card.form.low.setFocus()
    card.plot.view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(card.plot.view.hasFocus)
    order = (Handle.LOW, Handle.WHOLE, Handle.HIGH)
    press(card, Qt.Key.Key_Tab, times=order.index(handle))
    assert card.plot.handles.active is handle


def type_into(box, text):
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)


def boxes(card):
    return card.form.low.text(), card.form.high.text(), card.form.one.text()


def flags(card):
    return [flag.toPlainText() for flag in card.plot.items.flags if flag.isVisible()]


def assert_shown(card, low, high):
    """The boxes, the flags, each group and what would be applied are equal to the last digit."""
    assert boxes(card) == (low, high, "")
    assert flags(card) == [low, high]
    assert card.rates == (float(low), float(high))
    expected = group_rates((float(low), float(high)), len(GROUPS))
    assert card.groups.words == tuple(zip(NAMES, map(rate_text, expected), strict=True))
    assert card.groups.words[0][1] == low
    assert card.groups.words[-1][1] == high


def test_that_the_range_of_the_stage_is_shown_on_the_curve(ready):
    assert_shown(ready, "1.0e-6", "1.0e-4")
    assert [rate for _, rate in ready.groups.words] == [
        "1.0e-6", "2.5e-6", "6.3e-6", "1.6e-5", "4.0e-5", "1.0e-4",
    ]  # fmt: skip
    assert ready.plot.items.decades.toPlainText() == "2 decades"


def test_that_the_proposed_range_is_told_when_the_sweep_ends(card):
    told = []
    card.range_changed.connect(told.append)
    card.show_sweep(ended_sweep(88))
    assert told == [card.rates]


def test_that_dragging_the_right_edge_moves_the_high_end(ready, told):
    by = drag(ready, -4.0, -3.0)
    assert by == pytest.approx(1.0, abs=0.02)
    assert_shown(ready, "1.0e-6", after(-4, by))
    assert len(told) == 10  # with every move, not only at the end
    assert [high for _, high in told] == sorted(high for _, high in told)
    assert told[-1] == (1e-6, float(after(-4, by)))


def test_that_dragging_the_left_edge_moves_the_low_end(ready, told):
    by = drag(ready, -6.0, -5.0)
    assert_shown(ready, after(-6, by), "1.0e-4")
    assert told[-1] == (float(after(-6, by)), 1e-4)


def test_that_dragging_between_the_edges_moves_both(ready, told):
    by = drag(ready, -5.0, -4.0)
    assert_shown(ready, after(-6, by), after(-4, by))
    assert ready.plot.items.decades.toPlainText() == "2 decades"


def test_that_an_edge_stops_at_the_other_one(ready, told):
    drag(ready, -6.0, -2.0)
    assert boxes(ready)[:2] == ("1.0e-4", "1.0e-4")
    assert told[-1] == (1e-4,)
    by = drag(ready, -4.0, -3.0)
    assert_shown(ready, "1.0e-4", after(-4, by))


def test_that_an_edge_does_not_leave_the_sweep(ready, told):
    highest = ready.plot.view.box.viewRange()[0][1] - 0.05
    drag(ready, -4.0, highest)
    assert_shown(ready, "1.0e-6", "9.1e-1")
    assert told[-1][1] <= CHOICE.rate(87) == pytest.approx(0.912, rel=1e-3)


def test_that_the_region_keeps_its_width_at_the_end_of_the_sweep(ready, told):
    drag(ready, -5.0, 0.9)
    low, high = ready.plot.handles.places
    assert high == pytest.approx(math.log10(CHOICE.rate(87)))
    assert high - low == pytest.approx(2.0)
    assert_shown(ready, "9.1e-3", "9.1e-1")


def test_that_twenty_arrows_are_a_decade(qtbot, ready, told):
    focus(qtbot, ready, Handle.HIGH)
    press(ready, Qt.Key.Key_Right, times=20)
    assert_shown(ready, "1.0e-6", "1.0e-3")


@pytest.mark.parametrize(
    ("handle", "key", "low", "high"),
    [
        (Handle.LOW, Qt.Key.Key_Right, "1.1e-6", "1.0e-4"),
        (Handle.LOW, Qt.Key.Key_Left, "8.9e-7", "1.0e-4"),
        (Handle.HIGH, Qt.Key.Key_Right, "1.0e-6", "1.1e-4"),
        (Handle.HIGH, Qt.Key.Key_Left, "1.0e-6", "8.9e-5"),
        (Handle.WHOLE, Qt.Key.Key_Right, "1.1e-6", "1.1e-4"),
        (Handle.WHOLE, Qt.Key.Key_Left, "8.9e-7", "8.9e-5"),
    ],
)
def test_that_an_arrow_moves_a_twentieth_of_a_decade(qtbot, ready, told, handle, key, low, high):
    focus(qtbot, ready, handle)
    press(ready, key)
    assert_shown(ready, low, high)
    assert len(told) == 1


@pytest.mark.parametrize(
    ("handle", "low", "high"),
    [
        (Handle.LOW, "1.0e-5", "1.0e-4"),
        (Handle.HIGH, "1.0e-6", "1.0e-3"),
        (Handle.WHOLE, "1.0e-5", "1.0e-3"),
    ],
)
def test_that_shift_and_an_arrow_move_a_decade(qtbot, ready, told, handle, low, high):
    focus(qtbot, ready, handle)
    press(ready, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert_shown(ready, low, high)


def test_that_keys_stop_at_the_ends_of_the_sweep(qtbot, ready, told):
    focus(qtbot, ready, Handle.WHOLE)
    press(ready, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, times=3)
    assert_shown(ready, "1.0e-7", "1.0e-5")


def test_that_home_and_end_take_the_full_range(qtbot, ready, told):
    focus(qtbot, ready, Handle.WHOLE)
    press(ready, Qt.Key.Key_Home)
    assert_shown(ready, "1.0e-7", "1.0e-4")
    press(ready, Qt.Key.Key_End)
    assert_shown(ready, "1.0e-7", "9.1e-1")


def test_that_tab_goes_through_the_handles_and_then_leaves(qtbot, ready):
    focus(qtbot, ready, Handle.HIGH)
    QTest.keyClick(ready.plot.view, Qt.Key.Key_Tab)
    assert ready.form.low.hasFocus()
    QTest.keyClick(ready.form.low, Qt.Key.Key_Backtab)
    assert ready.plot.view.hasFocus()
    assert ready.plot.handles.active is Handle.HIGH
    QTest.keyClick(ready.plot.view, Qt.Key.Key_Backtab)
    assert ready.plot.handles.active is Handle.WHOLE


def test_that_the_handle_with_the_focus_is_drawn_thicker(qtbot, ready):
    low, high = ready.plot.handles.region.lines
    focus(qtbot, ready, Handle.LOW)
    assert (low.pen.width(), high.pen.width()) == (4, 2)
    ready.form.low.setFocus()
    assert (low.pen.width(), high.pen.width()) == (2, 2)


@pytest.mark.parametrize(
    ("field", "text", "low", "high"),
    [
        ("low", "1e-5", "1.0e-5", "1.0e-4"),
        ("low", "0.00001", "1.0e-5", "1.0e-4"),
        ("high", "3e-3", "1.0e-6", "3.0e-3"),
        ("high", "0.003", "1.0e-6", "3.0e-3"),
    ],
)
def test_that_a_typed_rate_moves_its_end(ready, told, field, text, low, high):
    box = getattr(ready.form, field)
    type_into(box, text)
    assert box.text() == text  # nobody writes into the field somebody writes in
    assert told[-1] == (float(low), float(high))
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert_shown(ready, low, high)
    assert ready.plot.handles.places == (math.log10(float(low)), math.log10(float(high)))


def test_that_more_digits_are_kept_until_that_end_is_moved(qtbot, ready, told):
    type_into(ready.form.low, "1.25e-6")
    QTest.keyClick(ready.form.low, Qt.Key.Key_Return)
    high = after(-4, drag(ready, -4.0, -3.0))
    assert told[-1] == (1.25e-6, float(high))
    assert ready.form.low.text() == "1.25e-6"
    focus(qtbot, ready, Handle.LOW)
    press(ready, Qt.Key.Key_Right)
    assert told[-1] == (1.4e-6, float(high))


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("low", "abc", "“abc” is no number. Write it like 3e-3 or 0.003."),
        ("high", "-1", "A rate is above 0 and at most 100. Write it like 3e-3 or 0.003."),
        ("one", "1e", "“1e” is no number. Write it like 3e-3 or 0.003."),
        ("low", "1e-9", "The sweep tried 1.0e-7 to 9.1e-1 only."),
        ("high", "5", "The sweep tried 1.0e-7 to 9.1e-1 only."),
        ("low", "1e-2", "From is above to; the first layers take the lower rate."),
    ],
)
def test_that_what_cannot_be_used_says_why_at_the_field(ready, told, field, text, words):
    box = getattr(ready.form, field)
    type_into(box, text)
    assert ready.form.problem == words
    assert box.property("state") == "error"
    assert not ready.footer.apply.isEnabled()
    assert words.split()[0] in ready.footer.apply.toolTip()


def test_that_an_empty_end_of_the_range_is_a_problem(ready, told):
    ready.form.low.setFocus()
    ready.form.low.selectAll()
    QTest.keyClick(ready.form.low, Qt.Key.Key_Delete)
    assert ready.form.problem == "There is no rate. Write it like 3e-3 or 0.003."
    assert told == []


def test_that_moving_the_range_takes_the_problem_away(ready, told):
    type_into(ready.form.low, "abc")
    by = drag(ready, -4.0, -3.0)
    assert ready.form.problem == ""
    assert ready.footer.apply.isEnabled()
    assert_shown(ready, "1.0e-6", after(-4, by))


def test_that_one_rate_takes_the_place_of_the_range(ready, told):
    type_into(ready.form.one, "3e-3")
    assert told[-1] == (3e-3,)
    assert flags(ready) == ["3.0e-3"]
    assert {rate for _, rate in ready.groups.words} == {"3.0e-3"}
    assert boxes(ready) == ("", "", "3e-3")
    assert not ready.plot.handles.region.isVisible()


def test_that_the_one_rate_is_dragged_and_moved_with_keys(qtbot, ready, told):
    type_into(ready.form.one, "3e-3")
    place = math.log10(3e-3)
    by = drag(ready, place, place - 1)
    assert boxes(ready) == ("", "", after(place, by))
    assert told[-1] == (float(after(place, by)),)
    press(ready, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert told[-1] == (float(after(place - 1, by)),)
    press(ready, Qt.Key.Key_Home)
    assert told[-1] == (1e-7,)
    press(ready, Qt.Key.Key_Tab)
    assert not ready.plot.view.hasFocus()


def test_that_the_range_comes_back_when_the_one_rate_is_deleted(ready, told):
    type_into(ready.form.one, "3e-3")
    ready.form.one.selectAll()
    QTest.keyClick(ready.form.one, Qt.Key.Key_Delete)
    assert_shown(ready, "1.0e-6", "1.0e-4")


def test_that_typing_an_end_opens_a_range_again(ready, told):
    type_into(ready.form.one, "3e-3")
    type_into(ready.form.high, "1e-3")
    QTest.keyClick(ready.form.high, Qt.Key.Key_Return)
    assert_shown(ready, "1.0e-6", "1.0e-3")


def jump(card, rule):
    QTest.mouseClick(card.form.jumps[rule], Qt.MouseButton.LeftButton)


def test_that_a_button_jumps_to_its_suggestion(ready, told):
    jump(ready, RateRule.VALLEY)
    assert_shown(ready, "1.0e-6", "1.3e-4")
    jump(ready, RateRule.STEEPEST)
    assert_shown(ready, "1.0e-6", "2.5e-5")


def test_that_a_jump_moves_the_end_that_was_moved_last(ready, told):
    drag(ready, -6.0, -5.5)  # takes hold of the left edge
    jump(ready, RateRule.STEEPEST)
    assert_shown(ready, "2.5e-5", "1.0e-4")


def test_that_a_jump_past_the_other_end_takes_the_range_along(ready, told):
    choose(ready, "1e-3", "1e-2")
    jump(ready, RateRule.STEEPEST)
    assert_shown(ready, "2.5e-6", "2.5e-5")


def test_that_s_goes_from_one_suggestion_to_the_next(qtbot, ready, told):
    focus(qtbot, ready, Handle.HIGH)
    press(ready, Qt.Key.Key_S, times=4)
    assert [high for _, high in told] == [1.3e-4, 2.7e-4, 2.5e-5, 1.3e-4]


def test_that_a_suggestion_that_is_none_says_why(ready):
    button = ready.form.jumps[RateRule.SLIDE]
    assert not button.isEnabled()
    assert "The sweep leaves 12 points." in button.toolTip()


def test_that_each_suggestion_stands_on_the_curve_with_word_and_value(ready):
    words = {rule: text for rule, text in ready.plot.items.words.items() if text.isVisible()}
    assert {rule: text.toPlainText() for rule, text in words.items()} == {
        RateRule.VALLEY: "valley 1.3e-4",
        RateRule.STEEPEST: "steepest 2.5e-5",
        RateRule.MINIMUM: "min / 10 2.7e-4",
    }
    place, loss = ready.plot.items.place_of(RateRule.VALLEY)
    assert place == pytest.approx(math.log10(1.318e-4))
    assert loss == pytest.approx(ended_sweep().loss_at(1.318e-4))
    rects = [text.sceneBoundingRect() for text in words.values()]
    assert not any(a.intersects(b) for a in rects for b in rects if a is not b)


def test_that_apply_tells_the_rates_by_button_and_by_key(qtbot, ready):
    with qtbot.waitSignal(ready.apply_wanted) as applied:
        QTest.mouseClick(ready.footer.apply, Qt.MouseButton.LeftButton)
    assert applied.args == [(1e-6, 1e-4)]
    by = drag(ready, -4.0, -3.0)
    with qtbot.waitSignal(ready.apply_wanted) as applied:
        press(ready, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert applied.args == [(1e-6, float(after(-4, by)))]


def test_that_the_keys_do_not_apply_what_cannot_be_used(qtbot, ready):
    type_into(ready.form.low, "abc")
    with qtbot.assertNotEmitted(ready.apply_wanted):
        QTest.keyClick(ready.form.low, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_that_the_card_closes_by_button_and_by_key(qtbot, ready):
    with qtbot.waitSignal(ready.close_wanted):
        ready.findChild(QPushButton, "training.finder.close").click()
    with qtbot.waitSignal(ready.close_wanted):
        press(ready, Qt.Key.Key_Escape)


def test_that_the_curve_grows_batch_by_batch(card):
    sweep = begun_sweep(10)
    card.show_sweep(sweep)
    for count in (11, 12):
        sweep.feed([step(count - 1)])
        card.redraw()
        x, smoothed = card.plot.items.smoothed.getOriginalDataset()
        assert x.tolist() == sweep.rates.tolist()
        assert smoothed.tolist() == sweep.smoothed_losses.tolist()
        assert len(x) == count
    _, raw = card.plot.items.raw.getOriginalDataset()
    assert raw.tolist() == sweep.losses.tolist()
    assert card.hint.full_text == "1e-7 to 10, batch 12 of 100"


def test_that_a_running_sweep_can_be_stopped_and_nothing_be_chosen(qtbot, card):
    card.show_sweep(begun_sweep(40))
    assert card.footer.run.text() == "Stop sweep"
    assert not card.plot.handles.region.isVisible()
    assert not card.form.low.isEnabled()
    assert not card.footer.apply.isEnabled()
    assert card.badge.text == "running"
    with qtbot.waitSignal(card.stop_wanted):
        card.footer.run.click()
    assert not card.footer.run.isEnabled()


def test_that_choosing_begins_when_the_sweep_ends(qtbot, card):
    card.show_stage(1, "all layers", GROUPS)
    sweep = begun_sweep(88)
    card.show_sweep(sweep)
    sweep.feed(ending(88))
    card.redraw()
    assert_shown(card, "1.3e-6", "1.3e-4")
    assert card.footer.run.text() == "Run again"
    assert card.footer.apply.text() == "Apply to stage 2"
    assert card.footer.findChild(IconLine, "training.finder.safety").text == (
        "Weights, optimiser and random state are as they were before the sweep."
    )
    assert card.hint.full_text == "1e-7 to 10, 88 batches, stopped when the loss diverged"
    with qtbot.waitSignal(card.run_wanted):
        card.footer.run.click()


def test_that_a_stage_without_rates_gets_two_decades_up_to_the_valley(card):
    card.show_stage(1, "all layers", GROUPS)
    card.show_sweep(ended_sweep())
    assert card.rates == (1.3e-6, 1.3e-4)


def test_that_a_stage_that_trains_one_group_gets_one_rate(card):
    frozen = GroupPlan(name="body", parameters=10, trainable=0, rate=0.0)
    card.show_stage(0, "head", (frozen, GROUPS[-1]))
    card.show_sweep(ended_sweep())
    assert card.rates == (1.3e-4,)
    assert card.groups.words == (("body", "frozen"), ("head", "1.3e-4"))


def test_that_rates_beyond_a_short_sweep_come_back_with_a_longer_one(ready):
    ready.show_sweep(ended_sweep(20))
    assert ready.rates == (1e-6, 3.3e-6)
    ready.show_sweep(ended_sweep())
    assert ready.rates == (1e-6, 1e-4)


def test_that_earlier_sweeps_are_grey_ghosts(card):
    earlier = ended_sweep(60)
    card.show_sweep(begun_sweep(5, ghosts=(earlier.ghost,)))
    curve, name = card.plot.items.ghosts[0], card.plot.items.ghost_names[0]
    assert curve.getOriginalDataset()[1].tolist() == earlier.smoothed_losses.tolist()
    assert name.toPlainText() == "earlier, stage 2"
    pen = curve.opts["pen"]
    assert pen.widthF() == 1.5
    assert pen.color().alphaF() == pytest.approx(0.45, abs=0.01)
    card.show_sweep(begun_sweep(5))
    assert not name.isVisible()


def test_that_the_raw_curve_is_faint_and_the_smoothed_two_pixels(ready):
    raw, smoothed = ready.plot.items.raw.opts["pen"], ready.plot.items.smoothed.opts["pen"]
    assert raw.color().alphaF() == pytest.approx(0.28, abs=0.01)
    assert smoothed.widthF() == 2


def test_that_the_badge_says_fresh_or_what_changed(ready):
    assert ready.badge.text == "fresh: stage 2, unfrozen, batch 16"
    ready.show_freshness("stage 2 is now frozen")
    assert ready.badge.text == "stale: stage 2 is now frozen"
    assert ready.badge.property("chip") == "warn"
    ready.show_freshness("")
    assert ready.badge.property("chip") == "ok"


def test_that_too_few_batches_are_told(card):
    card.show_sweep(ended_sweep(12))
    assert card.doubt == "Only 12 batches, the curve is rough."


def test_that_a_loss_that_never_falls_is_told(card):
    flat = LiveSweep(RECIPE, 1)
    flat.feed([STARTED])
    flat.feed(_flat(number) for number in range(60))
    flat.feed([COMPLETED])
    card.show_sweep(flat)
    assert card.doubt == "The loss never falls. Check the labels, or begin with a fresh head."


def _flat(number):
    made = step(number)
    level = 3.6 + (0.1 if number % 2 else -0.1)
    return type(made)(step=number, rate=made.rate, loss=level, smoothed_loss=3.6)


def test_that_a_failed_sweep_says_why(card):
    sweep = LiveSweep(RECIPE, 1)
    sweep.feed([RunFinished(outcome=Outcome.FAILED, message="The recipe has no stage 2.")])
    card.show_sweep(sweep)
    assert card.doubt == "The recipe has no stage 2."
    assert not card.footer.apply.isEnabled()
    assert card.footer.run.isEnabled()


def test_that_an_empty_card_says_what_will_be_here(card):
    assert card.plot.note == "The curve appears here once the sweep has begun."
    assert card.footer.run.text() == "Run sweep"
    card.show_why_not_run("“Training” is still running.")
    assert not card.footer.run.isEnabled()
    assert "Training" in card.footer.run.toolTip()


def act(card, text):
    next(action for action in card.menu.popup.actions() if action.text() == text).trigger()


def test_that_the_curve_can_be_read_as_a_table(ready):
    act(ready, "View as table")
    dialog = ready.window().findChild(TextTwinDialog)
    model = dialog.table.model()
    size = (model.rowCount(), model.columnCount())
    first = [model.index(0, column).data() for column in range(3)]
    dialog.close()
    made = step(0)
    assert size == (88, 3)
    assert first == [f"{number:.6g}" for number in (made.rate, made.loss, made.smoothed_loss)]


def test_that_the_numbers_can_be_copied(ready):
    act(ready, "Copy data")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "rate\tloss\tsmoothed loss"
    assert lines[-1] == "minimum\t0.00027"
    assert len(lines) == 1 + 88 + 2 + 3


def test_that_fit_shows_the_diverged_end_too(card):
    card.show_sweep(ended_sweep(100))
    usual = card.plot.view.box.viewRange()[1][1]
    act(card, "Fit")
    assert usual < ended_sweep(100).smoothed_losses.max() < card.plot.view.box.viewRange()[1][1]


def test_that_the_value_under_the_pointer_is_shown(ready):
    viewport = ready.plot.view.viewport()
    QTest.mouseMove(viewport, pixel(ready, -3.0))
    box = ready.plot.items.values.box
    assert box.isVisible()
    lines = box.toPlainText().splitlines()
    assert lines[0] == "rate 1.0e-3"
    assert [line.rpartition(" ")[0] for line in lines[1:]] == [
        "loss, smoothed",
        "slope per decade",
    ]
    assert "−" in lines[2]


def test_that_decades_have_names_and_close_up_their_parts(qtbot):
    axis = RateAxis()
    decades, between = axis.tickValues(-7.1, 1.1, 800)
    assert axis.tickStrings(decades[1], 1.0, decades[0]) == [
        "1e-7", "1e-6", "1e-5", "1e-4", "1e-3", "1e-2", "1e-1", "1", "10",
    ]  # fmt: skip
    assert set(axis.tickStrings(between[1], 1.0, between[0])) == {""}
    _, between = axis.tickValues(-3.75, -3.2, 800)
    assert axis.tickStrings(between[1], 1.0, between[0]) == ["2e-4", "3e-4", "4e-4", "5e-4", "6e-4"]


def test_that_the_buttons_go_below_the_fields_where_the_card_is_narrow(qtbot, ready):
    valley, low = ready.form.jumps[RateRule.VALLEY], ready.form.low

    def is_below():
        return (
            valley.mapTo(ready, valley.rect().center()).y()
            > low.mapTo(ready, low.rect().bottomLeft()).y()
        )

    assert not is_below()
    ready.resize(700, 420)
    qtbot.waitUntil(is_below)
    ready.resize(966, 420)
    qtbot.waitUntil(lambda: not is_below())


def test_that_a_long_list_of_changes_is_cut_and_whole_in_the_tool_tip(ready):
    change = "the model is now resnet50, the weights are now random"
    ready.show_freshness(change)
    assert ready.badge.text.endswith("…")
    assert change in ready.badge.toolTip()


def test_that_every_control_has_a_name(ready):
    form = ready.form
    controls = [form.low, form.high, form.one, ready.plot.view, ready.groups, ready.menu]
    assert all(control.accessibleName() and control.objectName() for control in controls)
    assert ready.plot.view.accessibleDescription() == "1.0e-6 to 1.0e-4"
    assert "head 1.0e-4" in ready.groups.accessibleDescription()


def test_that_a_change_of_theme_dresses_the_edges_anew(ready, theme):
    before = ready.plot.handles.region.lines[0].pen.color().name()
    theme.set_mode(ThemeMode.DARK)
    after = ready.plot.handles.region.lines[0].pen.color().name()
    assert (before.upper(), after.upper()) == ("#1A5FC8", "#7DB3FF")


SMALL = recipe_from_mapping(
    {
        "model": {"architecture": "resnet18", "weights": "none"},
        "input": {"size": 32},
        "training": {"batch_size": 8, "device": "cpu"},
        "stages": [{"name": "head", "epochs": 1, "rate": 3e-3}],
    }
)


@pytest.mark.slow
def test_that_a_real_sweep_is_drawn_chosen_on_and_found_stale(qtbot, card, runner, project):
    feed = SweepFeed(runner)
    choice = SweepChoice(start_rate=1e-6, end_rate=1.0, steps=32)
    job = finding_job(PluginHost.load(), project, SMALL, 0, choice)
    feed.advanced.connect(card.redraw)
    with qtbot.waitSignal(feed.ended, timeout=120_000) as told:
        feed.start(job, SMALL, 0)
        card.show_sweep(feed.sweep)
    card.redraw()
    type_into(card.form.one, "3e-3")
    assert told.args[0].outcome is Outcome.COMPLETED, told.args[0].message
    sweep = feed.sweep
    assert sweep.started.batch_size == 8
    assert len(card.plot.items.smoothed.getOriginalDataset()[0]) == len(sweep.rates) > 10
    names = [group.name for group in sweep.started.groups]
    assert card.groups.words[-1] == (names[-1], "3.0e-3")
    assert {rate for _, rate in card.groups.words[:-1]} == {"frozen"}
    assert card.badge.text == "fresh: stage 1, head only, batch 8"
    now = recipe_from_mapping(
        {
            "model": {"architecture": "resnet18", "weights": "none"},
            "input": {"size": 32},
            "training": {"batch_size": 8, "device": "cpu"},
            "stages": [{"name": "head", "epochs": 1, "rate": 3e-3, "trainable": "all"}],
        }
    )
    card.show_freshness(what_changed(sweep, now))
    assert card.badge.text == "stale: stage 1 is now unfrozen"
