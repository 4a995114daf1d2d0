"""What is said of layer groups without torch is what the engine then makes of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from petstudio.api import InputError, NoOptions
from petstudio.bridge.layer_plan import declared_groups, planned
from petstudio.config.recipe import BatchNorm, Stage
from petstudio.engine.layer_groups import first_trainable, group_rates, head_parameters
from petstudio.engine.network import Network, build_head, freeze, group_plans
from petstudio.engine.network import first_trainable as first_of_network
from petstudio.plugins.resnets import petstudio_architectures

CLASSES = 37
RESNET18 = petstudio_architectures()[0]
RATES = [(3e-3,), (1e-6, 1e-4), (1e-6, 5e-5, 1e-3)]


@pytest.fixture(scope="module")
def network():
    return Network(RESNET18.build(NoOptions()), CLASSES)


@pytest.mark.parametrize("rate", RATES, ids=["one rate", "low and high", "one for each"])
@pytest.mark.parametrize("batchnorm", BatchNorm)
@pytest.mark.parametrize("trainable", ["all", "stem to layer2", "layer3 to layer4", "head"])
def test_that_planned_groups_are_those_that_the_engine_tells(network, trainable, batchnorm, rate):
    stage = Stage(name="x", epochs=1, trainable=trainable, batchnorm=batchnorm, rate=rate)
    freeze(network, first_of_network(network.groups, trainable), batchnorm)
    told = group_plans(network.groups, group_rates(rate, len(network.groups)))
    assert planned(declared_groups(RESNET18, CLASSES), stage) == told


@pytest.mark.parametrize("features", [1, 64, 512, 2048])
@pytest.mark.parametrize("classes", [2, 37, 1000])
def test_that_the_size_of_the_head_is_that_of_the_built_one(features, classes):
    built = sum(p.numel() for p in build_head(features, classes).parameters())
    assert head_parameters(features, classes) == built


def test_that_as_many_rates_as_groups_are_taken_as_they_are():
    assert group_rates((1e-6, 5e-5, 1e-3), 3) == (1e-6, 5e-5, 1e-3)


def test_that_another_number_of_rates_than_groups_is_refused():
    with pytest.raises(InputError, match="4 rates for the 3 layer groups"):
        group_rates((1e-6, 1e-5, 1e-4, 1e-3), 3)


def test_that_a_group_that_is_not_there_is_refused_by_name():
    with pytest.raises(InputError, match="no layer group “tail”"):
        first_trainable(["stem", "head"], "tail")


def test_that_asking_about_layer_groups_does_not_load_torch():
    program = (
        "import sys, petstudio.bridge.stage_layers, petstudio.bridge.memory_need;"
        "from petstudio.plugins.resnets import petstudio_architectures as known;"
        "from petstudio.bridge.layer_plan import declared_groups;"
        "print(len(declared_groups(known()[0], 2)), 'torch' in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == ["3", "False"]
