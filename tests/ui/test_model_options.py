"""The options of a network on the Train page, drawn from what its plugin declares."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from scripted_run import bury

from petstudio.api import Architecture, Body, NoOptions, hookimpl, integer
from petstudio.bridge.recipe_draft import RecipeDraft
from petstudio.config.recipe import ModelChoice, Recipe
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.widgets.augmentation_panel import AugmentationPanel
from petstudio.ui.widgets.model_form import ModelForm


@dataclass(frozen=True, kw_only=True)
class DepthOptions:
    depth: int = integer(3, minimum=1, maximum=9, label="Depth")


def build(options: object) -> Body:
    raise NotImplementedError


def network(key: str, options: type) -> Architecture:
    return Architecture(key=key, label=key, summary="", options=options, build=build, parameters=1)


@pytest.fixture
def host():
    module = ModuleType("networks")
    module.PETSTUDIO_API = (1, 0)

    @hookimpl
    def petstudio_architectures():
        return [network("deep", DepthOptions), network("flat", NoOptions)]

    module.petstudio_architectures = petstudio_architectures
    return PluginHost.from_modules(module)


@pytest.fixture
def draft(qapp):
    made = RecipeDraft(Recipe(model=ModelChoice(architecture="deep", options={"depth": 5})))
    yield made
    made.deleteLater()


@pytest.fixture
def form(theme, host, draft):
    made = ModelForm(theme, host, draft, AugmentationPanel(theme, host))
    made.show()
    yield made
    bury(made)


def depth(form):
    return form.findChild(QLineEdit, "training.model.options.depth")


def test_that_the_form_shows_the_options_of_the_recipe(form):
    assert depth(form).isVisible()
    assert depth(form).text() == "5"


def test_that_an_edited_option_goes_into_the_recipe(form, draft):
    depth(form).setText("7")
    assert dict(draft.recipe.model.options) == {"depth": 7}


def test_that_an_option_that_cannot_be_is_a_problem_of_the_recipe(form, draft):
    depth(form).setText("77")
    assert "model.options" in draft.problems
    assert dict(draft.recipe.model.options) == {"depth": 5}


def test_that_a_network_without_options_has_no_form(form, draft):
    form._architecture.show_key("flat")
    form._architecture.picked.emit("flat")
    assert not form._options.isVisible()
    assert dict(draft.recipe.model.options) == {}


def test_that_a_locked_form_says_why_and_can_be_looked_through(form):
    form.lock("A run is going.")
    batch, growth = (form.findChild(QWidget, f"training.{key}") for key in ("batch_size", "growth"))
    assert not batch.isEnabled()
    assert not depth(form).isEnabled()
    form.findChild(QPushButton, "training.more").click()
    assert growth.isVisible()
    assert "A run is going." in growth.toolTip()
    form.lock("")
    assert batch.isEnabled()
    assert "Small first" in growth.toolTip()
