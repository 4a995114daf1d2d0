from __future__ import annotations

from types import ModuleType

import pytest

from petstudio.api import (
    InputError,
    Metric,
    NoOptions,
    PluginError,
    RunCancelledError,
    hookimpl,
    language,
)
from petstudio.plugin_host.host import PluginHost


def module_with(*keys: str, name: str = "sample") -> ModuleType:
    @hookimpl
    def petstudio_metrics():
        return [
            Metric(key=key, label=key, summary="", options=NoOptions, compute=len) for key in keys
        ]

    module = ModuleType(name)
    module.PETSTUDIO_API = (1, 0)
    module.petstudio_metrics = petstudio_metrics
    return module


def fail(error: BaseException) -> None:
    raise error


@pytest.fixture
def host() -> PluginHost:
    return PluginHost.from_modules(module_with("first", "second"))


def test_that_a_known_key_gives_its_contribution(host):
    assert host.metric("second") is host.metrics["second"]


@pytest.mark.parametrize("kind", ["loader", "architecture", "scheduler", "augmentation", "metric"])
def test_that_an_unknown_key_is_an_input_error_that_names_it(host, kind):
    with pytest.raises(InputError, match=rf"There is no {kind} “nope”\. Known: "):
        getattr(host, kind)("nope")


def test_that_an_unknown_key_names_the_known_ones(host):
    with pytest.raises(InputError) as caught:
        host.metric("third")
    assert caught.value.cure == "Known: first, second."


def test_that_an_unknown_key_points_to_the_plugins_that_failed():
    host = PluginHost.from_modules(module_with("first"), ModuleType("broken"))
    with pytest.raises(InputError, match="“petstudio plugins” says why"):
        host.metric("third")


def test_that_lookups_cannot_be_changed_from_outside(host):
    with pytest.raises(TypeError):
        host.metrics["third"] = host.metrics["first"]


def test_that_the_owner_of_a_contribution_is_the_plugin_that_gave_it():
    host = PluginHost.from_modules(module_with("a", name="one"), module_with("b", name="x.two"))
    assert [host.owner_of(metric) for metric in host.metrics.values()] == ["one", "two"]


def test_that_a_call_returns_what_the_function_returns(host):
    assert host.call(host.metric("first"), divmod, 7, 2) == (3, 1)


@pytest.mark.parametrize("error", [ValueError("no luck"), SystemExit(1), MemoryError()])
def test_that_a_failing_call_names_plugin_and_contribution(host, error):
    with pytest.raises(PluginError) as caught:
        host.call(host.metric("first"), fail, error)
    assert (caught.value.plugin, caught.value.contribution) == ("sample", "first")
    assert caught.value.__cause__ is error


def test_that_a_failing_call_is_noted_in_the_record_of_its_plugin(host):
    with pytest.raises(PluginError):
        host.call(host.metric("first"), fail, ValueError("no luck"))
    (record,) = host.records
    assert record.reason == "The plugin sample failed in first: ValueError: no luck"
    assert "ValueError: no luck" in record.traceback


@pytest.mark.parametrize("error", [InputError("Bad.", cure="Mend it."), RunCancelledError()])
def test_that_an_error_of_ours_passes_through_a_call(host, error):
    with pytest.raises(type(error)) as caught:
        host.call(host.metric("first"), fail, error)
    assert caught.value is error
    assert host.records[0].reason == ""


def test_that_a_plugin_error_from_below_is_noted_as_well(host):
    with pytest.raises(PluginError):
        host.call(host.metric("first"), fail, PluginError("sample", "first", "it ended."))
    assert host.records[0].reason == "The plugin sample failed in first: it ended."


def test_that_ctrl_c_in_a_call_is_no_failure_of_the_plugin(host):
    with pytest.raises(KeyboardInterrupt):
        host.call(host.metric("first"), fail, KeyboardInterrupt())
    assert host.records[0].reason == ""


def test_that_what_a_plugin_does_twice_is_said_in_the_language_of_the_window(monkeypatch):
    monkeypatch.setattr(language, "_catalogue", language._load("de"))
    host = PluginHost.from_modules(module_with("first"), module_with("first", name="other"))
    assert host.record("other").reason.endswith("„first“ (Metrik).")
