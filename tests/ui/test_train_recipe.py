"""Editing the recipe on the Train page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QFileDialog, QLineEdit, QPushButton
from scripted_run import RECIPE, Story, bury, whole

from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.runner import JobState
from petstudio.config.paths import weights_folder
from petstudio.config.recipe import (
    AugmentationChoice,
    BatchNorm,
    InputChoice,
    ModelChoice,
    Precision,
    Recipe,
    Resize,
    Stage,
)
from petstudio.config.recipe_file import bundled_recipe, bundled_recipes
from petstudio.ui.pages.train_page import TrainPage
from petstudio.ui.widgets.chip import Chip
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.layer_strip import LayerStrip
from petstudio.ui.widgets.number_box import NumberBox
from petstudio.ui.widgets.problem_line import ProblemLine
from petstudio.ui.widgets.stage_card import CardLook, cards_of
from petstudio.ui.widgets.stage_cards import StageCards

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def page(qtbot, theme, host, runner):
    made = whole(TrainPage(theme, host, runner, make_job=Story().make_job))
    made.resize(1356, 820)
    made.set_recipe(RECIPE)
    made.set_project(Path("pets.petstudio"))
    made.show()
    yield made
    made.shutdown()
    bury(made)


@pytest.fixture
def cards(page):
    return page.findChild(StageCards, "training.stages")


def field(page, kind, name):
    return page.findChild(kind, f"training.{name}")


def pick(box, key):
    box.setCurrentIndex(box.findData(key))
    box.activated.emit(box.currentIndex())


def retype(qtbot, line, text):
    line.clear()
    qtbot.keyClicks(line, text)


def stage_names(page):
    return [stage.name for stage in page.recipe.stages]


def press_tool(page, icon):
    page.findChild(QPushButton, f"training.stage.{icon}").click()


def test_that_a_bundled_recipe_can_be_chosen(page):
    name = bundled_recipes()[-1]
    pick(field(page, ChoiceBox, "recipe_choice"), name)
    assert page.recipe == bundled_recipe(name)


def test_that_every_field_of_a_stage_reaches_the_recipe(qtbot, page, cards):
    cards.choose(1)
    retype(qtbot, field(page, QLineEdit, "stage.name"), "fine")
    field(page, NumberBox, "stage.epochs").setValue(7)
    pick(field(page, ChoiceBox, "stage.trainable"), "head")
    retype(qtbot, field(page, QLineEdit, "stage.rate"), "1e-6")
    retype(qtbot, field(page, QLineEdit, "stage.top_rate"), "1e-4")
    pick(field(page, ChoiceBox, "stage.scheduler"), "constant")
    pick(field(page, ChoiceBox, "stage.batchnorm"), "train")
    assert page.recipe.stages[1] == Stage(
        name="fine",
        epochs=7,
        trainable="head",
        rate=(1e-6, 1e-4),
        scheduler="constant",
        batchnorm=BatchNorm.TRAIN,
    )


def test_that_an_option_of_the_scheduler_reaches_the_recipe(qtbot, page, cards):
    cards.choose(0)
    pick(field(page, ChoiceBox, "stage.scheduler"), "step")
    retype(qtbot, field(page, QLineEdit, "stage.options.epochs"), "3")
    assert page.recipe.stages[0].options["epochs"] == 3


def test_that_a_scheduler_without_options_offers_none(page, cards):
    cards.choose(0)
    pick(field(page, ChoiceBox, "stage.scheduler"), "constant")
    assert not field(page, QPushButton, "stage.more").isVisible()


def test_that_an_empty_upper_rate_means_one_rate(qtbot, page, cards):
    page.set_recipe(Recipe(stages=(Stage(name="all", epochs=1, rate=(1e-6, 1e-4)),)))
    cards.choose(0)
    field(page, QLineEdit, "stage.top_rate").clear()
    field(page, QLineEdit, "stage.top_rate").textEdited.emit("")
    assert page.recipe.stages[0].rate == (1e-6,)


def test_that_a_rate_that_is_no_number_is_said_at_its_field(qtbot, page, cards):
    cards.choose(0)
    line = field(page, QLineEdit, "stage.rate")
    retype(qtbot, line, "fast")
    assert line.property("state") == "error"
    assert "not a number" in page.findChild(ProblemLine, "training.stage.problem").text
    assert not field(page, QPushButton, "start").isEnabled()
    assert page.sentence.startswith("Stage 1, rate:")


def test_that_a_corrected_rate_lets_the_run_start(qtbot, page, cards):
    cards.choose(0)
    retype(qtbot, field(page, QLineEdit, "stage.rate"), "fast")
    retype(qtbot, field(page, QLineEdit, "stage.rate"), "2e-3")
    assert field(page, QPushButton, "start").isEnabled()
    assert page.recipe.stages[0].rate == (2e-3,)


def test_that_the_settings_of_the_model_reach_the_recipe(qtbot, page):
    pick(field(page, ChoiceBox, "architecture"), "resnet50")
    pick(field(page, ChoiceBox, "weights"), "none")
    field(page, NumberBox, "size").setValue(96)
    field(page, NumberBox, "batch_size").setValue(8)
    retype(qtbot, field(page, QLineEdit, "seed"), "7")
    pick(field(page, ChoiceBox, "resize"), "pad")
    pick(field(page, ChoiceBox, "precision"), "float32")
    pick(field(page, ChoiceBox, "device"), "cpu")
    retype(qtbot, field(page, QLineEdit, "weight_decay"), "0.1")
    recipe = page.recipe
    assert (recipe.model.architecture, recipe.model.weights) == ("resnet50", "none")
    assert (recipe.input.size, recipe.input.resize) == ((96,), Resize.PAD)
    assert (recipe.training.batch_size, recipe.training.precision) == (8, Precision.FLOAT32)
    assert (recipe.training.device, recipe.training.weight_decay) == ("cpu", 0.1)
    assert recipe.seed == 7


def test_that_a_seed_that_is_no_number_is_said(qtbot, page):
    retype(qtbot, field(page, QLineEdit, "seed"), "x")
    assert "Seed" in page.findChild(ProblemLine, "training.model.problem").text


def test_that_weights_can_come_from_a_local_file(qtbot, page, tmp_path):
    place = tmp_path / "mine.safetensors"
    place.write_bytes(b"x")
    pick(field(page, ChoiceBox, "weights"), "choose a file")
    dialog = page.findChild(QFileDialog)
    dialog.fileSelected.emit(str(place))
    dialog.close()
    assert page.recipe.model.weights == str(place)
    assert field(page, ChoiceBox, "weights").currentText() == "mine.safetensors"


def test_that_another_recipe_shows_its_own_options_of_an_augmentation(page):
    turned = AugmentationChoice(key="tutorial", options={"max_rotate": 33.0})
    page.set_recipe(Recipe(augmentations=(turned,)))
    page.set_recipe(Recipe(augmentations=(AugmentationChoice(key="tutorial"),)))
    assert field(page, QLineEdit, "augmentation.tutorial.max_rotate").text() == "10"


def test_that_views_of_a_stage_reach_the_recipe(page, cards):
    cards.choose(0)
    field(page, NumberBox, "stage.views").setValue(2)
    assert page.recipe.stages[0].views == 2


def test_that_small_first_gives_sizes_that_grow_to_the_one_in_the_box(page):
    pick(field(page, ChoiceBox, "growth"), "growing")
    field(page, NumberBox, "size").setValue(224)
    assert page.recipe.input.size == (128, 160, 224)
    pick(field(page, ChoiceBox, "growth"), "one size")
    assert page.recipe.input.size == (224,)


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [((96,), "Same size"), ((128, 160, 224), "Small first"), ((64, 80), "64, 80")],
)
def test_that_the_form_shows_how_sizes_grow(page, sizes, shown):
    page.set_recipe(replace(page.recipe, input=InputChoice(size=sizes)))
    assert field(page, ChoiceBox, "growth").currentText() == shown
    assert field(page, NumberBox, "size").value() == sizes[-1]


def test_that_augmentation_is_switched_on_and_off(page):
    box = field(page, QCheckBox, "augmentation.tutorial")
    box.setChecked(True)
    keys = [choice.key for choice in page.recipe.augmentations]
    box.setChecked(False)
    assert keys == ["tutorial"]
    assert page.recipe.augmentations == ()


def test_that_an_option_of_the_augmentation_reaches_the_recipe(qtbot, page):
    page.set_recipe(Recipe(augmentations=(AugmentationChoice(key="tutorial"),), stages=()))
    retype(qtbot, field(page, QLineEdit, "augmentation.tutorial.max_rotate"), "25")
    assert page.recipe.augmentations[0].options["max_rotate"] == 25.0


def test_that_the_last_card_adds_a_stage_and_opens_its_form(qtbot, page, cards):
    last = cards.model().index(2, 0)
    qtbot.mouseClick(
        cards.viewport(), Qt.MouseButton.LeftButton, pos=cards.visualRect(last).center()
    )
    assert stage_names(page) == ["head", "all layers", "stage 3"]
    assert field(page, QLineEdit, "stage.name").text() == "stage 3"


def test_that_a_stage_is_duplicated_moved_and_deleted_by_buttons(page, cards):
    cards.choose(0)
    press_tool(page, "copy")
    after_copy = stage_names(page)
    press_tool(page, "caret-right")
    after_move = stage_names(page)
    press_tool(page, "trash")
    assert after_copy == ["head", "head", "all layers"]
    assert after_move == ["head", "all layers", "head"]
    assert stage_names(page) == ["head", "all layers"]


def test_that_a_stage_is_moved_and_deleted_by_keys(qtbot, page, cards):
    cards.choose(0)
    qtbot.keyClick(cards, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    after_move = stage_names(page)
    qtbot.keyClick(cards, Qt.Key.Key_Delete)
    assert after_move == ["all layers", "head"]
    assert stage_names(page) == ["all layers"]


def test_that_the_last_stage_can_be_deleted_and_another_added(qtbot, page, cards):
    page.set_recipe(Recipe(stages=(Stage(name="only", epochs=1),)))
    cards.choose(0)
    press_tool(page, "trash")
    without = stage_names(page)
    cards.setCurrentIndex(cards.model().index(0, 0))
    qtbot.keyClick(cards, Qt.Key.Key_Return)
    assert without == []
    assert stage_names(page) == ["stage 1"]


def test_that_a_wheel_over_a_field_changes_nothing(qtbot, page):
    box = field(page, NumberBox, "batch_size")
    before = box.value()
    point = QPointF(box.rect().center())
    turn = QWheelEvent(
        point, QPointF(box.mapToGlobal(point)), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(box, turn)
    assert box.value() == before


def test_that_the_form_shows_the_stage_that_is_chosen(page, cards):
    cards.choose(0)
    first = field(page, QLineEdit, "stage.name").text()
    cards.choose(1)
    assert (first, field(page, QLineEdit, "stage.name").text()) == ("head", "all layers")


def test_that_cards_tell_what_a_run_made_of_each_stage(qtbot, page):
    field(page, QPushButton, "start").click()
    qtbot.waitUntil(lambda: page.run.finished is not None)
    made = cards_of(page.recipe, page.run, ())
    assert [card.look for card in made] == [CardLook.DONE, CardLook.DONE]
    assert [card.is_best for card in made] == [False, True]
    assert made[0].result == "88.9 %"


def test_that_a_stage_that_was_edited_after_a_run_is_next_again():
    run = LiveRun(RECIPE)
    edited = Recipe(stages=(Stage(name="head", epochs=9), *RECIPE.stages[1:]))
    made = cards_of(edited, run, ("stages.1.rate",))
    assert [card.look for card in made] == [CardLook.NEXT, CardLook.NEXT]
    assert [card.has_problem for card in made] == [False, True]
    assert made[0].spoken == "head, 9 epochs, rate 3.0e-3, next"


def test_that_layer_groups_are_shown_once_a_run_has_named_them(qtbot, page, cards):
    strip = page.findChild(LayerStrip, "training.layers")
    before = strip.isVisible()
    field(page, QPushButton, "start").click()
    qtbot.waitUntil(lambda: page.run.finished is not None)
    qtbot.waitUntil(strip.isVisible)
    assert not before
    assert "layers, 2 k parameters, rate 1.0e-5" in strip.accessibleDescription()


def test_that_declared_layer_groups_can_be_chosen_as_the_first_that_trains(page, cards):
    cards.choose(1)
    pick(field(page, ChoiceBox, "stage.trainable"), "layer3 to layer4")
    assert page.recipe.stages[1].trainable == "layer3 to layer4"


def test_that_an_option_of_a_scheduler_that_cannot_be_used_holds_start_back(qtbot, page, cards):
    cards.choose(0)
    pick(field(page, ChoiceBox, "stage.scheduler"), "step")
    retype(qtbot, field(page, QLineEdit, "stage.options.epochs"), "x")
    assert not field(page, QPushButton, "start").isEnabled()
    assert "Schedule" in page.findChild(ProblemLine, "training.stage.problem").text


def test_that_missing_weights_hold_start_back_and_can_be_fetched(page):
    page.set_recipe(replace(RECIPE, model=ModelChoice(architecture="resnet18")))
    fetch = field(page, QPushButton, "fetch")
    assert not field(page, QPushButton, "start").isEnabled()
    assert "not on this machine" in page.sentence
    assert fetch.isVisible()
    assert fetch.text() == "Fetch 47 MB"


@pytest.mark.parametrize(
    ("is_there", "words"), [(True, "weights are here"), (False, "weights are not here")]
)
def test_that_the_chip_and_start_say_whether_the_file_of_the_weights_is_there(
    page, tmp_path, is_there, words
):
    file = tmp_path / "mine.safetensors"
    if is_there:
        file.write_bytes(b"x")
    page.set_recipe(replace(RECIPE, model=ModelChoice(architecture="resnet18", weights=str(file))))
    chip = field(page, Chip, "weights_state")
    assert (chip.isVisible(), chip.text) == (True, words)
    assert field(page, QPushButton, "start").isEnabled() is is_there
    assert ("The file of the weights is not there." in page.sentence) is not is_there
    assert not field(page, QPushButton, "fetch").isVisible()


def test_that_weights_put_there_by_hand_are_found(qtbot, page):
    page.set_recipe(replace(RECIPE, model=ModelChoice(architecture="resnet18")))
    weights_folder().mkdir(parents=True)
    (weights_folder() / "resnet18-f37072fd.pth").write_bytes(b"x")
    page.hide()
    page.show()
    qtbot.waitUntil(field(page, QPushButton, "start").isEnabled)  # parts are drawn one by one
    qtbot.waitUntil(lambda: not field(page, QPushButton, "fetch").isVisible())


def test_that_weights_that_are_not_the_right_ones_are_said(qtbot, page, runner):
    page.set_recipe(replace(RECIPE, model=ModelChoice(architecture="resnet18")))
    weights_folder().mkdir(parents=True)
    (weights_folder() / "resnet18-f37072fd.pth").write_bytes(b"something else")
    field(page, QPushButton, "fetch").click()
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE)
    assert "is not the file it should be" in page.banner.headline
    assert page.run is None
