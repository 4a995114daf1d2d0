from __future__ import annotations

import re
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import contract_checks as checks
import numpy as np
import pytest

from petstudio.api import SchedulePlan, hooks, options
from petstudio.api.hooks import PetStudioSpec
from petstudio.plugin_host.child import LabelReader
from petstudio.plugin_host.discovery import in_folder
from petstudio.plugin_host.host import PluginHost
from petstudio.plugin_host.records import PluginState

README = (Path(__file__).parents[2] / "plugins" / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
HOOKS = [name for name in vars(PetStudioSpec) if name.startswith("petstudio_")]


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PluginHost]:
    """Every example as a module of a user folder, as a reader would try it."""
    folder = tmp_path_factory.mktemp("readme") / f"examples_{uuid.uuid4().hex}"
    folder.mkdir()
    for number, code in enumerate(EXAMPLES):
        (folder / f"example_{number}.py").write_text(code, encoding="utf-8")
    before = list(sys.path)
    yield PluginHost(in_folder(folder))
    sys.path[:] = before
    for name in [name for name in sys.modules if name.split(".")[0] == folder.name]:
        del sys.modules[name]


@pytest.mark.parametrize("hook", HOOKS)
def test_that_every_hook_has_a_heading_with_its_signature(hook):
    returns = getattr(PetStudioSpec, hook).__annotations__["return"]
    assert f"### `{hook}() -> {returns}`\n" in README


@pytest.mark.parametrize("hook", HOOKS)
def test_that_every_hook_has_an_example(hook):
    section = README.partition(f"### `{hook}()")[2].partition("\n### ")[0]
    assert f"@hookimpl\ndef {hook}()" in section


def test_that_every_example_loads_as_a_plugin(host):
    assert [(record.state, record.reason) for record in host.records] == [
        (PluginState.ACTIVE, "")
    ] * len(EXAMPLES)


def test_that_every_example_states_the_current_api():
    stated = f"PETSTUDIO_API = {hooks.API_VERSION}"
    assert all(stated in example for example in EXAMPLES)


def test_that_every_example_is_described_and_has_sound_options(host):
    for contribution in checks.all_contributions(host):
        checks.check_words(contribution)
        checks.check_options(contribution)


def test_that_the_example_loader_keeps_the_contract(host, tmp_path):
    with LabelReader() as reader:
        for loader in host.loaders.values():
            checks.check_loader(loader, reader, tmp_path)


def test_that_the_example_architecture_keeps_the_contract(host):
    for architecture in host.architectures.values():
        checks.check_architecture(architecture)


def test_that_the_example_schedulers_keep_the_contract(host):
    for scheduler in host.schedulers.values():
        checks.check_scheduler(scheduler, SchedulePlan(steps=100, steps_per_epoch=10))


def test_that_the_example_augmentation_keeps_the_contract(host):
    for augmentation in host.augmentations.values():
        uniforms = np.random.default_rng(1).random((16, augmentation.draws))
        checks.check_augmentation(augmentation, uniforms)


def test_that_the_example_metric_keeps_the_contract(host):
    for metric in host.metrics.values():
        checks.check_metric(metric, 50, 3)


def test_that_the_example_exporter_keeps_the_contract(host, tmp_path):
    for exporter in host.exporters.values():
        checks.check_exporter(exporter, tmp_path)


def test_that_the_example_view_keeps_the_contract(host):
    for view in host.views.values():
        checks.check_view(view, 50, 3)


def test_that_the_guide_lists_every_option_helper():
    helpers = [f"`{kind.value}(" for kind in options.OptionKind]
    assert [helper for helper in helpers if helper not in README] == []
