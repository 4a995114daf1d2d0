"""The first page says what this machine lacks, and what helps."""

from __future__ import annotations

import shutil
from collections import namedtuple

import pytest

from petstudio.config.paths import weights_folder
from petstudio.jobs.self_check import self_checks
from petstudio.plugin_host.host import PluginHost


@pytest.fixture(scope="module")
def host():
    return PluginHost.load()


def check(host, name):
    return next(check for check in self_checks(host) if check.name == name)


def test_that_missing_weights_are_named_with_a_cure(host):
    found = check(host, "Pretrained weights")
    assert (found.words, found.is_good) == ("not on this machine", False)
    assert "Train page" in found.cure


def test_that_weights_that_are_there_are_counted(host):
    offered = next(one.weights for one in host.architectures.values() if one.weights)
    weights_folder().mkdir(parents=True)
    (weights_folder() / offered[0][1].file_name).touch()
    found = check(host, "Pretrained weights")
    assert (found.words, found.is_good) == ("1 network", True)


def test_that_little_room_on_the_disk_is_a_warning(host, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage(10**12, 10**12, 2 * 10**9))
    found = check(host, "Disk")
    assert (found.words, found.is_good) == ("2 GB free", False)


def test_that_plugins_are_counted(host):
    found = check(host, "Plugins")
    assert found.is_good
    assert found.words.endswith(" found")
