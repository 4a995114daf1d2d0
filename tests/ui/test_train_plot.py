"""The live plot of the Train page."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton
from scripted_run import RECIPE, all_events, bury, run_started, stage_started, step_finished

from petstudio.api.events import BatchDivided, EpochFinished, RatesEdited
from petstudio.bridge.live_run import LiveRun
from petstudio.config.recipe import StartChoice
from petstudio.ui.widgets.loss_card import LossCard
from petstudio.ui.widgets.plot_axes import EpochAxis, epoch_spacing
from petstudio.ui.widgets.plot_readings import Measure, loss_ceiling, nearest_step, step_text
from petstudio.ui.widgets.text_twin import TextTwinDialog

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def run():
    made = LiveRun(RECIPE)
    made.feed(all_events())
    return made


@pytest.fixture
def card(qtbot, theme):
    made = LossCard(theme)
    made.resize(900, 400)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    bury(made)


@pytest.fixture
def plot(card, run):
    card.show_run(run)
    return card.plot


def trigger(card, text):
    next(action for action in card._menu.popup.actions() if action.text() == text).trigger()


def ranges(plot):
    (left, right), (bottom, top) = plot._box.viewRange()
    return left, right, bottom, top


def test_that_the_curves_hold_the_losses_of_every_batch(plot, run):
    x, raw = plot.items.raw.getOriginalDataset()
    _, smoothed = plot.items.smoothed.getOriginalDataset()
    assert x.tolist() == [(step + 1) / 4 for step in range(12)]
    assert raw.tolist() == run.losses.tolist()
    assert smoothed.tolist() == run.smoothed_losses.tolist()


def test_that_a_dot_stands_at_the_end_of_each_epoch(plot):
    x, y = plot.items.valid.getOriginalDataset()
    assert x.tolist() == [1.0, 2.0, 3.0]
    assert y.tolist() == pytest.approx([0.125, 0.0625, 0.5 / 12])


def test_that_the_star_stands_at_the_best_epoch(plot, run):
    point = plot.items.best.points()[0].pos()
    assert (point.x(), point.y()) == (run.best.x, run.best.result.valid_loss)


def test_that_accuracy_replaces_the_losses(plot, run):
    plot.show_measure(Measure.ACCURACY)
    _, y = plot.items.valid.getOriginalDataset()
    assert plot.items.raw.getOriginalDataset() == (None, None)
    assert y.tolist() == [row.accuracy for row in run.epochs]


def test_that_the_switch_chooses_what_is_shown(qtbot, card, plot):
    card.findChild(QPushButton, "training.measure.accuracy").click()
    assert card.title.text() == "Accuracy"


def test_that_the_loss_axis_leaves_out_the_first_high_batches(run):
    high = replace(step_finished(0, 0, 0), loss=100.0)
    state = LiveRun(RECIPE)
    state.feed([run_started(RECIPE), stage_started(0, RECIPE.stages[0]), high])
    state.feed(replace(high, loss=1.0, step=step) for step in range(1, 200))
    assert loss_ceiling(state, 98.0) < 2.0
    assert loss_ceiling(state, 100.0) > 100.0


def test_that_fit_shows_all_of_it(card, plot):
    plot.fit()
    _, right, bottom, top = ranges(plot)
    assert right >= 3.0
    assert bottom == 0.0
    assert top >= 2.0


def zoom(plot):
    """Turn the wheel over the middle."""
    viewport = plot._view.viewport()
    point = QPointF(viewport.rect().center())
    wheel = QWheelEvent(
        point, QPointF(viewport.mapToGlobal(point)), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, wheel)


def test_that_a_view_that_was_moved_stays_until_fit(card, plot):
    zoom(plot)
    zoomed = ranges(plot)
    plot.redraw()
    assert ranges(plot) == zoomed
    assert zoomed[0] > 0.0
    plot.fit()
    assert ranges(plot)[0] == 0.0


def test_that_the_next_run_is_followed_again(card, plot, run):
    zoom(plot)
    card.show_run(run)
    assert ranges(plot)[0] == 0.0


def test_that_losses_that_are_no_numbers_leave_a_gap(card):
    state = LiveRun(RECIPE)
    state.feed([run_started(RECIPE), stage_started(0, RECIPE.stages[0])])
    state.feed(
        replace(step_finished(0, 0, step), loss=math.nan if step == 2 else 1.0) for step in range(4)
    )
    card.show_run(state)
    assert math.isnan(card.plot.items.raw.getOriginalDataset()[1][2])
    assert ranges(card.plot)[3] == pytest.approx(1.1)


def test_that_a_long_run_is_drawn_with_few_points(card, qtbot):
    state = LiveRun(RECIPE)
    state.feed(
        [run_started(RECIPE), replace(stage_started(0, RECIPE.stages[0]), steps_per_epoch=40_000)]
    )
    state.feed(step_finished(0, 0, step) for step in range(50_000))
    card.show_run(state)
    card.grab()
    drawn, _ = card.plot.items.raw.curve.getData()
    assert len(state.x) == 50_000
    assert len(drawn) < 20_000


def test_that_a_paused_run_says_since_when(plot):
    plot.show_paused("Paused since 14:02")
    assert plot.note == "Paused since 14:02"
    plot.show_paused("")
    assert plot.note == ""


def test_that_an_empty_plot_says_what_will_be_here(card):
    assert card.plot.note == "The curves appear here once a run has begun."


def test_that_a_clicked_dot_is_told_by_its_epoch(qtbot, card, plot):
    dot = plot.items.valid.scatter.points()[1]
    with qtbot.waitSignal(card.epoch_picked) as told:
        plot.items.valid.sigPointsClicked.emit(plot.items.valid, [dot], None)
    assert told.args == [1]


def test_that_a_picked_epoch_wears_a_ring(plot, run):
    plot.pick_epoch(1)
    assert plot.items.ring.points()[0].pos() == QPointF(2.0, run.epochs[1].result.valid_loss)


def test_that_the_value_box_shows_the_step_under_the_pointer(plot, run):
    plot.show_values_at(1.01)
    assert plot.items.values.line.isVisible()
    assert plot.items.values.box.toPlainText() == step_text(run, 3)
    assert step_text(run, 3).splitlines() == [
        "epoch 1.00",
        "loss 0.500, smoothed 0.525",
        "rate 3.0e-3",
        "validation 0.125, accuracy 80.0 %",
    ]


@pytest.mark.parametrize(("x", "step"), [(0.0, 0), (0.26, 0), (0.49, 1), (3.0, 11), (-1.0, None)])
def test_that_the_nearest_step_is_found(run, x, step):
    assert nearest_step(run, x) == step


def test_that_the_data_can_be_copied(card, plot, run):
    trigger(card, "Copy data")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "epoch\tloss\tsmoothed loss\trate"
    assert lines[1] == "0.25\t2\t2.1\t0.003"
    assert lines[-1].startswith("3\t0.6\t0.0416667\t")


def test_that_the_plot_can_be_read_as_a_table(qtbot, card, plot):
    trigger(card, "View as table")
    dialog = card.window().findChild(TextTwinDialog)
    model = dialog.table.model()
    size = (model.rowCount(), model.columnCount())
    first = model.index(0, 1).data()
    dialog.close()
    assert size == (12, 4)
    assert first == "2"


def test_that_without_a_run_the_menu_has_nothing_to_do(card):
    assert not any(action.isEnabled() for action in card._menu.popup.actions())


def test_that_epochs_are_counted_anew_in_each_stage(qtbot):
    axis = EpochAxis()
    axis.show_stages((0, 2))
    ((_, values),) = axis.tickValues(0.0, 3.0, 900)
    assert values == [1, 2, 3]
    assert axis.tickStrings(values, 1.0, 1.0) == ["epoch 1", "epoch 2", "stage 2, 1"]


def test_that_parts_of_an_epoch_are_marked_close_up(qtbot):
    axis = EpochAxis()
    ((_, values),) = axis.tickValues(0.0, 0.5, 400)
    assert values == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4, 0.5])


@pytest.mark.parametrize(
    ("span", "width", "spacing"), [(4, 900, 1), (40, 900, 5), (400, 900, 50), (1, 900, 0.1)]
)
def test_that_labels_of_epochs_do_not_touch(span, width, spacing):
    assert epoch_spacing(span, width) == pytest.approx(spacing)


def test_that_the_plot_begins_where_a_run_from_a_checkpoint_begins(card, plot):
    state = LiveRun(replace(RECIPE, start=StartChoice(checkpoint="1:stage-1", stage=1)))
    card.show_run(state)
    left, right, *_ = ranges(plot)
    assert (left, right) == (2.0, pytest.approx(3.0, abs=0.05))


def with_validation(*losses):
    """A run whose epochs have these validation losses, one after the other."""
    left, made = iter(losses), LiveRun(RECIPE)
    made.feed(
        replace(event, valid_loss=next(left)) if isinstance(event, EpochFinished) else event
        for event in all_events()
    )
    return made


def test_that_one_wild_validation_does_not_flatten_the_rest():
    calm, wild = with_validation(0.5, 0.4, 0.3), with_validation(1e6, 0.4, 0.3)
    assert loss_ceiling(wild, 98.0) == loss_ceiling(calm, 98.0)
    assert loss_ceiling(wild, 100.0) > 1e6


def test_that_validation_far_above_the_training_loss_is_in_sight():
    assert loss_ceiling(with_validation(30.0, 32.0, 40.0), 98.0) > 40.0


def test_that_a_flag_stands_where_rates_were_edited_and_batches_divided(card):
    state = LiveRun(RECIPE)
    state.feed([run_started(RECIPE), stage_started(0, RECIPE.stages[0])])
    state.feed(step_finished(0, 0, step) for step in range(4))
    state.feed([RatesEdited(stage=0, step=4, epochs=(1,), factors=(0.5,))])
    card.show_run(state)
    (flag,) = card.plot.items.flags
    assert (flag.value(), flag.label.format) == (1.0, "⚑ rates edited")
    state.feed([RatesEdited(stage=0, step=4, epochs=(1,), factors=(0.6,))])
    card.plot.redraw()
    assert len(card.plot.items.flags) == 1
    state.feed([BatchDivided(step=6, images=64, pieces=2)])
    card.plot.redraw()
    assert [line.value() for line in card.plot.items.flags] == [1.0, 1.5]
    card.show_run(LiveRun(RECIPE))
    assert card.plot.items.flags == []
