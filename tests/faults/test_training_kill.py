"""kill -9 while training, at random moments, again and again: the final weights are the same.

PETSTUDIO_TRAINING_KILLS is the number of kills, 5 unless it is set. PETSTUDIO_SEED makes the
moments others.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from petstudio.api.control import RunControl
from petstudio.config.settings import SettingsFile
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.importing import create_project
from petstudio.jobs.proving import DataSource
from petstudio.plugin_host.host import PluginHost
from petstudio.project.project import Project
from petstudio.project.records import RunState

_KILLS = int(os.environ.get("PETSTUDIO_TRAINING_KILLS", "5"))
_SEED = int(os.environ.get("PETSTUDIO_SEED", "0"))
_PER_CLASS = 14
_COLOURS = {"blue": (40, 60, 200), "green": (40, 170, 60), "red": (200, 50, 40)}
_LONGEST_WAIT_S = 0.3
_MOST_EVENTS = 50  # of the about 90 that the whole run has
_RECIPE = """
[model]
architecture = "resnet18"
weights = "none"
[input]
size = 32
[training]
batch_size = 6
[[augmentations]]
key = "tutorial"
[[stages]]
name = "head"
epochs = 3
rate = 3e-3
views = 2
[[stages]]
name = "all"
epochs = 4
trainable = "all"
rate = [1e-4, 1e-3]
keep = "best"
label_smoothing = 0.1
clip_gradient = 1.0
[[stages]]
name = "mixed"
epochs = 2
trainable = "layer3 to layer4"
rate = 1e-4
mixup = 0.2
scheduler = "constant"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pictures, a recipe, and settings that ask for many checkpoints."""
    place = tmp_path_factory.mktemp("kill")
    rng = np.random.default_rng(0)
    for name, colour in _COLOURS.items():
        (place / "pictures" / name).mkdir(parents=True)
        for number in range(_PER_CLASS):
            pixels = np.clip(rng.normal(colour, 60, (40, 48, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(place / "pictures" / name / f"{number}.png")
    (place / "recipe.toml").write_text(_RECIPE, encoding="utf-8")
    (place / "home").mkdir()
    return place


def _command(folder: Path, project: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "petstudio", "train", str(project), "--json", *options],
        env={**os.environ, "PETSTUDIO_HOME": str(folder / "home"), "CUDA_VISIBLE_DEVICES": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # so that its decoding processes can be killed with it
    )


def _new_project(folder: Path, name: str) -> Path:
    path = folder / f"{name}.petstudio"
    source = DataSource(root=folder / "pictures", loader="folder", options={}, group="")
    create_project(PluginHost.load(), path, source, SplitChoice())(lambda event: None, RunControl())
    return path


def _finish(process: subprocess.Popen[str]) -> list[dict[str, object]]:
    with process:
        assert process.stdout is not None
        lines = process.stdout.read().splitlines()
    assert process.returncode == 0, "\n".join(lines)
    return [json.loads(line) for line in lines]


def _kill_at_random(process: subprocess.Popen[str], moments: random.Random) -> str:
    """Let a process live for some events and a moment more; return what it said last."""
    last = "nothing"
    with process:
        assert process.stdout is not None
        for _ in range(moments.randint(1, _MOST_EVENTS)):
            line = process.stdout.readline()
            if not line:
                break
            last = json.loads(line)["event"]
        # The moment itself, not a wait for something.
        time.sleep(moments.uniform(0, _LONGEST_WAIT_S))
        os.killpg(process.pid, signal.SIGKILL)
    return str(last)


def _digest(project: Path) -> tuple[str, str]:
    with Project.open(project) as opened:
        (run,) = opened.runs()
    assert run.state is RunState.COMPLETED
    files = (run.folder.model_path, run.folder.predictions_path)
    first, second = (hashlib.sha256(file.read_bytes()).hexdigest() for file in files)
    return first, second


def _run_with_kills(folder: Path, project: Path, moments: random.Random, most: int) -> list[str]:
    """Train a project to its end, killing processes on the way; return their last words."""
    recipe, words = ("--recipe", str(folder / "recipe.toml")), []
    options: tuple[str, ...] = recipe
    while len(words) < most:
        last_words = _kill_at_random(_command(folder, project, *options), moments)
        with Project.open(project) as opened:
            runs = opened.runs()
        if runs and runs[0].state is RunState.COMPLETED:
            return words  # it was faster than the kill, which does not count
        words.append(last_words)
        options = ("--resume",) if runs else recipe
    for event in _finish(_command(folder, project, *options)):
        assert event["event"] != "RunResumed" or event["is_exact"]
    return words


@pytest.mark.slow
@pytest.mark.timeout(60 + 60 * _KILLS)
def test_that_a_run_that_is_killed_again_and_again_ends_with_the_same_weights(
    folder: Path, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    monkeypatch.setenv("PETSTUDIO_HOME", str(folder / "home"))
    SettingsFile().change(checkpoint_seconds=0.05)
    whole = _new_project(folder, "whole")
    _finish(_command(folder, whole, "--recipe", str(folder / "recipe.toml")))
    moments, words, runs = random.Random(_SEED), [], 0
    while len(words) < _KILLS:
        broken = _new_project(folder, f"broken-{runs}")
        words += _run_with_kills(folder, broken, moments, most=_KILLS - len(words))
        assert _digest(broken) == _digest(whole), words
        runs += 1
    record_property("kills", len(words))
    record_property("runs", runs)
    record_property("last words", ", ".join(words))
