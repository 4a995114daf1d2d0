from __future__ import annotations

import sys
from functools import partial
from importlib import import_module
from pathlib import Path

import petstudio
from petstudio.config.paths import user_plugin_folder
from petstudio.plugin_host.discovery import Candidate, bundled, in_folder, installed
from petstudio.plugin_host.host import PluginHost
from petstudio.plugin_host.records import Origin, PluginState

METRIC = """
    '''A metric.

    More words.
    '''
    from petstudio.api import Metric, NoOptions, hookimpl
    PETSTUDIO_API = (1, 0)
    __version__ = "2.5"
    @hookimpl
    def petstudio_metrics():
        return [Metric(key="{key}", label="M", summary="", options=NoOptions, compute=len)]
"""


def states(host: PluginHost) -> dict[tuple[str, Origin], PluginState]:
    return {(record.name, record.origin): record.state for record in host.records}


def test_that_all_bundled_plugins_load():
    host = PluginHost(bundled())
    assert {record.state for record in host.records} == {PluginState.ACTIVE}
    assert {record.version for record in host.records} == {petstudio.__version__}


def test_that_the_bundled_plugins_are_named_by_their_packages():
    names = [candidate.name for candidate in bundled()]
    assert names == sorted(names)
    assert {"regex_labels", "resnets", "schedules"} <= set(names)


def test_that_finding_plugins_imports_none_of_them(plugin_folder):
    plugin_folder.write("eager", "raise SystemExit")
    assert [candidate.name for candidate in in_folder(plugin_folder.path)] == ["eager"]


def test_that_a_missing_user_folder_is_neither_an_error_nor_created(tmp_path):
    folder = tmp_path / "none"
    assert list(in_folder(folder)) == []
    assert not folder.exists()


def test_that_a_plugin_of_the_user_folder_loads_as_part_of_a_real_package(plugin_folder):
    plugin_folder.write("mine", METRIC.format(key="mine"))
    host = PluginHost.load(user_folder=plugin_folder.path)
    assert states(host)["mine", Origin.USER] is PluginState.ACTIVE
    assert (plugin_folder.path / "__init__.py").is_file()
    assert f"{plugin_folder.path.name}.mine" in sys.modules
    assert sys.path[-1] == str(plugin_folder.path.parent)


def test_that_the_user_folder_is_where_the_program_keeps_its_data(monkeypatch):
    folder = user_plugin_folder()
    folder.mkdir(parents=True)
    (folder / "_private.py").write_text("raise SystemExit", encoding="utf-8")
    (folder / "kept.py").write_text("raise SystemExit", encoding="utf-8")
    host = PluginHost.load(safe_mode=True)
    assert [record.name for record in host.records if record.origin is Origin.USER] == ["kept"]


def test_that_a_record_tells_version_summary_and_contributions(plugin_folder):
    plugin_folder.write("mine", METRIC.format(key="mine"))
    (record,) = PluginHost(in_folder(plugin_folder.path)).records
    assert (record.version, record.summary) == ("2.5", "A metric.")
    assert record.contributions == ("metric mine",)


def test_that_the_first_plugin_of_a_name_hides_a_later_one(plugin_folder):
    plugin_folder.write("resnets", METRIC.format(key="mine"))
    host = PluginHost.load(user_folder=plugin_folder.path)
    assert states(host)["resnets", Origin.BUNDLED] is PluginState.ACTIVE
    assert states(host)["resnets", Origin.USER] is PluginState.HIDDEN
    hidden = next(record for record in host.records if record.state is PluginState.HIDDEN)
    assert hidden.reason == "Hidden by the plugin of the same name that is bundled."
    assert "mine" not in host.metrics


def test_that_a_disabled_plugin_is_listed_but_not_imported(plugin_folder):
    plugin_folder.write("mine", "raise SystemExit")
    host = PluginHost(in_folder(plugin_folder.path), disabled=frozenset({"mine"}))
    assert states(host) == {("mine", Origin.USER): PluginState.DISABLED}
    assert f"{plugin_folder.path.name}.mine" not in sys.modules


def test_that_safe_mode_imports_bundled_plugins_only(plugin_folder):
    plugin_folder.write("mine", "raise SystemExit")
    before = list(sys.path)
    host = PluginHost.load(safe_mode=True, user_folder=plugin_folder.path)
    assert states(host)["mine", Origin.USER] is PluginState.DISABLED
    assert states(host)["resnets", Origin.BUNDLED] is PluginState.ACTIVE
    assert sys.path == before


def test_that_another_package_with_the_name_of_the_user_folder_is_refused(plugin_folder, tmp_path):
    plugin_folder.write("mine", METRIC.format(key="mine"))
    other = tmp_path / "elsewhere" / plugin_folder.path.name
    other.mkdir(parents=True)
    (other / "__init__.py").touch()
    sys.path.insert(0, str(other.parent))
    (record,) = PluginHost(in_folder(plugin_folder.path)).records
    assert record.state is PluginState.FAILED
    assert f"another package is called {plugin_folder.path.name}" in record.reason


def test_that_a_plugin_announced_by_an_entry_point_is_installed(tmp_path, monkeypatch):
    site = tmp_path / "site"
    info = site / "extra-1.5.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: extra\nVersion: 1.5\n")
    points = "[petstudio.plugins]\ngood = petstudio.plugins.basic_metrics\nbad = no_such_module\n"
    (info / "entry_points.txt").write_text(points)
    monkeypatch.syspath_prepend(str(site))
    found = [candidate for candidate in installed() if candidate.name in ("good", "bad")]
    host = PluginHost(found)
    assert [(record.name, record.state) for record in host.records] == [
        ("bad", PluginState.FAILED),
        ("good", PluginState.ACTIVE),
    ]
    assert host.records[1].version == "1.5"


def test_that_one_module_under_two_names_loads_once():
    load = partial(import_module, "petstudio.plugins.basic_metrics")
    twice = [
        Candidate(name=name, origin=Origin.INSTALLED, load=load, module="basic_metrics")
        for name in ("one", "two")
    ]
    host = PluginHost(twice)
    assert [record.state for record in host.records] == [PluginState.ACTIVE, PluginState.FAILED]
    assert host.records[1].reason == "The plugin one already has a metric “accuracy”."


def test_that_a_relative_user_folder_is_found_from_its_full_path(plugin_folder, monkeypatch):
    plugin_folder.write("mine", METRIC.format(key="mine"))
    monkeypatch.chdir(plugin_folder.path.parent)
    host = PluginHost(in_folder(Path(plugin_folder.path.name)))
    assert host.metrics["mine"].label == "M"
