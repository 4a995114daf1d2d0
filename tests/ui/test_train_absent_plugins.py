"""A recipe that needs plugins which are not there: it opens, says so, and loses nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton
from scripted_run import RECIPE, Story, bury, whole

from petstudio.config.recipe import AugmentationChoice, Recipe
from petstudio.config.recipe_file import load_recipe, save_recipe, with_settings
from petstudio.plugin_host.discovery import bundled
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.pages.train_page import TrainPage
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.number_box import NumberBox


@pytest.fixture
def host():
    return PluginHost(bundled(), disabled=frozenset({"schedules"}))


@pytest.fixture
def page(theme, host, runner):
    made = whole(TrainPage(theme, host, runner, make_job=Story().make_job))
    made.resize(1356, 820)
    made.set_project(Path("pets.petstudio"))
    made.show()
    yield made
    made.shutdown()
    bury(made)


def recipe_of(scheduler: str, **options: object) -> Recipe:
    values = [f"stages.0.scheduler={scheduler}"]
    values += [f"stages.0.options.{key}={value}" for key, value in options.items()]
    return with_settings(RECIPE, values)


def test_that_a_scheduler_that_is_off_is_named_and_why(page):
    page.set_recipe(recipe_of("one-cycle"))
    start = page.findChild(QPushButton, "training.start")
    assert not start.isEnabled()
    assert "There is no scheduler “one-cycle”" in start.toolTip()
    assert "Some plugins are switched off" in start.toolTip()


def test_that_options_of_an_absent_scheduler_are_kept_when_something_else_is_edited(page):
    page.set_recipe(recipe_of("theirs", warmth=7, name="x"))
    page.findChild(NumberBox, "training.batch_size").setValue(24)
    page._draft.edit("stages.0.epochs", 9)
    assert page.recipe.training.batch_size == 24
    assert page.recipe.stages[0].scheduler == "theirs"
    assert dict(page.recipe.stages[0].options) == {"warmth": 7, "name": "x"}


def test_that_an_absent_network_and_its_options_are_kept(page):
    recipe = with_settings(
        RECIPE, ["model.architecture=theirs", "model.options.depth=3", "model.weights=none"]
    )
    page.set_recipe(recipe)
    line = page.findChild(QLineEdit, "training.seed")
    line.setText("5")
    line.textEdited.emit("5")
    assert page.findChild(ChoiceBox, "training.architecture").key == "theirs"
    assert page.recipe.model.architecture == "theirs"
    assert dict(page.recipe.model.options) == {"depth": 3}
    assert page.recipe.seed == 5


def test_that_an_absent_augmentation_and_its_options_are_kept(page):
    theirs = AugmentationChoice(key="theirs", options={"share": 0.25})
    own = AugmentationChoice(key="tutorial", options={"flip": False})
    page.set_recipe(replace(RECIPE, augmentations=(own, theirs)))
    assert page.recipe.augmentations == (own, theirs)
    page.findChild(QCheckBox, "training.augmentation.random").click()
    assert {choice.key for choice in page.recipe.augmentations} == {"theirs", "tutorial", "random"}
    assert theirs in page.recipe.augmentations


def test_that_a_recipe_with_options_of_an_absent_plugin_survives_its_file(tmp_path):
    recipe = recipe_of("theirs", warmth=7)
    save_recipe(tmp_path / "r.toml", recipe)
    assert load_recipe(tmp_path / "r.toml") == recipe
