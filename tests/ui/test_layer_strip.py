"""The strip of layer groups and the card around it: what is shown, dragged, pressed and spoken."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from scripted_run import bury

from petstudio.api.events import GroupPlan, MemoryEstimated, StageStarted
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.memory_need import MeasuredMemory
from petstudio.bridge.recipe_draft import RecipeDraft
from petstudio.config.recipe import ModelChoice, Recipe, Stage, StartChoice
from petstudio.plugin_host.discovery import bundled
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.theme import ThemeMode
from petstudio.ui.widgets.augmentation_panel import AugmentationPanel
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.layer_strip import LayerStrip
from petstudio.ui.widgets.model_card import ModelCard
from petstudio.ui.widgets.model_form import SHORT_OF_MEMORY, ModelForm
from petstudio.ui.widgets.stage_form import StageForm

LEFT = Qt.MouseButton.LeftButton
RECIPE = Recipe(
    model=ModelChoice(architecture="resnet34", weights="none"),
    stages=(
        Stage(name="head", epochs=4),
        Stage(name="all layers", epochs=2, trainable="all", rate=(1e-6, 1e-4)),
    ),
)
ESTIMATE = MemoryEstimated(
    fixed=412_000_000, per_picture=42_000_000, free=9_000_000_000, safe_batch_size=192
)


@pytest.fixture(scope="module")
def host():
    return PluginHost(bundled())


@pytest.fixture
def draft(qapp):
    return RecipeDraft(RECIPE)


@pytest.fixture
def card(qtbot, theme, host, draft):
    form = ModelForm(theme, host, draft, AugmentationPanel(theme, host))
    made = ModelCard(theme, host, draft, form)
    made.resize(930, 160)
    made.show_classes(37)
    made.show_stage(1)
    made.show()
    qtbot.waitExposed(made)
    yield made
    bury(made)


@pytest.fixture
def strip(card):
    return card.findChild(LayerStrip, "training.layers")


def plans(*trains, rate=1e-3):
    return tuple(
        GroupPlan(name=f"layer{number}", parameters=100, trainable=100 * does, rate=rate * does)
        for number, does in enumerate(trains)
    )


def place(strip, position):
    return QPoint(round(strip.divider_place(position)), strip.height() // 2)


def drag(strip, start, end):
    """Drag the divider from one position to another, with a stop on the way."""
    begin, goal = place(strip, start), place(strip, end)
    QTest.mousePress(strip, LEFT, pos=begin)
    QTest.mouseMove(strip, QPoint((begin.x() + goal.x()) // 2, begin.y()))
    QTest.mouseMove(strip, goal)
    QTest.mouseRelease(strip, LEFT, pos=goal)


def text(card, name):
    label = card.findChild(QLabel, name)
    return getattr(label, "full_text", label.text())


def trainable(draft, stage=1):
    return draft.recipe.stages[stage].trainable


def test_that_the_groups_of_the_chosen_stage_are_shown_before_any_run(strip):
    assert strip.isVisible()
    assert strip.accessibleDescription() == (
        "stem to layer2, 1.3 M parameters, rate 1.0e-6; "
        "layer3 to layer4, 19.9 M parameters, rate 1.0e-5; "
        "head, 546 k parameters, rate 1.0e-4"
    )


def test_that_another_stage_can_be_chosen(card, strip):
    card.show_stage(0)
    assert strip.accessibleName() == (
        "Layers: freezes stem to layer2 and layer3 to layer4; head trains"
    )
    assert text(card, "training.layers.note") == "Stage 1, head"


def test_that_one_rate_holds_for_every_group(draft, strip):
    draft.edit("stages.1.rate", 2e-3)
    assert strip.accessibleDescription().count("rate 2.0e-3") == 3


def test_that_each_group_can_have_a_rate_of_its_own(draft, strip):
    draft.edit("stages.1.rate", [1e-6, 3e-5, 2e-3])
    described = strip.accessibleDescription()
    assert [rate in described for rate in ("1.0e-6", "3.0e-5", "2.0e-3")] == [True] * 3


@pytest.mark.parametrize(("end", "named"), [(1, "layer3 to layer4"), (2, "head")])
def test_that_a_dragged_divider_freezes_all_to_its_left(draft, strip, end, named):
    drag(strip, 0, end)
    assert trainable(draft) == named
    assert strip.value() == end


def test_that_a_divider_that_is_dragged_back_trains_all_again(draft, strip):
    drag(strip, 0, 2)
    drag(strip, 2, 0)
    assert trainable(draft) == "all"


def test_that_only_the_chosen_stage_is_edited(draft, strip):
    drag(strip, 0, 1)
    assert draft.recipe.stages[0] == RECIPE.stages[0]


def test_that_the_count_of_what_trains_follows_while_dragging(card, strip):
    before = text(card, "training.parameters")
    QTest.mousePress(strip, LEFT, pos=place(strip, 0))
    QTest.mouseMove(strip, place(strip, 1) - QPoint(20, 0))
    during = text(card, "training.parameters")
    QTest.mouseRelease(strip, LEFT, pos=place(strip, 1))
    assert before == "21.8 M of 21.8 M parameters train"
    assert during == "20.5 M of 21.8 M parameters train"


def bar_at(strip, x, token="accent_h"):
    """Whether the bar of the divider is drawn there, above the grip."""
    return strip.grab().toImage().pixelColor(x, 3).name() == strip._theme.color(token).name()


def test_that_the_divider_follows_the_pointer_and_rests_between_blocks(strip):
    begin, pointer = place(strip, 0), place(strip, 0) + QPoint(40, 0)
    QTest.mousePress(strip, LEFT, pos=begin)
    QTest.mouseMove(strip, pointer)
    during = bar_at(strip, begin.x()), bar_at(strip, pointer.x())
    QTest.mouseRelease(strip, LEFT, pos=pointer)
    QTest.mouseMove(strip, begin)
    assert during == (False, True)
    assert (bar_at(strip, begin.x()), bar_at(strip, pointer.x())) == (True, False)


def test_that_a_press_beside_the_divider_moves_nothing(draft, strip):
    QTest.mousePress(strip, LEFT, pos=QPoint(strip.width() // 2, 20))
    QTest.mouseMove(strip, place(strip, 2))
    QTest.mouseRelease(strip, LEFT, pos=place(strip, 2))
    assert trainable(draft) == "all"


def test_that_a_drag_beyond_the_ends_stays_at_them(draft, strip):
    QTest.mousePress(strip, LEFT, pos=place(strip, 0))
    QTest.mouseMove(strip, QPoint(strip.width() + 300, 20))
    QTest.mouseRelease(strip, LEFT, pos=QPoint(strip.width() + 300, 20))
    assert trainable(draft) == "head"


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight),
        (Qt.Key.Key_Left, Qt.Key.Key_Right),
        (Qt.Key.Key_Home, Qt.Key.Key_End),
    ],
    ids=["brackets", "arrows", "ends"],
)
def test_that_keys_move_the_divider(draft, strip, less, more):
    QTest.keyClick(strip, more)
    QTest.keyClick(strip, more)
    frozen = trainable(draft)
    QTest.keyClick(strip, less)
    QTest.keyClick(strip, less)
    assert (frozen, trainable(draft)) == ("head", "all")


def test_that_one_key_moves_by_one_group(draft, strip):
    QTest.keyClick(strip, Qt.Key.Key_BracketRight)
    assert trainable(draft) == "layer3 to layer4"


@pytest.mark.parametrize("turn", [120, -120])
def test_that_a_wheel_over_the_strip_changes_nothing(draft, strip, turn):
    QTest.keyClick(strip, Qt.Key.Key_Right)
    point = QPointF(strip.rect().center())
    wheel = QWheelEvent(
        point, QPointF(strip.mapToGlobal(point)), QPoint(), QPoint(0, turn),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(strip, wheel)
    assert trainable(draft) == "layer3 to layer4"


def test_that_the_strip_is_a_slider_with_positions(strip):
    QTest.keyClick(strip, Qt.Key.Key_Right)
    spoken = QAccessible.queryAccessibleInterface(strip)
    value = spoken.valueInterface()
    assert spoken.role() is QAccessible.Role.Slider
    assert (value.minimumValue(), value.currentValue(), value.maximumValue()) == (0, 1, 2)
    assert spoken.text(QAccessible.Text.Name) == (
        "Layers: freezes stem to layer2; layer3 to layer4 and head train"
    )


def test_that_an_assistive_program_can_move_the_divider(draft, strip):
    QAccessible.queryAccessibleInterface(strip).valueInterface().setCurrentValue(2)
    assert trainable(draft) == "head"


def test_that_a_strip_that_freezes_nothing_says_so(strip):
    assert strip.accessibleName() == (
        "Layers: freezes nothing; stem to layer2, layer3 to layer4 and head train"
    )


def test_that_groups_from_the_program_are_no_choice_of_the_user(qtbot, theme):
    strip = LayerStrip(theme)
    with qtbot.assertNotEmitted(strip.trainable_chosen):
        strip.show_groups(plans(False, False, True))
    position = strip.value()
    bury(strip)
    assert position == 2


def test_that_norm_layers_of_a_frozen_group_are_told(draft, strip):
    draft.edit("stages.1.trainable", "head")
    draft.edit("stages.1.batchnorm", "train")
    assert strip.accessibleDescription().startswith(
        "stem to layer2, 1.3 M parameters, frozen but for its BatchNorm layers, rate 1.0e-6; "
    )


def run_at_stage(number, groups):
    run = LiveRun(RECIPE)
    stage = RECIPE.stages[number]
    run.feed(
        [
            StageStarted(
                stage=number,
                name=stage.name,
                epochs=stage.epochs,
                steps_per_epoch=4,
                scheduler=stage.scheduler,
                groups=groups,
            )
        ]
    )
    return run


def test_that_a_going_run_shows_its_groups_and_holds_the_divider(draft, card, strip):
    card.show_run(run_at_stage(1, plans(True, True, True)), is_locked=True)
    drag(strip, 0, 2)
    QTest.keyClick(strip, Qt.Key.Key_BracketRight)
    assert "layer0, 100 parameters, rate 1.0e-3" in strip.accessibleDescription()
    assert draft.recipe == RECIPE
    assert "cannot change while a run is going" in strip.toolTip()


def test_that_a_run_that_begins_in_the_middle_of_a_drag_ends_the_drag(draft, card, strip):
    begin, pointer = place(strip, 0), place(strip, 0) + QPoint(40, 0)
    QTest.mousePress(strip, LEFT, pos=begin)
    QTest.mouseMove(strip, pointer)
    card.show_run(run_at_stage(1, plans(True, True, True)), is_locked=True)
    rests = bar_at(strip, begin.x(), "control"), bar_at(strip, pointer.x(), "control")
    card.show_run(None, is_locked=False)
    QTest.mouseMove(strip, place(strip, 2))
    QTest.mouseRelease(strip, LEFT, pos=place(strip, 2))
    assert rests == (True, False)
    assert draft.recipe == RECIPE


def test_that_the_divider_can_be_moved_again_after_the_run(draft, card, strip):
    card.show_run(run_at_stage(1, plans(True, True, True)), is_locked=True)
    card.show_run(None, is_locked=False)
    drag(strip, 0, 1)
    assert trainable(draft) == "layer3 to layer4"
    assert "cannot change" not in strip.toolTip()


def test_that_an_architecture_that_declares_nothing_is_shown_with_the_run(card, draft, strip):
    draft.load(replace(RECIPE, model=ModelChoice(architecture="unknown", weights="none")))
    before = strip.isVisible(), text(card, "training.layers.note")
    run = LiveRun(draft.recipe)
    run.feed(run_events(draft.recipe, plans(False, True)))
    card.show_run(run, is_locked=True)
    assert before == (False, "Its layer groups appear here once a run has begun.")
    assert strip.isVisible()


def run_events(recipe, groups):
    stage = recipe.stages[0]
    return [
        StageStarted(
            stage=0,
            name=stage.name,
            epochs=stage.epochs,
            steps_per_epoch=4,
            scheduler=stage.scheduler,
            groups=groups,
        )
    ]


def test_that_groups_are_not_shown_while_the_number_of_classes_is_unknown(card, strip):
    card.show_classes(0)
    assert not strip.isVisible()
    assert "once there are pictures" in text(card, "training.layers.note")
    assert text(card, "training.parameters") == "21.3 M parameters."


def test_that_a_group_that_the_model_has_not_is_named(card, draft, strip):
    draft.edit("stages.1.trainable", "tail")
    assert not strip.isVisible()
    assert "no layer group “tail”" in text(card, "training.layers.warning")


def test_that_a_stage_that_is_gone_is_not_shown(card, draft):
    draft.remove_stage(1)
    assert text(card, "training.layers.note") == "Stage 1, head"


def test_that_a_recipe_without_stages_says_why_it_shows_no_layers(card, draft, strip):
    draft.load(replace(RECIPE, stages=(), start=StartChoice()))
    assert not strip.isVisible()
    assert "once the recipe has a stage" in text(card, "training.layers.note")


def test_that_rates_of_the_finder_are_shown_until_it_lets_go(card, draft, strip):
    before = strip.accessibleDescription()
    card.preview_rates((1e-5, 1e-3))
    during = strip.accessibleDescription()
    card.preview_rates(None)
    assert [rate in during for rate in ("1.0e-5", "1.0e-4", "1.0e-3")] == [True] * 3
    assert strip.accessibleDescription() == before
    assert draft.recipe == RECIPE


def test_that_the_field_of_the_stage_follows_the_divider(qtbot, theme, host, draft, strip):
    form = StageForm(theme, host, draft)
    form.show_stage(1)
    drag(strip, 0, 1)
    box = form.findChild(ChoiceBox, "training.stage.trainable")
    shown = box.key, box.currentText()
    bury(form)
    assert shown == ("layer3 to layer4", "From layer3 to layer4")


def measured(recipe=RECIPE):
    return MeasuredMemory(estimate=ESTIMATE, recipe=recipe)


def safe_batch(card):
    return card.findChild(QLabel, "training.safe_batch")


def test_that_the_safe_batch_stands_beside_the_batch(card):
    assert not safe_batch(card).isVisible()
    card.show_memory(measured())
    assert safe_batch(card).isVisible()
    assert safe_batch(card).text() == "of 192 safe"
    assert safe_batch(card).property("tone") == "text3"


def test_that_the_memory_of_the_batch_stands_beside_what_trains(card, draft):
    card.show_memory(measured())
    small = text(card, "training.parameters")
    draft.edit("training.batch_size", 128)
    assert small == "21.8 M of 21.8 M parameters train, about 3.1 GB"
    assert text(card, "training.parameters").endswith("about 5.8 GB")


def test_that_a_stage_that_trains_less_than_the_measured_one_takes_at_most_as_much(card, strip):
    card.show_memory(measured())
    drag(strip, 0, 1)
    assert text(card, "training.parameters") == (
        "20.5 M of 21.8 M parameters train, at most 3.1 GB"
    )


def test_that_a_stage_of_the_head_alone_claims_no_memory(card):
    card.show_memory(measured())
    card.show_stage(0)
    assert text(card, "training.parameters") == "546 k of 21.8 M parameters train"


def test_that_a_batch_above_the_safe_one_is_told_in_words_and_colour(card, draft):
    card.show_memory(measured())
    draft.edit("training.batch_size", 193)
    warning = card.findChild(QLabel, "training.layers.warning")
    assert (safe_batch(card).property("tone"), warning.property("tone")) == ("warn", "warn")
    assert (warning.isVisible(), warning.text()) == (True, SHORT_OF_MEMORY)


def test_that_nothing_is_said_of_pieces_while_the_batch_fits(card, draft):
    card.show_memory(measured())
    draft.edit("training.batch_size", 192)
    assert not card.findChild(QLabel, "training.layers.warning").isVisible()


def test_that_a_measurement_of_another_size_of_pictures_is_not_shown(card, draft):
    card.show_memory(measured())
    draft.edit("input.size", 448)
    assert not safe_batch(card).isVisible()
    assert text(card, "training.parameters") == "21.8 M of 21.8 M parameters train"


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
def test_that_frozen_blocks_are_sunken_in_both_themes(theme, strip, draft, mode):
    theme.set_mode(mode)
    draft.edit("stages.1.trainable", "head")
    image = strip.grab().toImage()
    middle = QPoint(strip.width() // 5, strip.height() // 2)
    assert image.pixelColor(middle) == theme.color("sunken")


def test_that_the_tint_rises_with_the_rate(theme, strip):
    image = strip.grab().toImage()
    blue = [image.pixelColor(round(strip.divider_place(p)) + 14, 3).lightnessF() for p in range(3)]
    assert blue == sorted(blue, reverse=True)
    assert len(set(blue)) == 3


def test_that_many_groups_fit_into_a_narrow_strip(qtbot, theme):
    window = QWidget()
    strip = LayerStrip(theme)
    strip.setParent(window)
    strip.resize(strip.minimumSizeHint())
    strip.show_groups(plans(*[False] * 5, *[True] * 6))
    places = [strip.divider_place(position) for position in range(11)]
    strip.grab()
    bury(window)
    assert places == sorted(places)
    assert places[-1] < 120


def test_that_the_pointer_leaves_the_divider_cold(strip):
    QTest.mouseMove(strip, place(strip, 2))
    QTest.mouseMove(strip, place(strip, 0))
    hot = strip.cursor().shape()
    QApplication.sendEvent(strip, QEvent(QEvent.Type.Leave))
    assert (hot, strip.cursor().shape()) == (
        Qt.CursorShape.SplitHCursor,
        Qt.CursorShape.ArrowCursor,
    )
