from __future__ import annotations

import pytest
import torchvision.models

from petstudio.api import Architecture, NoOptions
from petstudio.plugins.resnets import petstudio_architectures

NAMES = ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152"]
# fastai 2's parameters of the two body groups, the head left out.
GOLDEN = {
    "resnet18": [683_072, 10_493_440],
    "resnet34": [1_347_904, 19_936_768],
    "resnet50": [1_444_928, 22_063_104],
}


def architecture(name: str) -> Architecture[NoOptions]:
    return next(found for found in petstudio_architectures() if found.key == name)


@pytest.mark.parametrize("name", NAMES)
def test_that_the_declared_weights_are_torchvisions_best(name):
    (key, weights), *others = architecture(name).weights
    official = torchvision.models.get_model_weights(name).DEFAULT
    assert (key, others) == ("imagenet", [])
    assert weights.url == official.url
    assert official.url.endswith(f"/{weights.file_name}")
    assert weights.file_name == f"{name}-{weights.sha256}.pth"


@pytest.mark.parametrize("name", NAMES)
def test_that_the_declared_size_is_torchvisions_number_of_mebibytes(name):
    (_, weights), *_ = architecture(name).weights
    official = torchvision.models.get_model_weights(name).DEFAULT.meta["_file_size"]
    assert weights.size / 2**20 == pytest.approx(official, abs=0.0006)


@pytest.mark.parametrize("name", NAMES)
def test_that_the_declared_mean_and_spread_are_those_of_the_weights(name):
    (_, weights), *_ = architecture(name).weights
    official = torchvision.models.get_model_weights(name).DEFAULT.transforms()
    assert (weights.mean, weights.std) == (tuple(official.mean), tuple(official.std))


@pytest.mark.parametrize("name", NAMES)
def test_that_the_declared_parameters_are_those_without_the_classifier(name):
    official = torchvision.models.get_model_weights(name).DEFAULT.meta["num_params"]
    features = 512 if name in ("resnet18", "resnet34") else 2048
    assert architecture(name).parameters == official - 1000 * (features + 1)


@pytest.mark.parametrize(("name", "sizes"), GOLDEN.items())
def test_that_the_layer_groups_have_fastais_sizes(name, sizes):
    body = architecture(name).build(NoOptions())
    assert [group.name for group in body.groups] == ["stem to layer2", "layer3 to layer4"]
    assert [
        sum(p.numel() for child in group.modules for p in getattr(body.module, child).parameters())
        for group in body.groups
    ] == sizes


def test_that_the_state_dict_has_torchvisions_names():
    official = torchvision.models.resnet18(weights=None).state_dict()
    state = architecture("resnet18").build(NoOptions()).module.state_dict()
    assert list(state) == [key for key in official if not key.startswith("fc.")]
    assert all(official[key].shape == value.shape for key, value in state.items())
