"""Checkpoints through a full disk, errors at every step, power cuts and kill -9."""

from __future__ import annotations

import errno
import json
import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from disk_model import Disk, Kind, after_power_cut

from petstudio.api.errors import IntegrityError, MachineError, PetStudioError
from petstudio.api.events import CheckpointKind
from petstudio.project.checkpoints import (
    CheckpointFolder,
    CheckpointRecord,
    NewCheckpoint,
)

_LIMITS = 50
_KILLS = 20
_LEDGER = "checkpoints.json"
_BUDGET = 300  # bytes, where contents are made by `content_of`

needs_unix = pytest.mark.skipif(os.name == "nt", reason="needs limits and signals of Unix")


def new(step: int, kind: CheckpointKind = CheckpointKind.EPOCH, **more: object) -> NewCheckpoint:
    return NewCheckpoint(kind=kind, step=step, stage=0, epoch=step, **more)


def content_of(step: int) -> bytes:
    """About 100 bytes, different for each step."""
    return f"the content of step {step}, ".encode() * 4


def add(folder: CheckpointFolder, step: int, kind=CheckpointKind.EPOCH) -> CheckpointRecord:
    return folder.add(new(step, kind), lambda stream: stream.write(content_of(step)))


def names_in(path: Path) -> dict[str, bytes]:
    return {entry.name: entry.read_bytes() for entry in path.iterdir()}


def fill(path: Path, names: dict[str, bytes]) -> None:
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    for name, content in names.items():
        (path / name).write_bytes(content)


def check_whole(folder: CheckpointFolder) -> list[int]:
    """Return the steps of what is listed, each of which has the content that was saved."""
    records = folder.records()
    assert [folder.read(record) for record in records] == [content_of(r.step) for r in records]
    return [record.step for record in records]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A folder with the best epoch and three ends of epochs, as many as the budget allows."""
    path = tmp_path / "checkpoints"
    path.mkdir()
    folder = CheckpointFolder(path, budget=_BUDGET)
    add(folder, 0, CheckpointKind.BEST)
    for step in (1, 2, 3):
        add(folder, step)
    assert check_whole(folder) == [0, 1, 2, 3]
    return path


def test_that_passing_over_a_damaged_checkpoint_is_said(path: Path, caplog) -> None:
    folder = CheckpointFolder(path, budget=_BUDGET)
    last = folder.records()[-1]
    (path / last.file).write_bytes(b"")
    with caplog.at_level(logging.WARNING):
        assert folder.find("last").step == 2
    assert last.file in caplog.text
    with pytest.raises(IntegrityError, match=last.file):
        folder.read(last)


def test_that_a_run_without_one_good_checkpoint_is_told_so(path: Path) -> None:
    for file in path.glob("*.pt"):
        file.write_bytes(b"")
    with pytest.raises(IntegrityError, match="damaged"):
        CheckpointFolder(path, budget=_BUDGET).find("last")


# F3: power cut


def name_the_first(folder: CheckpointFolder) -> None:
    folder.give_name(folder.records()[1], "good")


def add_the_fourth(folder: CheckpointFolder) -> None:
    add(folder, 4)


def add_a_step(folder: CheckpointFolder) -> None:
    add(folder, 4, CheckpointKind.STEP)


def add_a_better_one(folder: CheckpointFolder) -> None:
    add(folder, 4, CheckpointKind.BEST)


_WRITING_ACTIONS = [add_the_fourth, add_a_step, add_a_better_one, name_the_first]


def unreadable_states(path: Path, steps: list, before: dict[str, bytes]) -> tuple[int, list[str]]:
    """Return how many states a power cut may leave, and what is wrong with some of them."""
    after = names_in(path)
    newest = check_whole(CheckpointFolder(path, budget=_BUDGET))[-1]
    wanted_names = [record.name for record in CheckpointFolder(path, budget=0).records()]
    place = path.with_name("after-cut")
    count, wrong = 0, []
    for done in range(len(steps) + 1):
        for names in after_power_cut(before, steps, done):
            count += 1
            fill(place, names)
            folder = CheckpointFolder(place, budget=_BUDGET)
            try:
                found = {name: folder.find(name) for name in ("last", "best")}
                is_good = all(folder.read(r) == content_of(r.step) for r in found.values())
                is_known = found["last"].step in (3, 4)
                is_done = [record.name for record in folder.records()] == wanted_names
                is_done = is_done and check_whole(folder)[-1] == newest
            except PetStudioError as error:
                wrong.append(f"after {done} steps: {error}")
                continue
            # What has been reported as saved is there, whatever the disk had not flushed yet.
            if not is_good or not is_known or (done == len(steps) and not is_done):
                wrong.append(f"after {done} steps: {found}")
    assert names_in(path) == after
    return count, wrong


def test_that_a_power_cut_in_the_first_save_leaves_none_or_a_whole_one(
    tmp_path: Path, monkeypatch
) -> None:
    path, place = tmp_path / "checkpoints", tmp_path / "after-cut"
    path.mkdir()
    with monkeypatch.context() as patch:
        disk = Disk(path, patch)
        add(CheckpointFolder(path, budget=_BUDGET), 1)
    found = []
    for done in range(len(disk.steps) + 1):
        for names in after_power_cut({}, disk.steps, done):
            fill(place, names)
            found.append((done, check_whole(CheckpointFolder(place, budget=_BUDGET))))
    assert {steps[0] if steps else None for _, steps in found} == {None, 1}
    assert [steps for done, steps in found if done == len(disk.steps)] == [[1]]


@pytest.mark.parametrize("act", _WRITING_ACTIONS)
def test_that_a_power_cut_leaves_the_old_state_or_the_new_one(
    path: Path, monkeypatch, act: Callable[[CheckpointFolder], None]
) -> None:
    before = names_in(path)
    with monkeypatch.context() as patch:
        disk = Disk(path, patch)
        act(CheckpointFolder(path, budget=_BUDGET))
    count, wrong = unreadable_states(path, disk.steps, before)
    print(f"{act.__name__}: {len(disk.steps)} steps, {count} states")  # noqa: T201  a figure
    assert wrong == []


def test_that_the_model_of_power_cuts_finds_what_is_not_flushed(path: Path, monkeypatch) -> None:
    before = names_in(path)
    with monkeypatch.context() as patch:
        disk = Disk(path, patch)
        add_the_fourth(CheckpointFolder(path, budget=_BUDGET))
    for missing in (Kind.FLUSH, Kind.FLUSH_FOLDER):
        steps = _without(disk.steps, missing)
        assert unreadable_states(path, steps, before)[1] != [], missing


def _without(steps: list, missing: Kind) -> list:
    """Return the steps without those of one kind; what files hold must stay known."""
    if missing is Kind.FLUSH:
        # Flushed after all is done: that is no flush, but tells the model what was written.
        last = [step for step in steps if step.kind is missing]
        return [step for step in steps if step.kind is not missing] + last
    return [step for step in steps if step.kind is not missing]


def test_that_each_flush_stands_where_it_has_to(path: Path, monkeypatch) -> None:
    with monkeypatch.context() as patch:
        disk = Disk(path, patch)
        add(CheckpointFolder(path, budget=_BUDGET), 4)
    one_file = [Kind.CREATE, Kind.FLUSH, Kind.RENAME, Kind.FLUSH_FOLDER]
    assert [step.kind for step in disk.steps] == [*one_file, *one_file, Kind.REMOVE]
    assert [step.to.rpartition(".")[2] for step in disk.steps if step.to] == ["pt", "json"]


# F4: full disk

# One process for all limits: it makes files of limited size only, as on a disk with little room.
_SMALL_DISK = """
import json, resource, signal, sys
from pathlib import Path
from petstudio.api.errors import MachineError
from petstudio.api.events import CheckpointKind
from petstudio.project.checkpoints import CheckpointFolder, NewCheckpoint
TORCH = sys.argv[4] == "torch"
if TORCH:
    import torch
    from petstudio.engine.checkpoint_file import write_checkpoint

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path, size, limits = Path(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3])
folder = CheckpointFolder(path, budget=10 ** 9)
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]

def write(stream):
    if TORCH:
        halves = {name: torch.zeros(size // 8) for name in "ab"}
        write_checkpoint(stream, {"weights": halves})
    else:
        for _ in range(16):
            stream.write(bytes(size // 16))

def save():
    new = NewCheckpoint(kind=CheckpointKind.EPOCH, step=9, stage=0, epoch=0)
    try:
        return folder.add(new, write) and ""
    except MachineError as error:
        return str(error)

for limit in limits:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    said = save()
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    print(json.dumps([said, sorted(entry.name for entry in path.iterdir())]))
assert TORCH or "torch" not in sys.modules
print(json.dumps([save(), sorted(entry.name for entry in path.iterdir())]))
"""


@needs_unix
@pytest.mark.parametrize(
    ("size", "most", "means"),
    [
        pytest.param(160_000, 160_000, "bytes", id="the checkpoint"),
        pytest.param(16, 1_250, "bytes", id="the ledger"),
        pytest.param(160_000, 160_000, "torch", id="torch", marks=pytest.mark.slow),
    ],
)
def test_that_a_full_disk_is_said_and_keeps_what_there_was(
    path: Path, size: int, most: int, means: str
) -> None:
    before = names_in(path)
    limits = [most * number // _LIMITS for number in range(_LIMITS)]
    arguments = [str(path), str(size), json.dumps(limits), means]
    output = subprocess.run(
        [sys.executable, "-c", _SMALL_DISK, *arguments], capture_output=True, text=True, check=True
    ).stdout
    assert len(before[_LEDGER]) >= 1_250
    *full, (said, names) = map(json.loads, output.splitlines())
    assert len(full) == _LIMITS
    for sentence, left in full:
        assert "disk is full" in sentence
        assert str(path) in sentence
        assert "MB are free" in sentence
        assert left == sorted(before)
    assert said == ""
    assert len(names) == len(before) + 1
    after = names_in(path)
    assert {name: after[name] for name in before if name != _LEDGER} == {
        name: content for name, content in before.items() if name != _LEDGER
    }


def test_that_a_save_that_cannot_fit_is_refused_beforehand(path: Path, monkeypatch) -> None:
    little = shutil._ntuple_diskusage(10**12, 10**12, 256 * 2**20 + 50)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: little)
    before = names_in(path)

    def write(stream):
        pytest.fail("it was tried all the same")

    with pytest.raises(MachineError, match=r"disk is full.*takes 0 MB.*268 MB are free") as caught:
        CheckpointFolder(path, budget=_BUDGET).add(new(4), write)
    assert str(path) in str(caught.value)
    assert names_in(path) == before


@pytest.mark.parametrize(
    "error", [RuntimeError("unexpected pos 64 vs 0"), OSError(errno.EIO, "I/O error")]
)
def test_that_any_failure_on_a_full_disk_is_called_a_full_disk(
    path: Path, monkeypatch, error: Exception
) -> None:
    plenty, nothing = (shutil._ntuple_diskusage(10**12, 0, free) for free in (10**12, 1000))
    before = names_in(path)

    def write(stream):
        stream.write(b"half")
        monkeypatch.setattr(shutil, "disk_usage", lambda place: nothing)
        raise error

    monkeypatch.setattr(shutil, "disk_usage", lambda place: plenty)
    with pytest.raises(MachineError, match="disk is full"):
        CheckpointFolder(path, budget=_BUDGET).add(new(4), write)
    assert names_in(path) == before


# F5 and errors at every step


def test_that_a_failed_flush_throws_the_file_away(path: Path, monkeypatch) -> None:
    before = names_in(path)
    folder = CheckpointFolder(path, budget=_BUDGET)
    with monkeypatch.context() as patch:
        disk = Disk(path, patch, failing=1, error=OSError(errno.EIO, "Input/output error"))
        with pytest.raises(MachineError, match="input/output error"):
            add(folder, 4)
        assert names_in(path) == before
        add(folder, 4)
    flushed = [step.name for step in disk.steps if step.kind is Kind.FLUSH]
    assert len(flushed) == len(set(flushed)) == 3  # the thrown away one, the new one, the ledger
    assert check_whole(folder) == [0, 2, 3, 4]


@pytest.mark.parametrize("act", _WRITING_ACTIONS)
def test_that_an_error_at_any_step_leaves_the_old_state_or_the_new_one(
    path: Path, monkeypatch, act: Callable[[CheckpointFolder], None]
) -> None:
    before = names_in(path)
    old = CheckpointFolder(path, budget=_BUDGET).records()
    errors = []
    for failing in range(100):
        fill(path, before)
        folder = CheckpointFolder(path, budget=_BUDGET)
        with monkeypatch.context() as patch:
            error = OSError(errno.EIO, "Input/output error")
            disk = Disk(path, patch, failing=failing, error=error)
            try:
                act(folder)
            except MachineError as raised:
                errors.append((failing, str(path) in str(raised)))
        is_committed = _LEDGER in [step.to for step in disk.steps[:failing]]
        assert (folder.records() == old) is not is_committed
        assert is_committed or names_in(path) == before
        check_whole(folder)
        assert not list(path.glob(".*"))
        add(folder, 5)
        assert folder.find("last").step == 5
        if len(disk.steps) <= failing:
            break
    files = 1 if act is name_the_first else 2
    assert errors == [
        (failed, True) for failed in range(4 * files)
    ]  # all but the removal of old files, which can wait
    assert failing == len(disk.steps)


@pytest.mark.parametrize(
    "error",
    [OSError(errno.EIO, "I/O error"), RuntimeError("x"), ValueError("x"), KeyboardInterrupt()],
)
@pytest.mark.parametrize("chunks", [0, 1, 3])
def test_that_an_error_while_writing_leaves_nothing_behind(
    path: Path, error: BaseException, chunks: int
) -> None:
    before = names_in(path)

    def write(stream):
        for _ in range(chunks):
            stream.write(bytes(10_000))
        raise error

    expected = MachineError if isinstance(error, OSError) else type(error)
    with pytest.raises(expected):
        CheckpointFolder(path, budget=_BUDGET).add(new(4), write)
    assert names_in(path) == before


def test_that_an_old_file_that_cannot_be_removed_is_swept_later(
    path: Path, monkeypatch, caplog
) -> None:
    folder = CheckpointFolder(path, budget=_BUDGET)
    oldest = folder.records()[1].file
    with monkeypatch.context() as patch:
        Disk(path, patch, failing=8, error=OSError(errno.EIO, "Input/output error"))
        add(folder, 4)
    assert oldest in caplog.text
    assert (path / oldest).exists()
    folder.sweep()
    assert not (path / oldest).exists()
    assert check_whole(folder) == [0, 2, 3, 4]


# kill -9

# For each line on its input, starts a process that saves until it is killed and prints a number
# only after `add` has returned. Forking saves 20 starts of the interpreter.
_NURSERY = """
import itertools, os, sys
from pathlib import Path
from petstudio.api.events import CheckpointKind
from petstudio.project.checkpoints import CheckpointFolder, NewCheckpoint

def save_for_ever():
    print("pid", os.getpid(), flush=True)
    folder = CheckpointFolder(Path(sys.argv[1]), budget=3_000_000)
    folder.sweep()
    for step in itertools.count(folder.records()[-1].step + 1):
        kind = (CheckpointKind.STEP, CheckpointKind.EPOCH, CheckpointKind.BEST)[step % 3]
        new = NewCheckpoint(kind=kind, step=step, stage=0, epoch=0)
        folder.add(new, lambda stream: [stream.write(b"%08d" % step * 5_000) for _ in range(20)])
        os.write(1, b"%d\\n" % step)  # in one piece: print may write a line in two

assert "torch" not in sys.modules
while sys.stdin.readline().strip():
    child = os.fork()
    if child == 0:
        save_for_ever()
    os.waitpid(child, 0)
    print("dead", flush=True)
"""


def _save_and_kill(nursery: subprocess.Popen[str], saves: int, wait: float) -> list[int]:
    """Return the steps that were acknowledged by a process that is killed after some saves."""
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write("go\n")
    nursery.stdin.flush()
    pid = int(nursery.stdout.readline().removeprefix("pid "))
    lines = [nursery.stdout.readline() for _ in range(saves)]
    time.sleep(wait)  # the random moment inside the next save
    os.kill(pid, signal.SIGKILL)
    lines += iter(nursery.stdout.readline, "dead\n")
    return [int(line) for line in lines]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_that_a_kill_inside_a_save_leaves_whole_checkpoints_only(tmp_path: Path) -> None:
    path = tmp_path / "checkpoints"
    path.mkdir()
    folder = CheckpointFolder(path, budget=3_000_000)
    folder.add(new(1), lambda stream: stream.write(b"%08d" % 1 * 100_000))
    chance = random.Random(2)
    left_behind = 0
    with subprocess.Popen(
        [sys.executable, "-c", _NURSERY, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as nursery:
        for _ in range(_KILLS):
            saved = _save_and_kill(nursery, chance.randrange(4), chance.uniform(0, 0.02))
            records = folder.records()
            for record in records:
                assert folder.read(record) == b"%08d" % record.step * 100_000
            newest = records[-1].step
            # A kill may fall between saving a checkpoint and acknowledging it.
            assert not saved or newest in (saved[-1], saved[-1] + 1)
            left_behind += len(names_in(path)) > len(records) + 1
            folder.sweep()
            assert folder.records() == records
            assert set(names_in(path)) == {_LEDGER, *(record.file for record in records)}
    print(f"{left_behind} of {_KILLS} kills left a file behind")  # noqa: T201  a figure
    assert left_behind > 0  # some kills fell inside a save
