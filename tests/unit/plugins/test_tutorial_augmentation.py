from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from petstudio.api import ImageTransforms, from_mapping
from petstudio.plugins.tutorial_augmentation import DRAWS, TutorialOptions, petstudio_augmentations
from petstudio.plugins.tutorial_augmentation.laws import (
    flip_matrices,
    rotation_matrices,
    warp_matrices,
    zoom_matrices,
)

STILL = {
    "flip": False,
    "max_rotate": 0.0,
    "max_zoom": 1.0,
    "max_warp": 0.0,
    "max_lighting": 0.0,
}
ALWAYS = {"p_affine": 1.0, "p_lighting": 1.0}
MANY = 20_000


@pytest.fixture
def golden(shared_folder: Path) -> dict[str, Any]:
    text = (shared_folder / "reference" / "fastai-golden.json").read_text(encoding="utf-8")
    numbers: dict[str, Any] = json.loads(text)
    return numbers


def draw(uniforms: np.ndarray, **options: object) -> ImageTransforms:
    (augmentation,) = petstudio_augmentations()
    return augmentation.draw(from_mapping(TutorialOptions, options), uniforms)


def many(**options: object) -> ImageTransforms:
    return draw(np.random.default_rng(5).random((MANY, DRAWS)), **options)


def moved(matrix: np.ndarray, x: float, y: float) -> np.ndarray:
    point = matrix @ np.array([x, y, 1.0])
    return point[:2] / point[2]


def test_that_a_rotation_is_fastais_on_a_square(golden):
    (matrix,) = rotation_matrices(np.deg2rad([10.0]))
    stretched = np.array(golden["rotate_mat_10deg_h224_w300"])
    stretched[0, 1] *= 300 / 224
    stretched[1, 0] *= 224 / 300
    assert matrix[:2] == pytest.approx(stretched, abs=1e-6)


def test_that_a_zoom_is_fastais(golden):
    (matrix,) = zoom_matrices(np.array([1.1]), np.array([0.25]), np.array([0.75]))
    assert matrix == pytest.approx(np.array(golden["zoom_mat_1.1_cx.25_cy.75"]), abs=1e-6)


def test_that_a_flip_is_fastais(golden):
    assert flip_matrices(np.array([True, False])).tolist() == [
        golden["flip_mat"],
        np.eye(3).tolist(),
    ]


def test_that_a_warp_moves_points_as_fastais_does(golden):
    (matrix,) = warp_matrices(np.array([0.1]), np.array([-0.2]))
    expected = golden["warp_x.1_y-.2"]
    points = np.array(expected["in"]).reshape(-1, 2)
    found = [moved(matrix, x, y) for x, y in points]
    assert np.array(found) == pytest.approx(np.array(expected["out"]).reshape(-1, 2), abs=1e-6)


def test_that_the_inverse_of_a_warp_moves_the_corners_as_fastais_targets_say():
    x, y = 0.15, -0.07
    inverse = np.linalg.inv(warp_matrices(np.array([x]), np.array([y]))[0])
    assert moved(inverse, -1, -1) == pytest.approx([-1 - y, -1 - x])
    assert moved(inverse, -1, 1) == pytest.approx([-1 + y, 1 + x])
    assert moved(inverse, 1, -1) == pytest.approx([1 + y, -1 + x])
    assert moved(inverse, 1, 1) == pytest.approx([1 - y, 1 - x])


def test_that_parts_are_composed_as_flip_rotation_zoom_and_then_the_warp():
    uniforms = np.full((1, DRAWS), 0.1)
    low = -0.8  # 2 * 0.1 - 1
    found = draw(uniforms, shift=0.25, **ALWAYS).homography[0]
    zoom = zoom_matrices(np.array([1.01]), np.array([0.1]), np.array([0.1]))[0]
    shift = np.array([[1, 0, 0.5 * low], [0, 1, 0.5 * low], [0, 0, 1]])
    affine = np.diag([-1.0, 1, 1]) @ rotation_matrices(np.deg2rad([10 * low]))[0] @ zoom @ shift
    warp = warp_matrices(np.array([0.2 * low]), np.array([0.2 * low]))[0]
    assert found == pytest.approx(warp @ affine)


def test_that_without_any_change_transforms_leave_images_as_they_are():
    found = many(**STILL)
    assert (found.homography == np.eye(3)).all()
    assert (found.brightness == 0).all()
    assert (found.contrast == 1).all()


def test_that_half_of_the_images_are_flipped():
    flipped = many(**STILL | {"flip": True}).homography[:, 0, 0] < 0
    assert flipped.mean() == pytest.approx(0.5, abs=0.02)


def test_that_three_quarters_are_rotated_evenly_within_the_limit():
    matrices = many(**STILL | {"max_rotate": 10.0}).homography
    degrees = np.rad2deg(np.arcsin(matrices[:, 0, 1]))
    rotated = degrees[degrees != 0]
    assert len(rotated) / MANY == pytest.approx(0.75, abs=0.02)
    assert np.abs(degrees).max() <= 10
    assert np.quantile(rotated, [0.25, 0.5, 0.75]) == pytest.approx([-5, 0, 5], abs=0.3)


def test_that_zooms_are_even_up_to_the_limit_and_stay_inside_the_image():
    matrices = many(**STILL | {"max_zoom": 1.5, "p_affine": 1.0}).homography
    factors = 1 / matrices[:, 0, 0]
    assert np.quantile(factors, [0, 0.5, 1]) == pytest.approx([1, 1.25, 1.5], abs=0.01)
    reach = np.abs(matrices[:, :2, 2]).max(axis=1) + matrices[:, 0, 0]
    assert reach.max() <= 1 + 1e-12


def test_that_the_two_directions_of_a_warp_are_switched_on_independently():
    rows = many(**STILL | {"max_warp": 0.2}).homography[:, 2, :2]
    tilted = np.abs(rows) > 1e-12
    assert tilted.mean(axis=0) == pytest.approx([0.75, 0.75], abs=0.02)
    assert tilted.all(axis=1).mean() == pytest.approx(0.75**2, abs=0.02)


def test_that_shifts_are_even_in_both_directions():
    offsets = many(**STILL | {"shift": 0.125}).homography[:, :2, 2]
    assert np.quantile(offsets, [0, 0.5, 1], axis=0) == pytest.approx(
        np.array([[-0.25] * 2, [0] * 2, [0.25] * 2]), abs=0.01
    )
    assert np.corrcoef(offsets.T)[0, 1] == pytest.approx(0, abs=0.05)


def test_that_brightness_is_the_logit_of_an_even_level():
    found = many(**STILL | {"max_lighting": 0.2}).brightness
    levels = 1 / (1 + np.exp(-found))
    assert (found != 0).mean() == pytest.approx(0.75, abs=0.02)
    assert np.quantile(levels[found != 0], [0, 0.5, 1]) == pytest.approx([0.4, 0.5, 0.6], abs=0.01)


def test_that_contrast_is_even_in_its_logarithm():
    found = many(**STILL | {"max_lighting": 0.2, "p_lighting": 1.0}).contrast
    assert np.quantile(found, [0, 0.5, 1]) == pytest.approx([0.8, 1.0, 1.25], abs=0.01)


def test_that_light_is_fastais(golden):
    values = np.array(golden["brightness_draw_0.6_on_linspace"]["in_first4"]).clip(1e-7, 1 - 1e-7)
    logits = np.log(values / (1 - values))
    most = np.full((1, DRAWS), 1.0)
    found = draw(most, max_lighting=0.2, p_lighting=1.0, p_affine=0.0, flip=False)
    assert found.brightness[0] == 0.0  # a mask of 1 is not below a share of 1
    most[:, [11, 13]] = 0.0
    found = draw(most, max_lighting=0.2, p_lighting=1.0, p_affine=0.0, flip=False)
    brighter = 1 / (1 + np.exp(-(logits + found.brightness[0])))
    stronger = 1 / (1 + np.exp(-(logits * found.contrast[0])))
    bright, strong = "brightness_draw_0.6_on_linspace", "contrast_draw_1.25_on_linspace"
    assert brighter == pytest.approx(golden[bright]["out_first4"], rel=1e-5)
    assert stronger == pytest.approx(golden[strong]["out_first4"], rel=1e-5)


def test_that_the_same_numbers_give_the_same_transforms():
    assert (many().homography == many().homography).all()


def test_that_an_image_is_transformed_alike_in_any_batch():
    uniforms = np.random.default_rng(3).random((8, DRAWS))
    assert draw(uniforms).homography[5] == pytest.approx(
        draw(uniforms[5:6]).homography[0], rel=1e-12
    )
