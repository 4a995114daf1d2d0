from __future__ import annotations

import numpy as np
import pytest

from petstudio.plugins.random_augmentation import RandomOptions, petstudio_augmentations

AUGMENTATION = petstudio_augmentations()[0]
KINDS = 8
ROTATE, SHIFT_X, BRIGHTNESS, CONTRAST = 0, 3, 6, 7


def draw(kinds: list[int], amounts: list[float], **options: float):
    """Draw one picture's changes; amounts are -1..1."""
    row = np.full(AUGMENTATION.draws, 0.5)
    for number, (kind, amount) in enumerate(zip(kinds, amounts, strict=True)):
        row[2 * number] = (kind + 0.5) / KINDS
        row[2 * number + 1] = (amount + 1) / 2
    return AUGMENTATION.draw(RandomOptions(**options), row[None])


def test_that_no_strength_changes_nothing():
    drawn = draw([ROTATE, CONTRAST], [1.0, -1.0], strength=0.0)
    assert np.allclose(drawn.homography, np.eye(3))
    assert drawn.brightness == 0.0
    assert drawn.contrast == 1.0


def test_that_only_as_many_changes_are_made_as_are_chosen():
    one = draw([SHIFT_X, ROTATE], [1.0, 1.0], changes=1, strength=1.0)
    assert one.homography[0, 0, 2] == pytest.approx(0.6)
    assert np.allclose(one.homography[0, :2, :2], np.eye(2))


def test_that_a_turn_keeps_the_area():
    drawn = draw([ROTATE], [0.7], changes=1, strength=1.0)
    assert np.linalg.det(drawn.homography[0]) == pytest.approx(1.0)


def test_that_light_leaves_the_geometry_alone():
    drawn = draw([BRIGHTNESS, CONTRAST], [0.5, 0.5], changes=2, strength=1.0)
    assert np.allclose(drawn.homography, np.eye(3))
    assert drawn.brightness[0] == pytest.approx(0.6)
    assert drawn.contrast[0] == pytest.approx(np.exp(0.6))


def test_that_brightness_after_contrast_is_meant_for_the_changed_picture():
    pixel = 0.3
    drawn = draw([CONTRAST, BRIGHTNESS], [0.5, 0.5], changes=2, strength=1.0)
    changed = (pixel + drawn.brightness[0]) * drawn.contrast[0]
    assert changed == pytest.approx(pixel * np.exp(0.6) + 0.6)
