from __future__ import annotations

import numpy as np
import pytest
import torch
from torchvision.transforms import RandomErasing

from petstudio.api import OptionError, from_mapping
from petstudio.plugins.random_erasing import ErasingOptions, petstudio_augmentations

AUGMENTATION = petstudio_augmentations()[0]
SIDE = 224


def boxes(count: int = 4000, **options: float) -> np.ndarray:
    """Return left, top, right and bottom of each picture's box, as shares of the side."""
    uniforms = np.random.default_rng(1).random((count, AUGMENTATION.draws))
    drawn = AUGMENTATION.draw(ErasingOptions(**options), uniforms)
    assert (drawn.homography == np.eye(3)).all()
    return (drawn.erased[:, 0] + 1) / 2


def areas(found: np.ndarray) -> np.ndarray:
    return (found[:, 2] - found[:, 0]) * (found[:, 3] - found[:, 1])


def test_that_as_many_pictures_have_a_box_as_was_chosen():
    assert (areas(boxes(share=0.3)) > 0).mean() == pytest.approx(0.3, abs=0.03)
    assert not areas(boxes(share=0.0)).any()


def test_that_areas_are_in_the_range_that_was_chosen():
    found = areas(boxes(share=1.0, least=0.1, most=0.2))
    assert found.min() >= 0.1 - 1e-9
    assert found.max() <= 0.2 + 1e-9


def test_that_no_box_reaches_beyond_the_picture():
    found = boxes(share=1.0, most=0.9)
    assert found.min() >= -1e-12
    assert found.max() <= 1 + 1e-12


def test_that_boxes_are_those_of_torchvision():
    torch.manual_seed(1)
    picture = torch.zeros(3, SIDE, SIDE)
    drawn = [
        RandomErasing.get_params(picture, (0.02, 0.33), (0.3, 3.3), [0.0])[:4] for _ in range(3000)
    ]
    top, left, height, width = np.array(drawn, dtype=np.float64).T / SIDE
    found = boxes(share=1.0)
    ours = (found[:, 1], found[:, 0], found[:, 3] - found[:, 1], found[:, 2] - found[:, 0])
    for mine, theirs in zip(ours, (top, left, height, width), strict=True):
        shares = np.linspace(0.05, 0.95, 10)
        assert np.quantile(mine, shares) == pytest.approx(np.quantile(theirs, shares), abs=0.025)


def test_that_a_box_that_never_fits_is_left_out():
    assert not areas(boxes(share=1.0, least=1.0, most=1.0)).any()


def test_that_a_range_that_ends_before_it_begins_is_refused():
    with pytest.raises(OptionError, match="below"):
        from_mapping(ErasingOptions, {"least": 0.4, "most": 0.3})
