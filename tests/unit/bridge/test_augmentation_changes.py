"""What is said when the recipe takes over the augmentation of the preview."""

from __future__ import annotations

import pytest

from petstudio.bridge.augmentation_changes import augmentation_changes
from petstudio.config.recipe import AugmentationChoice
from petstudio.plugin_host.host import PluginHost


@pytest.fixture(scope="module")
def known():
    return PluginHost.load().augmentations


def choice(key="tutorial", **options):
    return AugmentationChoice(key=key, options=options)


def test_that_each_changed_option_is_told_in_the_words_of_the_form(known):
    before, after = choice(max_rotate=10.0), choice(max_rotate=25.0, flip=False)
    told = augmentation_changes(known, (before,), (after,))
    assert told == ("Mirror on → off", "Rotation 10° → 25°")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (0.1231, 0.1234, "Share 0.1231 → 0.1234"),
        (0.12341, 0.12339, "Share 0.12341 → 0.12339"),
        (0.3, 0.1 + 0.2, "Share 0.29999999999999999 → 0.30000000000000004"),
    ],
)
def test_that_two_values_are_told_apart(known, before, after, told):
    erasing = "random-erasing"
    changes = augmentation_changes(
        known, (choice(erasing, share=before),), (choice(erasing, share=after),)
    )
    assert changes == (told,)


def test_that_an_option_that_is_left_open_is_the_default(known):
    assert augmentation_changes(known, (choice(),), (choice(max_rotate=10.0, flip=True),)) == ()


def test_that_new_augmentations_and_those_that_are_gone_are_named(known):
    before, after = choice("from_a_plugin_that_is_gone"), choice()
    told = augmentation_changes(known, (before,), (after,))
    assert told == ("Tutorial is new", "from_a_plugin_that_is_gone is gone")


def test_that_changes_stand_in_the_order_of_the_recipe(known):
    erasing, tutorial = choice("random-erasing", share=0.1), choice(max_rotate=25.0)
    plain = (choice(), choice("random-erasing"))
    rotation, share = "Rotation 10° → 25°", "Share 0.5 → 0.1"
    assert augmentation_changes(known, plain, (erasing, tutorial)) == (share, rotation)
    assert augmentation_changes(known, plain, (tutorial, erasing)) == (rotation, share)
