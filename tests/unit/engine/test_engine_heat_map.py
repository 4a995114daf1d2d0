"""Grad-CAM against a computation of its own, for every bundled architecture's shape of maps."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from engine_fixtures import TINY

from petstudio.api import NoOptions
from petstudio.config.recipe import Resize
from petstudio.engine.heat_map import heat, overlaid
from petstudio.engine.model_info import ModelInfo
from petstudio.engine.network import Network
from petstudio.plugin_host.host import PluginHost

CLASSES = 3


@pytest.fixture
def network() -> Network:
    torch.manual_seed(4)
    return Network(TINY.build(NoOptions()), CLASSES).eval()


@pytest.fixture
def images() -> torch.Tensor:
    return torch.rand(4, 3, 16, 16, generator=torch.Generator().manual_seed(1))


def by_small_steps(network: Network, image: torch.Tensor, target: int) -> np.ndarray:
    """Return the heat with slopes measured by moving every value of every map a little."""
    with torch.no_grad():
        maps = network.body(image[None]).double()
        network.head.double()
        slopes = torch.zeros_like(maps)
        for place in np.ndindex(*maps.shape):
            values = []
            for step in (1e-5, -1e-5):
                moved = maps.clone()
                moved[place] += step
                values.append(float(network.head(moved)[0, target]))
            slopes[place] = (values[0] - values[1]) / 2e-5
        network.head.float()
        found = (slopes.mean((2, 3), keepdim=True) * maps).sum(1)[0].clamp_min(0)
        return (found / found.max().clamp_min(1e-30)).numpy()


def test_that_the_heat_is_what_small_steps_give(network: Network, images: torch.Tensor) -> None:
    targets = torch.tensor([0, 2, 1, 2])
    found = heat(network, images, targets).numpy()
    for row, target in enumerate(targets.tolist()):
        expected = by_small_steps(network, images[row], target)
        np.testing.assert_allclose(found[row], expected, atol=2e-3)


def test_that_another_class_has_another_heat(network: Network, images: torch.Tensor) -> None:
    one = heat(network, images, torch.zeros(4, dtype=torch.int64))
    other = heat(network, images, torch.ones(4, dtype=torch.int64))
    assert not torch.equal(one, other)


def test_that_looking_leaves_no_gradients(network: Network, images: torch.Tensor) -> None:
    heat(network, images, torch.zeros(4, dtype=torch.int64))
    assert all(parameter.grad is None for parameter in network.parameters())


@pytest.mark.parametrize("key", ["resnet18", "resnet50"])
def test_that_bundled_architectures_have_a_heat(key: str) -> None:
    architecture = PluginHost.load().architecture(key)
    network = Network(architecture.build(architecture.options()), CLASSES).eval()
    found = heat(network, torch.rand(2, 3, 64, 64), torch.tensor([0, 1]))
    assert found.shape == (2, 2, 2)
    assert torch.isfinite(found).all()


def test_that_heat_is_orange_and_the_rest_is_the_dimmed_picture() -> None:
    info = ModelInfo(
        classes=("a",), architecture="x", size=8, resize=Resize.CROP,
        mean=(0.5, 0.5, 0.5), std=(0.25, 0.25, 0.25),
    )  # fmt: skip
    found = torch.zeros(1, 8, 8)
    found[0, :, 6:] = 1.0
    pixels = overlaid(torch.full((1, 3, 8, 8), 1.0), found, info)[0]
    assert pixels[0, 0].tolist() == [105, 105, 105]  # 0.55 of the 0.75 that 1.0 stands for
    red, green, blue = pixels[0, 7].astype(int)
    assert red > green > blue
