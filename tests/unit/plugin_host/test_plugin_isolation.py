from __future__ import annotations

import pytest

from petstudio.plugin_host.discovery import in_folder
from petstudio.plugin_host.host import PluginHost
from petstudio.plugin_host.kinds import KINDS
from petstudio.plugin_host.records import PluginRecord, PluginState

START = """
from dataclasses import dataclass
from petstudio.api import Metric, NoOptions, hookimpl, integer
PETSTUDIO_API = (1, 0)
def metric(key, **changes):
    given = dict(key=key, label="M", summary="", options=NoOptions, compute=len)
    return Metric(**(given | changes))
"""
GOOD = (
    START
    + """
@hookimpl
def petstudio_metrics():
    return [metric("{key}")]
"""
)
HOOK = "@hookimpl\ndef petstudio_metrics():\n    return "

MISDEEDS = {
    "missing import": (
        "import no_such_package",
        "It needs the package no_such_package, which is not installed.",
    ),
    "syntax error": ("def (:", "It failed with SyntaxError"),
    "exit at import": ("raise SystemExit(3)", "It tried to end the program (SystemExit: 3)."),
    "no mark": (HOOK.replace("@hookimpl", ""), "It does not state its API: write PETSTUDIO_API"),
    "odd mark": ("PETSTUDIO_API = '1.0'", "PETSTUDIO_API is '1.0'; write PETSTUDIO_API = (1, 1)."),
    "newer minor": ("PETSTUDIO_API = (1, 7)", "It needs the API 1.7; this PetStudio has 1.1. Upd"),
    "newer major": ("PETSTUDIO_API = (2, 0)", "It needs the API 2.0; this PetStudio has 1.1. Upd"),
    "older major": ("PETSTUDIO_API = (0, 9)", "Update the plugin."),
    "no hook": (START, "It implements no hook. Is @hookimpl missing?"),
    "misspelt hook": (
        START + "@hookimpl\ndef petstudio_metrix():\n    return []",
        "There is no hook petstudio_metrix. Did you mean petstudio_metrics?",
    ),
    "extra argument": (
        START + "@hookimpl\ndef petstudio_metrics(folder):\n    return []",
        "Argument(s) {'folder'} are declared in the hookimpl but can not be found in the hookspec",
    ),
    "wrapper": (
        START + "@hookimpl(hookwrapper=True)\ndef petstudio_metrics():\n    yield",
        "petstudio_metrics gave a NoneType where a Metric belongs.",
    ),
    "one text": (START + HOOK + "'accuracy'", "petstudio_metrics gave a str where a Metric be"),
    "not a list": (START + HOOK + "3", "petstudio_metrics gave a int, not a list of Metric."),
    "odd key": (START + HOOK + "[metric('Top 5')]", "The key 'Top 5' must be lower-case words"),
    "key no text": (START + HOOK + "[metric(5)]", "The key 5 must be lower-case words"),
    "no label": (START + HOOK + "[metric('m', label=' ')]", "The metric “m” has no label."),
    "no function": (
        START + HOOK + "[metric('m', compute=1)]",
        "The metric “m” has a compute that is no function.",
    ),
    "options no class": (
        START + HOOK + "[metric('m', options=NoOptions())]",
        "The options of the metric “m” cannot be used: NoOptions() is not a class.",
    ),
    "options not frozen": (
        START + "@dataclass\nclass Loose:\n    pass\n" + HOOK + "[metric('m', options=Loose)]",
        "Loose must be a frozen dataclass.",
    ),
    "undeclared option": (
        START
        + "@dataclass(frozen=True)\nclass Bare:\n    k: int = 5\n"
        + HOOK
        + "[metric('m', options=Bare)]",
        "Bare.k was not declared with an option helper.",
    ),
    "default out of range": (
        START
        + "@dataclass(frozen=True)\nclass Odd:\n    k: int = integer(5, maximum=3)\n"
        + HOOK
        + "[metric('m', options=Odd)]",
        "k: 5 is above 3.",
    ),
    "key twice": (START + HOOK + "[metric('m'), metric('m')]", "It has two metrics with the key"),
    "taken key": (START + HOOK + "[metric('first')]", "The plugin a_good already has a metric “fi"),
    "half good": (START + HOOK + "[metric('fine'), 5]", "gave a int where a Metric belongs."),
}


def load_with(plugin_folder, code: str) -> tuple[PluginHost, PluginRecord]:
    plugin_folder.write("a_good", GOOD.format(key="first"))
    plugin_folder.write("broken", code)
    plugin_folder.write("z_good", GOOD.format(key="last"))
    host = PluginHost(in_folder(plugin_folder.path))
    return host, next(record for record in host.records if record.name == "broken")


@pytest.mark.parametrize(("code", "reason"), MISDEEDS.values(), ids=MISDEEDS.keys())
def test_that_a_misdeed_gets_its_own_reason_and_the_others_load(plugin_folder, code, reason):
    host, broken = load_with(plugin_folder, code)
    assert broken.state is PluginState.FAILED
    assert reason in broken.reason
    assert list(host.metrics) == ["first", "last"]


HOOK_MISDEEDS = {
    "raises": ("raise ValueError('no luck')", "It failed with ValueError: no luck"),
    "exits": ("raise SystemExit", "It tried to end the program"),
    "gives nothing": ("pass", "gave a NoneType, not a list of"),
    "gives the wrong thing": ("return [object()]", "gave a object where a"),
    "raises on the way": ("yield from [1 / 0]", "It failed with ZeroDivisionError"),
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.hook)
@pytest.mark.parametrize(("body", "reason"), HOOK_MISDEEDS.values(), ids=HOOK_MISDEEDS.keys())
def test_that_a_hook_that_misbehaves_fails_its_own_plugin_only(plugin_folder, kind, body, reason):
    host, broken = load_with(plugin_folder, f"{START}@hookimpl\ndef {kind.hook}():\n    {body}\n")
    assert broken.state is PluginState.FAILED
    assert reason in broken.reason
    assert list(host.metrics) == ["first", "last"]


def test_that_a_failure_keeps_its_traceback(plugin_folder):
    _, broken = load_with(plugin_folder, "import no_such_package")
    assert "import no_such_package" in broken.traceback


def test_that_a_plugin_that_fails_late_leaves_nothing_behind(plugin_folder):
    code = START + HOOK + "[metric('fine')]\n@hookimpl\ndef petstudio_schedulers():\n    return 1"
    host, broken = load_with(plugin_folder, code)
    assert broken.contributions == ()
    assert "fine" not in host.metrics


def test_that_a_failure_is_logged_with_the_name_of_the_plugin(plugin_folder, caplog):
    load_with(plugin_folder, "raise SystemExit")
    assert caplog.messages == ["The plugin broken was not loaded"]


def test_that_the_same_key_may_stand_for_contributions_of_two_kinds(plugin_folder):
    code = (
        START
        + HOOK
        + """[metric('shared')]
from petstudio.api import Scheduler
@hookimpl
def petstudio_schedulers():
    return [Scheduler(key='shared', label='S', summary='', options=NoOptions, build=len)]
"""
    )
    host, plugin = load_with(plugin_folder, code)
    assert plugin.contributions == ("metric shared", "scheduler shared")
    assert host.owner_of(host.schedulers["shared"]) == "broken"
