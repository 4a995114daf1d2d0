"""Model and checkpoint files that mean harm, through every way into the program.

Nothing of them is run, each is refused in a sentence of ours, none takes memory or time.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from engine_fixtures import build_tiny
from hostile_models import BOMB_KINDS, GOOD_INFO, KINDS, LIVE, Kind
from hostile_ways import (
    ADVICE,
    UNCHECKED,
    Place,
    as_model,
    as_weights,
    by_its_bytes,
    hostile_home,  # noqa: F401
    hostile_place,  # noqa: F401
    listed,
    put,
    refusal,
    ways_of,
)

from petstudio.api import NoOptions, RunControl
from petstudio.cli.display import PeopleDisplay
from petstudio.engine.features import FeatureFiles, PictureVersions, View
from petstudio.engine.network import Network
from petstudio.jobs.job import run_job
from petstudio.jobs.predicting import predict
from petstudio.project.project import Project
from petstudio.project.records import Access

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the payloads are commands of Unix")


def opening(place: Place) -> None:
    for access in Access:
        Project.open(place.project, access).close()


@pytest.fixture(params=KINDS, ids=str)
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


@pytest.fixture
def made(kind: Kind, place: Place, tmp_path: Path) -> Path:
    """The file of a kind, made once; or where it would be, if it is no plain file."""
    path = tmp_path / "made"
    if not kind.is_special:
        kind.write(path, place.canary)
    return path


@pytest.mark.parametrize("unchecked", ["0", "1"])
def test_that_it_is_refused_where_it_is_read(
    kind: Kind, made: Path, place: Place, tmp_path: Path, monkeypatch, unchecked: str
) -> None:
    monkeypatch.setenv(UNCHECKED, unchecked)
    found = {}
    for suffix in {".pth", ".safetensors", kind.suffix}:
        with put(kind, made, tmp_path / f"file{suffix}", place.canary) as file:
            ways = (as_model,) if kind.has_good_body else (as_weights, as_model)
            found.update({(way.__name__, suffix): refusal(way, place, file) for way in ways})
    if not kind.is_special:
        found["by_its_bytes", ""] = refusal(by_its_bytes, place, made)
    assert not place.canary.exists()
    assert {way: problem for way, problem in found.items() if problem} == {}


@pytest.mark.slow
@pytest.mark.timeout(60)
def test_that_nothing_of_it_is_run_and_it_is_refused_in_a_sentence(
    kind: Kind, made: Path, place: Place, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setenv(UNCHECKED, "1")
    found = dict(ways_of(kind, made, place, tmp_path / "elsewhere"))
    assert not place.canary.exists()
    assert {way: problem for way, problem in found.items() if problem} == {}


@pytest.mark.slow
@pytest.mark.timeout(60)
def test_that_a_project_that_holds_it_opens_and_runs_nothing(
    kind: Kind, made: Path, place: Place
) -> None:
    with put(kind, made, place.finished.model_path, place.canary), listed(kind, made, place):
        opening(place)
    assert not place.canary.exists()


def test_that_kept_features_that_mean_harm_are_made_anew(
    kind: Kind, made: Path, place: Place, tmp_path: Path
) -> None:
    rows = np.arange(3)
    files = FeatureFiles(tmp_path / "kept", PictureVersions(keys=rows, contents=rows))
    with put(kind, made, tmp_path / "kept" / "view.safetensors", place.canary):
        view = View(3, 8, torch.device("cpu"))
        files.load("view", view)
    assert not view.known.any()
    assert not place.canary.exists()


@pytest.mark.parametrize("name", LIVE)
def test_that_the_payload_would_run_in_a_careless_program(
    place: Place, tmp_path: Path, name: str
) -> None:
    (kind,) = (kind for kind in KINDS if kind.name == name)
    path, canary = tmp_path / "file.pth", tmp_path / "canary"
    kind.write(path, canary)
    with contextlib.suppress(Exception):  # some fail once they have done harm
        torch.load(path, weights_only=False)
    assert canary.exists()


# Bombs: in a child, so that its memory can be limited and measured.

MOST_MEMORY = 300  # MB beyond what the child had before
CHILD = """
import json, resource, sys
from pathlib import Path
import hostile_models, hostile_ways as ways
from petstudio.api.errors import PetStudioError
from engine_fixtures import TINY
from petstudio.engine.model_file import load_model
from petstudio.engine.model_info import read_info

def as_model(_place, file):
    load_model(file, read_info(file), TINY)

def status(word):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(word))

limit = status("VmSize") * 1024 + (2 << 30)
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
found = {}
for name, path, is_read in json.loads(sys.argv[1]):
    file = Path(path)
    for way in (ways.as_weights, as_model, *([ways.by_its_bytes] if is_read else [])):
        Path("/proc/self/clear_refs").write_text("5")  # the highest mark is forgotten
        before = status("VmRSS")
        problem = ways.refusal(way, None, file)
        grown = (status("VmHWM") - before) // 1024
        found[f"{name}, {way.__name__}"] = problem, grown
print(json.dumps(found))
"""


@pytest.mark.slow
@pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="memory is measured on Linux"
)
@pytest.mark.parametrize("unchecked", ["0", "1"])
def test_that_bombs_are_refused_before_memory_is_taken(
    place: Place, tmp_path: Path, unchecked: str
) -> None:
    given = []
    for number, kind in enumerate(BOMB_KINDS):
        path = tmp_path / f"bomb{number}{kind.suffix}"
        kind.write(path, place.canary)
        # A checkpoint's bytes are read as a whole, since their checksum comes first.
        given.append((kind.name, str(path), path.stat().st_size < MOST_MEMORY << 20))
    finished = in_child("-c", CHILD, json.dumps(given), unchecked=unchecked)
    assert finished.returncode == 0, finished.stderr[-2000:]
    found = json.loads(finished.stdout)
    figures = (f"{grown:5} MB {way}" for way, (_, grown) in found.items())
    sys.stdout.write("\n".join(figures))  # pytest -rP shows them
    bad = {w: (p, grown) for w, (p, grown) in found.items() if p or grown > MOST_MEMORY}
    assert bad == {}


def in_child(*arguments: object, unchecked: str) -> subprocess.CompletedProcess[str]:
    tests = Path(__file__).parents[1]
    folders = [str(tests / name) for name in ("faults", "unit/engine", "e2e")]
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(folders), UNCHECKED: unchecked},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


TYPED = ("os.system", "a raw pickle")


@pytest.mark.slow
@pytest.mark.parametrize("name", TYPED)
def test_that_the_terminal_refuses_it_in_one_line(place: Place, tmp_path: Path, name: str) -> None:
    (kind,) = (kind for kind in KINDS if kind.name == name)
    made = tmp_path / "made"
    kind.write(made, place.canary)
    weights = ("--set", "model.architecture=tiny", "--set", f"model.weights={tmp_path}/file.pth")
    number = place.broken_off.number
    with (
        put(kind, made, tmp_path / "file.pth", place.canary) as file,
        put(kind, made, place.finished.model_path, place.canary),
        listed(kind, made, place),
    ):
        lines = [
            ("train", place.project, *weights),
            ("train", place.project, "--resume", "--run", number),
            ("train", place.project, "--from", number),
            ("predict", file, place.picture),
            ("predict", place.project, place.picture),
            ("evaluate", place.project),
        ]
        results = [in_child("-m", "petstudio", *line, unchecked="1") for line in lines]
    assert not place.canary.exists()
    assert [result.returncode for result in results] == [2] * len(lines)
    for result in results:
        sentence = result.stderr.rstrip("\n")
        assert sentence.isprintable(), sentence
        assert not any(word in sentence for word in ADVICE)
        sys.stdout.write(f"{sentence}\n")  # pytest -rP shows it


def test_that_class_names_cannot_steer_the_terminal(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    classes = ["\x1b[2J", "\x07\n", "\u202e"]
    file = tmp_path / "model.safetensors"
    state = Network(build_tiny(NoOptions()), 3).state_dict()
    safetensors.torch.save_file(
        state, file, {"petstudio": json.dumps({**GOOD_INFO, "classes": classes})}
    )
    display = PeopleDisplay()
    with display:
        run_job(predict(place.host, file, [place.picture], top=3), display.show, RunControl())
    shown = capsys.readouterr().out
    assert all(line.isprintable() for line in shown.splitlines())
    assert "x1b[2J" in shown
