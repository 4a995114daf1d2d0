"""Settings of a recipe one by one."""

from __future__ import annotations

import pytest

from petstudio.bridge.figures import signed_text, size_text
from petstudio.bridge.run_settings import rates_text, setting_words, settings_of, stages_text
from petstudio.config.recipe import AugmentationChoice, Recipe, Stage
from petstudio.config.recipe_file import with_settings

RECIPE = Recipe(
    augmentations=(AugmentationChoice(key="tutorial", options={"flip": True}),),
    stages=(
        Stage(name="head", epochs=4, rate=(3e-3,)),
        Stage(name="all", epochs=1200, rate=(1e-6, 1e-4)),
    ),
)


def test_that_every_setting_has_the_key_that_the_command_line_takes() -> None:
    settings = settings_of(RECIPE)

    assert settings["stages.1.rate"] == "1e-6, 1e-4"
    assert settings["augmentations.0.flip"] == "yes"
    assert settings["start.checkpoint"] == "none"
    changed = with_settings(RECIPE, ["training.batch_size=7"])
    assert settings_of(changed)["training.batch_size"] == "7"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("seed", "Seed"),
        ("training.batch_size", "Batch size"),
        ("stages.0.label_smoothing", "Stage 1, label smoothing"),
        ("augmentations.1.max_rotate", "Augmentation 2, max rotate"),
        ("start.checkpoint", "Starts from"),
    ],
)
def test_that_a_setting_is_called_as_people_call_it(key: str, words: str) -> None:
    assert setting_words(key) == words


def test_that_stages_are_their_epochs_and_rates() -> None:
    assert stages_text(RECIPE.stages) == "4 × 3e-3, 1,200 × 1e-6…1e-4"
    assert rates_text((1e-6, 1e-5, 1e-4)) == "1e-6…1e-4"


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (87_400_000, "87 MB"), (1_100_000_000, "1.1 GB")],
)
def test_that_room_is_told_in_units_of_thousands(count: int, words: str) -> None:
    assert size_text(count) == words


def test_that_a_change_has_a_sign_and_no_value_has_none() -> None:
    assert [signed_text(x) for x in (0.84, -2.31, float("nan"))] == ["+0.8", "−2.3", ""]
