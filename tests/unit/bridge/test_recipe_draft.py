"""Editing a recipe: it is valid at any time, and what cannot be used is named."""

from __future__ import annotations

import pytest

from petstudio.bridge.recipe_draft import RecipeDraft
from petstudio.config.recipe import AugmentationChoice, BatchNorm, Recipe, Stage, StartChoice

RECIPE = Recipe(
    stages=(
        Stage(name="head", epochs=4, options={"warmup": 0.3}),
        Stage(name="all", epochs=2, rate=(1e-6, 1e-4)),
    )
)


@pytest.fixture
def draft(qapp):
    return RecipeDraft(RECIPE)


def names(draft):
    return [stage.name for stage in draft.recipe.stages]


@pytest.mark.parametrize(
    ("key", "value", "read"),
    [
        ("seed", 7, lambda recipe: recipe.seed),
        ("stages.1.epochs", 9, lambda recipe: recipe.stages[1].epochs),
        ("stages.0.name", "first", lambda recipe: recipe.stages[0].name),
        ("training.batch_size", 16, lambda recipe: recipe.training.batch_size),
        ("model.weights", "none", lambda recipe: recipe.model.weights),
    ],
)
def test_that_an_edit_changes_one_value(draft, key, value, read):
    draft.edit(key, value)
    assert read(draft.recipe) == value


def test_that_words_become_members_of_their_enum(draft):
    draft.edit("stages.0.batchnorm", "adapt")
    assert draft.recipe.stages[0].batchnorm is BatchNorm.ADAPT


def test_that_a_rate_is_one_number_or_two(draft):
    draft.edit("stages.0.rate", [1e-5, 1e-3])
    draft.edit("stages.1.rate", 2e-3)
    assert [stage.rate for stage in draft.recipe.stages] == [(1e-5, 1e-3), (2e-3,)]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("stages.0.rate", "3e-"),
        ("stages.0.rate", [1e-5, "x"]),
        ("stages.0.rate", -1.0),
        ("seed", "many"),
        ("training.weight_decay", 2.0),
        ("input.size", 1),
    ],
)
def test_that_a_value_that_cannot_be_used_is_named_and_the_recipe_stays(draft, key, value):
    draft.edit(key, value)
    assert draft.recipe == RECIPE
    assert list(draft.problems) == [key]


def test_that_a_good_value_takes_the_problem_away(draft):
    draft.edit("seed", "x")
    draft.edit("seed", 3)
    assert not draft.problems
    assert draft.recipe.seed == 3


def test_that_another_field_can_be_edited_while_one_has_a_problem(draft):
    draft.edit("seed", "x")
    draft.edit("stages.0.epochs", 5)
    assert draft.recipe.stages[0].epochs == 5
    assert list(draft.problems) == ["seed"]


def test_that_another_scheduler_drops_the_options_of_the_former_one(draft):
    draft.choose_plugin("stages.0.scheduler", "constant")
    stage = draft.recipe.stages[0]
    assert (stage.scheduler, stage.options) == ("constant", {})


def test_that_a_stage_can_be_added_at_the_end(draft):
    draft.add_stage()
    assert names(draft) == ["head", "all", "stage 3"]


def test_that_a_copy_stands_where_it_was_put(draft):
    assert draft.copy_stage(0, 1) == 1
    assert names(draft) == ["head", "head", "all"]
    assert draft.copy_stage(0, 3) == 3
    assert names(draft) == ["head", "head", "all", "head"]


def test_that_a_stage_can_be_removed(draft):
    draft.remove_stage(0)
    assert names(draft) == ["all"]


def test_that_a_stage_can_be_moved(draft):
    assert draft.move_stage(1, 0) == 0
    assert names(draft) == ["all", "head"]


def test_that_a_stage_put_where_it_is_changes_nothing(draft, qtbot):
    with qtbot.assertNotEmitted(draft.changed):
        assert draft.move_stage(1, 1) == 1


@pytest.fixture
def branch(qapp):
    """A draft whose first two stages were done in run 1."""
    stages = tuple(Stage(name=name, epochs=1) for name in ("a", "b", "c", "d"))
    return RecipeDraft(
        Recipe(stages=stages, start=StartChoice(checkpoint="1:stage-2", stage=2)),
    )


@pytest.mark.parametrize(
    ("act", "index", "to", "place", "left"),
    [
        ("move_stage", 3, 0, 2, "abdc"),
        ("move_stage", 0, 3, 0, "abcd"),
        ("copy_stage", 0, 0, 2, "abacd"),
        ("copy_stage", 3, 1, 2, "abdcd"),
    ],
)
def test_that_what_another_run_has_done_keeps_its_place(branch, act, index, to, place, left):
    assert getattr(branch, act)(index, to) == place
    assert "".join(names(branch)) == left
    assert branch.recipe.start.stage == 2


def test_that_a_stage_which_is_to_run_is_still_to_run_when_one_that_was_done_goes(branch):
    branch.remove_stage(0)
    assert names(branch) == ["b", "c", "d"]
    assert branch.recipe.start.stage == 1


def test_that_problems_of_stages_go_when_their_numbers_change(draft):
    draft.edit("stages.0.rate", "x")
    draft.edit("seed", "x")
    draft.remove_stage(0)
    assert list(draft.problems) == ["seed"]


def test_that_loading_another_recipe_forgets_all_problems(draft, qtbot):
    draft.edit("seed", "x")
    with qtbot.waitSignals([draft.loaded, draft.changed]):
        draft.load(Recipe())
    assert not draft.problems
    assert draft.recipe == Recipe()


def test_that_augmentations_from_elsewhere_take_the_place_of_those_in_the_form(qtbot, draft):
    draft.report("augmentations", "An option cannot be used.")
    chosen = (AugmentationChoice(key="tutorial", options={"max_rotate": 20.0}),)
    with qtbot.waitSignals([draft.augmented, draft.changed]):
        draft.use_augmentations(chosen)
    assert draft.recipe.augmentations == chosen
    assert not draft.problems
