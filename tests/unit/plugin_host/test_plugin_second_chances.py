"""Trying again, new plugins while the program runs, and what is told of those not loaded."""

from __future__ import annotations

import pytest

from petstudio.api import Metric, NoOptions, PluginError
from petstudio.config.settings import SettingsFile
from petstudio.plugin_host.discovery import in_folder
from petstudio.plugin_host.host import MOST_FAILURES, PluginHost
from petstudio.plugin_host.records import PluginState

GOOD = '''"""A number.

More of it."""
from petstudio.api import Metric, NoOptions, hookimpl
PETSTUDIO_API = (1, 0)
def compute(options, probabilities, truth):
    raise ValueError("no luck")
@hookimpl
def petstudio_metrics():
    return [Metric(key="own", label="M", summary="", options=NoOptions, compute=compute)]
'''
BROKEN = GOOD.replace("PETSTUDIO_API", "import no_such_package\nPETSTUDIO_API")


def load(plugin_folder, code: str, **options: object) -> PluginHost:
    plugin_folder.write("own", code)
    return PluginHost(in_folder(plugin_folder.path), user_folder=plugin_folder.path, **options)


def fail(host: PluginHost) -> None:
    metric = host.metrics["own"]
    with pytest.raises(PluginError):
        host.call(metric, metric.compute, NoOptions(), None, None)


def test_that_a_plugin_that_was_mended_loads_when_it_is_tried_again(plugin_folder):
    host = load(plugin_folder, BROKEN)
    assert "own" not in host.metrics
    plugin_folder.write("own", GOOD)
    record = host.try_again("own")
    assert (record.state, record.reason, record.traceback) == (PluginState.ACTIVE, "", "")
    assert isinstance(host.metrics["own"], Metric)


def test_that_a_plugin_that_broke_a_rule_is_read_anew_when_it_is_tried_again(plugin_folder):
    host = load(plugin_folder, GOOD.replace('"own"', '"Own"'))
    assert "must be lower-case words" in host.record("own").reason
    plugin_folder.write("own", GOOD)
    assert host.try_again("own").state is PluginState.ACTIVE


def test_that_a_plugin_that_fails_once_more_says_why(plugin_folder):
    host = load(plugin_folder, BROKEN)
    plugin_folder.write("own", GOOD.replace("PETSTUDIO_API = (1, 0)", ""))
    assert "does not state its API" in host.try_again("own").reason


def test_that_a_plugin_whose_package_is_missing_says_which(plugin_folder):
    reason = load(plugin_folder, BROKEN).record("own").reason
    assert reason == "It needs the package no_such_package, which is not installed."


def test_that_failures_are_counted_until_the_plugin_is_left_alone(plugin_folder):
    host = load(plugin_folder, GOOD)
    for count in range(1, MOST_FAILURES + 1):
        fail(host)
        assert host.record("own").failures == count
    fail(host)
    assert host.record("own").failures == MOST_FAILURES


def test_that_a_failure_elsewhere_is_learned_once(plugin_folder):
    host = load(plugin_folder, GOOD)
    host.learn_of_failure("own", "It failed there.", "trace")
    host.learn_of_failure("own", "It failed there. The job goes on.", "trace")
    host.learn_of_failure("nobody", "It failed.", "trace")
    record = host.record("own")
    assert (record.failures, record.reason, record.traceback) == (1, "It failed there.", "trace")


def test_that_a_plugin_put_into_the_folder_is_taken(plugin_folder):
    host = load(plugin_folder, GOOD)
    plugin_folder.write("second", GOOD.replace('"own"', '"second"'))
    assert [record.name for record in host.take_new()] == ["second"]
    assert host.take_new() == ()
    assert list(host.metrics) == ["own", "second"]


@pytest.mark.parametrize("code", [BROKEN, GOOD], ids=["broken", "switched off"])
def test_that_what_a_plugin_is_can_be_told_without_loading_it(plugin_folder, code):
    disabled = frozenset({"own"}) if code is GOOD else frozenset()
    record = load(plugin_folder, code, disabled=disabled).record("own")
    assert record.state is not PluginState.ACTIVE
    assert (record.summary, record.kinds) == ("A number.", ("metric",))


def test_that_nothing_is_told_of_a_file_that_is_no_python(plugin_folder):
    record = load(plugin_folder, "def (:").record("own")
    assert (record.summary, record.kinds) == ("", ())


def test_that_plugins_switched_off_in_the_settings_are_not_loaded(plugin_folder):
    SettingsFile().change(plugins_off=("own", "resnets"))
    plugin_folder.write("own", "raise SystemExit")
    host = PluginHost.load(user_folder=plugin_folder.path)
    assert host.record("own").reason == "Switched off."
    assert "resnet18" not in host.architectures


def test_that_a_key_that_is_missing_may_be_of_a_plugin_that_is_off(plugin_folder):
    host = load(plugin_folder, GOOD, disabled=frozenset({"own"}))
    with pytest.raises(Exception, match="Some plugins are switched off"):
        host.metric("own")
