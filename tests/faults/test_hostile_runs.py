"""Runs of a foreign project: checkpoints whose values mean harm, files that lead elsewhere."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from engine_fixtures import build_tiny
from hostile_models import KINDS, Kind
from hostile_ways import (
    Place,
    Way,
    as_a_runs_model,
    by_branching,
    by_resuming,
    hostile_home,  # noqa: F401
    hostile_place,  # noqa: F401
    listed,
    put,
    refusal,
)

from petstudio.api import NoOptions
from petstudio.engine.devices import engine_version
from petstudio.engine.network import Network
from petstudio.project.checkpoint_ledger import DamagedLedgerError, decode
from petstudio.project.checkpoints import LEDGER, CheckpointFolder
from petstudio.project.project import Project
from petstudio.project.records import RunState

ACCEPTED = "was accepted"
BILLION = 10**9


def honest() -> dict[str, Any]:
    """Return what a run of the tiny network holds before its first step."""
    return {
        "format": 1,
        "weights": dict(Network(build_tiny(NoOptions()), 3).state_dict()),
        "classes": ["blue", "green", "red"],
        "architecture": "tiny",
        "conditions": {
            "precision": "float32",
            "batch_size": 10,
            "threads": 1,
            "device": "cpu",
            "torch": engine_version(),
        },
        "training": {
            "position": {"stage": 0, "epoch": 0, "batch": 0, "epochs": 0, "steps": 0},
            "reporter": {"smoothed": [0.0, 0], "losses": []},
            "optimiser": {},
            "scaler": {},
            "pieces": 1,
            "best": None,
            "idle": 0,
        },
    }


def changed(place: str, value: object) -> dict[str, Any]:
    """Return the honest one with another value at a place such as training.pieces."""
    content = honest()
    *parents, last = place.split("/")
    table = content
    for name in parents:
        table = table[name]
    table[last] = value
    return content


def best(**changes: object) -> dict[str, object]:
    return {"stage": 0, "epoch": 0, "steps": 1, "value": 1.0, **changes}


def moments(shape: tuple[int, ...]) -> dict[str, torch.Tensor]:
    return {
        "step": torch.tensor(1.0),
        "exp_avg": torch.zeros(shape),
        "exp_avg_sq": torch.zeros(shape),
    }


CHANGES: list[tuple[str, object]] = [
    ("format", 2),
    ("format", "1"),
    ("weights", {}),
    ("weights", [torch.zeros(3)]),
    ("weights", "x"),
    ("weights/head.7.weight", torch.zeros(())),
    ("weights/head.7.weight", torch.zeros(1, 1)),
    ("weights/head.7.weight", {}),
    ("weights/body.conv1.weight", torch.zeros(8, 3, 3, 3, dtype=torch.float64) * 1e300),
    ("weights/body.conv1.weight", torch.full((8, 3, 3, 3), 1e300, dtype=torch.float64)),
    ("weights/body.conv1.weight", torch.full((8, 3, 3, 3), float("nan"))),
    ("weights/body.bn1.running_var", torch.full((8,), -1.0)),
    ("weights/evil", torch.zeros(1)),
    ("classes", []),
    ("classes", ["blue"]),
    ("classes", ["blue"] * 3),
    ("classes", {"blue": 1}),
    ("classes", 3),
    ("classes", ["a", "b", "c", "d", "e"]),
    ("classes", ["red", "green", "blue", "more"]),
    ("classes", ["\x1b[2J", "x" * 10**6, ""]),
    ("architecture", "../../etc/passwd"),
    ("architecture", 3),
    ("conditions", {}),
    ("conditions", None),
    ("conditions/precision", "float8"),
    ("conditions/batch_size", 0),
    ("conditions/batch_size", -1),
    ("conditions/batch_size", BILLION),
    ("conditions/batch_size", 10**30),
    ("conditions/threads", 0),
    ("conditions/threads", -1),
    ("conditions/threads", BILLION),
    ("conditions/threads", 10**30),
    ("conditions/device", "cuda:99"),
    ("conditions/device", "meta"),
    ("conditions/torch", "x" * 10**6),
    ("conditions/evil", 1),
    ("training", []),
    ("training", {}),
    ("training/position/stage", -1),
    ("training/position/stage", BILLION),
    ("training/position/epoch", -1),
    ("training/position/epoch", BILLION),
    ("training/position/batch", -1),
    ("training/position/batch", BILLION),
    ("training/position/epochs", -1),
    ("training/position/epochs", BILLION),
    ("training/position/steps", -1),
    ("training/position/steps", 10**30),
    ("training/position/steps", "1"),
    ("training/reporter", {}),
    ("training/reporter/smoothed", [0.0]),
    ("training/reporter/smoothed", ["x", "y"]),
    ("training/reporter/smoothed", [float("nan"), -1]),
    ("training/reporter/losses", ["x"]),
    ("training/reporter/losses", [float("nan")]),
    ("training/optimiser", []),
    ("training/optimiser", {"x": {}}),
    ("training/optimiser", {-1: moments((3,))}),
    ("training/optimiser", {BILLION: moments((3,))}),
    ("training/optimiser", {0: moments((3,))}),
    ("training/optimiser", {0: {"step": 1}}),
    ("training/optimiser", {0: {"evil": torch.zeros(())}}),
    ("training/optimiser", {0: {"step": torch.tensor(1.0)}}),
    ("training/optimiser", {0: moments(())}),
    ("training/optimiser", {0: {**moments((64,)), "step": torch.tensor(1)}}),
    ("training/optimiser", {0: {**moments((64,)), "step": torch.zeros(5)}}),
    ("training/optimiser", {0: {**moments((64,)), "evil": torch.zeros(64)}}),
    ("training/scaler", {"scale": "x"}),
    ("training/scaler", {"scale": -1.0, "_growth_tracker": BILLION}),
    ("training/scaler", []),
    ("training/pieces", 0),
    ("training/pieces", -1),
    ("training/pieces", BILLION),
    ("training/pieces", "x"),
    ("training/best", []),
    ("training/best", best(stage=-1)),
    ("training/best", best(epoch=BILLION)),
    ("training/best", best(value=float("nan"))),
    ("training/best", best(evil=1)),
    ("training/idle", -1),
    ("training/idle", BILLION),
    ("training/idle", "x"),
]


def as_kind(content: dict[str, Any]) -> Kind:
    return Kind("checkpoint", ".pt", lambda path, canary: torch.save(content, path))


def tried(place: Place, content: dict[str, Any], made: Path, way: Way) -> str:
    """Return what is wrong with how a checkpoint is taken."""
    with Project.open(place.project) as project:
        project.finish_run(place.broken_off.number, RunState.CANCELLED, {})
    torch.save(content, made)
    with listed(as_kind(content), made, place) as file:
        problem = refusal(way, place, file)
    for left in place.broken_off.checkpoints_path.iterdir():
        left.unlink()
    return problem


@pytest.mark.parametrize("way", [by_resuming, by_branching])
def test_that_an_honest_checkpoint_is_accepted(place: Place, tmp_path: Path, way) -> None:
    assert tried(place, honest(), tmp_path / "made", way) == ACCEPTED


@pytest.mark.slow
@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("where", "value"), CHANGES, ids=[f"{where}={str(value)[:20]!a}" for where, value in CHANGES]
)
def test_that_an_odd_value_is_refused_or_does_no_harm(
    place: Place, tmp_path: Path, where: str, value: object
) -> None:
    content = changed(where, value)
    for way in (by_resuming, by_branching):
        assert tried(place, content, tmp_path / "made", way) in ("", ACCEPTED)


@pytest.mark.parametrize(
    "ledger",
    [
        b"",
        b"[]",
        b"{" * 10**5,
        b"[" * 10**5 + b"]" * 10**5,
        b'{"sha256": "x", "ledger": {"format": ' + b"9" * 10**5 + b"}}",
        b"\x80\x02cposix\nmkdir\n.",
    ],
    ids=range(6),
)
def test_that_a_ledger_that_means_harm_is_not_believed(tmp_path: Path, ledger: bytes) -> None:
    (tmp_path / LEDGER).write_bytes(ledger)
    assert CheckpointFolder(tmp_path, budget=0).records() == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("file", "../../../etc/passwd"),
        ("file", "/etc/passwd"),
        ("size", 10**18),
        ("size", -1),
        ("size", 10**30),
        ("number", -1),
        ("step", 10**30),
        ("name", "last"),
        ("name", "\x1b[2J"),
        ("name", "x" * 10**6),
        ("metrics", {"accuracy": "x"}),
        ("sha256", "x"),
    ],
)
def test_that_a_record_that_leads_elsewhere_is_not_believed(
    place: Place, tmp_path: Path, name: str, value: object
) -> None:
    torch.save(honest(), tmp_path / "made")
    with listed(as_kind(honest()), tmp_path / "made", place):
        path = place.broken_off.checkpoints_path / LEDGER
        ledger = json.loads(path.read_bytes())["ledger"]
    ledger["records"][0][name] = value
    digest = hashlib.sha256(json.dumps(ledger, sort_keys=True).encode("ascii")).hexdigest()
    with pytest.raises(DamagedLedgerError):
        decode(json.dumps({"sha256": digest, "ledger": ledger}).encode())


PARTS = ("recipe.toml", "events.jsonl", "model.safetensors", "predictions.safetensors", "lock")
SPECIAL = [kind for kind in KINDS if kind.is_special]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", SPECIAL, ids=str)
@pytest.mark.parametrize("part", PARTS)
def test_that_no_part_of_a_run_leads_elsewhere(place: Place, kind: Kind, part: str) -> None:
    with Project.open(place.project) as project:
        project.finish_run(place.broken_off.number, RunState.CANCELLED, {})
    for run, ways in (
        (place.broken_off, (by_resuming, by_branching)),
        (place.finished, (as_a_runs_model,)),
    ):
        with moved_away(run.path / part), put(kind, place.home, run.path / part, place.canary):
            assert {refusal(way, place, run.path / part) for way in ways} == {""}
    assert not place.canary.exists()


@contextlib.contextmanager
def moved_away(path: Path) -> Iterator[None]:
    """Have the name free for a while."""
    aside = path.with_name(f"{path.name}.aside")
    is_there = path.exists()
    if is_there:
        path.rename(aside)
    yield
    if is_there:
        aside.rename(path)


def test_that_a_log_that_is_a_link_does_not_spoil_what_it_leads_to(
    place: Place, tmp_path: Path
) -> None:
    treasure = tmp_path / "treasure.txt"
    treasure.write_text("years of work\n")
    made = tmp_path / "made"
    torch.save(honest(), made)
    log = place.broken_off.events_path
    with listed(as_kind(honest()), made, place) as file, moved_away(log):
        log.symlink_to(treasure)
        assert refusal(by_resuming, place, file) == ""
        log.unlink()
    assert treasure.read_text() == "years of work\n"


def test_that_a_runs_folder_that_is_a_link_is_not_written_through(
    place: Place, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    folder = place.broken_off.path
    with moved_away(folder):
        elsewhere.mkdir()
        folder.symlink_to(elsewhere)
        assert refusal(by_resuming, place, folder) == ""
        folder.unlink()
    assert list(elsewhere.iterdir()) == []
