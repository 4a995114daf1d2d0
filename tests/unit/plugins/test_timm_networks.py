"""Only where timm is installed, which is an extra."""

from __future__ import annotations

import importlib.util

import pytest

from petstudio.api import InputError
from petstudio.plugins.timm_networks import TimmOptions, petstudio_architectures


def test_that_nothing_is_offered_where_timm_is_not_installed(monkeypatch):
    monkeypatch.setattr("petstudio.plugins.timm_networks.find_spec", lambda name: None)
    assert petstudio_architectures() == []


def test_that_finding_the_plugin_does_not_import_timm(monkeypatch):
    monkeypatch.setattr("petstudio.plugins.timm_networks.find_spec", importlib.util.find_spec)
    architectures = petstudio_architectures()
    assert len(architectures) == (importlib.util.find_spec("timm") is not None)


@pytest.fixture
def build():
    pytest.importorskip("timm")
    return petstudio_architectures()[0].build


@pytest.mark.slow
@pytest.mark.parametrize("name", ["resnet18", "mobilenetv3_small_100", "efficientnet_b0"])
def test_that_every_child_of_a_network_is_in_one_group(build, name):
    body = build(TimmOptions(name=name))
    grouped = [child for group in body.groups for child in group.modules]
    assert grouped == [child for child, _ in body.module.named_children()]
    assert len(body.groups) == 2


def test_that_a_misspelt_name_gets_similar_ones(build):
    with pytest.raises(InputError, match=r"no network “resnet81”\. Similar: resnet"):
        build(TimmOptions(name="resnet81"))


def test_that_a_network_without_maps_is_refused(build):
    with pytest.raises(InputError, match="gives no maps of features"):
        build(TimmOptions(name="vit_tiny_patch16_224"))
