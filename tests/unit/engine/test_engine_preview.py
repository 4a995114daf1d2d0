"""The preview, made without torch, shows what the sampler gives to the network."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from petstudio.config.recipe import Resize
from petstudio.engine.input.augmenting import Augmenter
from petstudio.engine.input.preview import PreviewPlan, changed_squares
from petstudio.engine.input.sampler import Sampler
from petstudio.plugin_host.host import PluginHost

SIZE, KEY, SEED = 48, 7, 3
MEAN = (0.4, 0.5, 0.6)
PLAIN = {"mean": (0.0, 0.0, 0.0), "std": (1.0, 1.0, 1.0)}


@pytest.fixture
def picture():
    return np.random.default_rng(1).integers(0, 256, (61, 83, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def augmenter():
    tutorial = PluginHost.load().augmentations["tutorial"]
    options = tutorial.options(max_rotate=40.0, max_zoom=1.5, shift=0.2, max_lighting=0.5)
    return Augmenter(seed=SEED, augmentations=((tutorial, options),))


@pytest.fixture(scope="module")
def eraser():
    erasing = PluginHost.load().augmentations["random-erasing"]
    return Augmenter(seed=SEED, augmentations=((erasing, erasing.options(share=1.0)),))


def sampled(picture, resize, crops=None, transforms=None):
    sampler = Sampler(size=SIZE, resize=resize, **PLAIN)
    batch = sampler.sample([torch.from_numpy(picture)], torch.device("cpu"), crops, transforms)
    return batch[0].permute(1, 2, 0).numpy()


@pytest.mark.parametrize("resize", list(Resize))
def test_that_without_augmentations_it_is_the_crop_that_the_network_trains_with(picture, resize):
    augmenter = Augmenter(seed=0, augmentations=())
    plan = PreviewPlan(size=SIZE, resize=resize, augmenter=augmenter, mean=MEAN)
    (square,) = changed_squares(picture, plan, range(1), KEY)
    crops, _ = augmenter.draw(0, np.array([KEY]))
    assert square == pytest.approx(sampled(picture, resize, crops), abs=2e-4)


@pytest.mark.parametrize("resize", list(Resize))
def test_that_a_variant_is_what_the_network_trains_with(picture, resize, augmenter):
    plan = PreviewPlan(size=SIZE, resize=resize, augmenter=augmenter, mean=MEAN)
    for epoch, square in enumerate(changed_squares(picture, plan, range(6), KEY)):
        crops, transforms = augmenter.draw(epoch, np.array([KEY]))
        assert square == pytest.approx(sampled(picture, resize, crops, transforms), abs=2e-3)


def test_that_an_erased_box_has_the_mean_colour_that_the_network_sees_as_nothing(picture, eraser):
    plan = PreviewPlan(size=SIZE, resize=Resize.CROP, augmenter=eraser, mean=MEAN)
    sampler = Sampler(size=SIZE, resize=Resize.CROP, mean=MEAN, std=(0.2, 0.25, 0.3))
    for epoch, square in enumerate(changed_squares(picture, plan, range(6), KEY)):
        crops, transforms = eraser.draw(epoch, np.array([KEY]))
        pictures = [torch.from_numpy(picture)]
        batch = sampler.sample(pictures, torch.device("cpu"), crops, transforms)
        is_nothing = (batch[0] == 0).all(dim=0).numpy()
        assert is_nothing.any()
        assert ((square == MEAN).all(axis=2) == is_nothing).all()
