"""A plugin of each kind is written in a fresh folder and used in a run, in a new process each."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from terminal_fixtures import draw_colours, events

from petstudio.config.paths import user_plugin_folder
from petstudio.config.settings import SettingsFile
from petstudio.plugin_host.kinds import KINDS

OWN = {kind.word: f"own_{kind.word}" for kind in KINDS}
RECIPE = """
schema_version = 1
[model]
architecture = "own-architecture"
weights = "none"
[input]
size = 32
[training]
batch_size = 8
device = "cpu"
precision = "float32"
[[augmentations]]
key = "own-augmentation"
share = 0.9
[[stages]]
name = "all"
epochs = 2
trainable = "all"
rate = 1e-3
scheduler = "own-scheduler"
[stages.options]
times = 2
"""


def petstudio(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "petstudio", *(str(argument) for argument in arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def done(*arguments: object) -> str:
    result = petstudio(*arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout


def listed() -> dict[str, dict[str, object]]:
    lines = [json.loads(line) for line in done("plugins", "--json").splitlines()]
    return {line["name"]: line for line in lines}


def test_that_a_new_plugin_of_each_kind_is_written_where_it_says_and_found():
    for word, name in OWN.items():
        file = Path(done("plugins", "--new", word, name).strip())
        assert file == user_plugin_folder() / f"{name}.py"
        assert file.is_file()
    found = listed()
    for word, name in OWN.items():
        key = name.replace("_", "-")
        assert found[name]["state"] == "active", found[name]["reason"]
        assert found[name]["contributions"] == [f"{word} {key}"]


def test_that_a_plugin_is_never_overwritten():
    file = Path(done("plugins", "--new", "metric", "mine").strip())
    file.write_text("changed", encoding="utf-8")
    again = petstudio("plugins", "--new", "loader", "mine")
    assert again.returncode == 2
    assert "There is a plugin “mine” already." in again.stderr
    assert file.read_text(encoding="utf-8") == "changed"


def test_that_a_name_that_no_module_can_have_is_refused():
    refused = petstudio("plugins", "--new", "metric", "../a")
    assert refused.returncode == 2
    assert "Write a name of lower-case letters" in refused.stderr
    assert not user_plugin_folder().exists()


def test_that_a_key_of_another_plugin_is_refused():
    refused = petstudio("plugins", "--new", "loader", "regex")
    assert refused.returncode == 2
    assert "There is a loader “regex” already." in refused.stderr


@pytest.mark.slow
def test_that_new_plugins_of_all_kinds_are_used_in_a_run(tmp_path):
    for word, name in OWN.items():
        done("plugins", "--new", word, name)
    data = draw_colours(tmp_path / "data")
    done(
        "new", tmp_path / "p", "--data", data, "--loader", "own-loader", "--option", "end=_",
        "--json",
    )  # fmt: skip
    recipe = tmp_path / "own.toml"
    recipe.write_text(RECIPE, encoding="utf-8")
    trained = events(done("train", tmp_path / "p", "--json", "--recipe", recipe))
    epochs = [event for event in trained if event["event"] == "EpochFinished"]
    assert all("own-metric" in epoch["metrics"] for epoch in epochs)
    assert trained[-1]["outcome"] == "completed"
    evaluated = events(done("evaluate", tmp_path / "p", "--view", "own-view", "--json"))
    (view,) = (event for event in evaluated if event["event"] == "ViewMade")
    assert [row["label"] for row in view["rows"]] == ["deep_blue", "deep_green", "deep_red"]
    assert "Own view:" in done("evaluate", tmp_path / "p", "--view", "own-view")
    exported = events(done("export", tmp_path / "p", "--to", tmp_path / "m.ownexporter", "--json"))
    checked = next(event for event in exported if event["event"] == "ExportFinished")
    assert (checked["format"], checked["matches"]) == ("own-exporter", True)


def test_that_a_plugin_that_is_switched_off_is_off_in_the_terminal():
    done("plugins", "--new", "metric", "mine")
    SettingsFile().change(plugins_off=("mine",))
    mine = listed()["mine"]
    assert (mine["state"], mine["reason"]) == ("disabled", "Switched off.")


def test_that_what_a_plugin_prints_stays_out_of_json_lines():
    file = Path(done("plugins", "--new", "metric", "mine").strip())
    file.write_text(f"print('hello')\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
    result = petstudio("plugins", "--json")
    assert all(json.loads(line) for line in result.stdout.splitlines())
    assert "hello" in result.stderr
