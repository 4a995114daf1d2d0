"""Skeletons keep the contract of their kind, and never take another's place."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from petstudio.api import InputError, MachineError, SchedulePlan
from petstudio.plugin_host.child import LabelReader
from petstudio.plugin_host.discovery import bundled
from petstudio.plugin_host.host import PluginHost
from petstudio.plugin_host.kinds import KINDS
from petstudio.plugin_host.records import PluginState, title_of
from petstudio.plugin_host.skeletons import (
    kind_called,
    problem_of,
    skeleton_text,
    write_skeleton,
)

sys.path.append(str(Path(__file__).parents[2] / "contract"))
import contract_checks as checks

each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.word)


@pytest.fixture
def host(plugin_folder) -> PluginHost:
    """The bundled plugins, and an empty folder of the user."""
    return PluginHost(bundled(), user_folder=plugin_folder.path)


def own(host: PluginHost, kind):
    write_skeleton(host, kind, "warm_one")
    (record,) = host.take_new()
    assert (record.state, record.reason) == (PluginState.ACTIVE, "")
    (contribution,) = host.contributions_of("warm_one")
    return contribution


@each_kind
def test_that_a_skeleton_is_called_as_its_author_wanted(host, kind):
    contribution = own(host, kind)
    assert (contribution.key, contribution.label) == ("warm-one", "Warm one")
    checks.check_words(contribution)
    checks.check_options(contribution)


@each_kind
def test_that_nothing_of_the_sample_is_left_in_a_skeleton(kind):
    text = skeleton_text(kind, "warm_one")
    assert "ample" not in text.replace("example", "")
    compile(text, "warm_one.py", "exec")


def test_that_a_new_loader_keeps_the_contract(host, tmp_path):
    with LabelReader() as reader:
        checks.check_loader(own(host, kind_called("loader")), reader, tmp_path)


def test_that_a_new_architecture_keeps_the_contract(host):
    checks.check_architecture(own(host, kind_called("architecture")))


def test_that_a_new_scheduler_keeps_the_contract(host):
    plan = SchedulePlan(steps=100, steps_per_epoch=10)
    checks.check_scheduler(own(host, kind_called("scheduler")), plan)


def test_that_a_new_augmentation_keeps_the_contract(host):
    augmentation = own(host, kind_called("augmentation"))
    uniforms = np.random.default_rng(1).random((16, augmentation.draws))
    checks.check_augmentation(augmentation, uniforms)


def test_that_a_new_metric_keeps_the_contract(host):
    checks.check_metric(own(host, kind_called("metric")), 50, 3)


def test_that_a_new_view_keeps_the_contract(host):
    checks.check_view(own(host, kind_called("view")), 50, 3)


@pytest.mark.slow
def test_that_a_new_exporter_keeps_the_contract(host, tmp_path):
    checks.check_exporter(own(host, kind_called("exporter")), tmp_path)


@pytest.mark.parametrize(
    "name", ["", "My_plugin", "1st", "a-b", "a__b", "_a", "a_", "class", "../a", "a" * 41]
)
def test_that_a_name_that_no_module_can_have_is_refused(host, name):
    assert "Write a name of lower-case letters" in problem_of(host, KINDS[0], name)
    with pytest.raises(InputError):
        write_skeleton(host, KINDS[0], name)
    assert not host.user_folder.exists()


def test_that_a_name_that_is_taken_is_refused(host):
    assert "There is a plugin “resnets” already" in problem_of(host, KINDS[0], "resnets")


def test_that_a_file_that_is_there_is_never_overwritten(host, plugin_folder):
    plugin_folder.write("mine", "changed = True")
    with pytest.raises(InputError, match="is there already"):
        write_skeleton(host, KINDS[0], "mine")
    assert (plugin_folder.path / "mine.py").read_text(encoding="utf-8") == "changed = True"


def test_that_a_key_of_another_plugin_is_refused_for_its_kind_only(host):
    assert "There is a scheduler “step” already" in problem_of(
        host, kind_called("scheduler"), "step"
    )
    assert problem_of(host, kind_called("metric"), "step") == ""


def test_that_an_unknown_kind_names_the_known_ones():
    with pytest.raises(InputError, match="Known: loader, architecture, scheduler"):
        kind_called("metrix")


def test_that_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    host = PluginHost((), user_folder=tmp_path / "file" / "plugins")
    with pytest.raises(MachineError, match="could not be written"):
        write_skeleton(host, KINDS[0], "mine")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("warm_restarts", "Warm restarts"),
        ("onnx_export", "ONNX export"),
        ("my_torchscript", "My TorchScript"),
        ("timm_networks", "timm networks"),
        ("resnets", "ResNets"),
    ],
)
def test_that_a_plugin_has_the_title_that_people_write(name, title):
    assert title_of(name) == title
