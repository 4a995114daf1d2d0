"""Processes that decode pictures and die, hang or cannot be had: training loses nothing."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from engine_fixtures import as_set, coloured_data, make_plan  # noqa: F401  a fixture
from PIL import Image

from petstudio.api.control import RunControl
from petstudio.api.errors import ImageError, ImageReason, MachineError
from petstudio.api.events import ImageSkipped, StepFinished
from petstudio.engine.input import sources
from petstudio.engine.input.store import StorePlan, decode
from petstudio.engine.training import Listener, Trainer
from petstudio.images.decoder_pool import DecoderPool
from petstudio.images.decoder_process import DecoderRules
from petstudio.images.decoding import read_image

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs signals")

SIDE = 32
# A process that fails over every picture, or over one with a certain name, in many ways.
_WAYS = {
    "SIGKILL": "os.kill(os.getpid(), signal.SIGKILL)",
    "SIGSEGV": "os.kill(os.getpid(), signal.SIGSEGV)",
    "SIGABRT": "os.abort()",
    "exit 0": "os._exit(0)",
    "exit 7": "os._exit(7)",
    "hangs": "os.kill(os.getpid(), signal.SIGSTOP)",
    "unpicklable": "raise type('Local', (Exception,), {'lock': threading.Lock()})('no pickle')",
    "SystemExit": "raise SystemExit('bye')",
    "nonsense": "os.write(3, b'?' * 4096); os.write(4, b'?' * 4096)",
}
_FAILING = """
import os, signal, threading
from petstudio.images import decoder_child
from petstudio.images.decoding import read_image

def read(path, at_least):
    if {condition}:
        {way}
    return read_image(path, at_least=at_least)

decoder_child.main(read)
"""


def failing_rules(way: str, *, condition: str = "True", deadline_s: float = 1.0) -> DecoderRules:
    script = _FAILING.format(condition=condition, way=_WAYS[way])
    return DecoderRules(command=(sys.executable, "-P", "-c", script), deadline_s=deadline_s)


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    made = []
    for number in range(40):
        small = Image.fromarray(rng.integers(0, 255, (6, 8, 3), dtype=np.uint8))
        made.append(folder / f"{number:02}.png")
        small.resize((60, 48)).save(made[-1])
    return made


def children_of_this_process() -> set[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=,comm=", "--ppid", str(os.getpid())],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line.split() for line in listed.stdout.splitlines()]
    return {int(pid) for pid, name in lines if name != "ps"}


@pytest.fixture(autouse=True)
def _no_child_left():
    before = children_of_this_process()
    yield
    assert children_of_this_process() <= before


@pytest.mark.parametrize("way", _WAYS)
def test_that_processes_that_fail_over_everything_leave_the_decoding_to_threads(paths, way):
    told: list[str] = []
    pool = DecoderPool(2, failing_rules(way, deadline_s=0.2), notice=told.append)
    pool.start()
    answers: list[ImageReason | None] = []
    for path in paths[:8]:
        try:
            picture = pool.read(path)
        except ImageError as error:
            answers.append(error.reason)
            pool.start()
        else:
            assert picture is None
            answers.append(None)
    pool.close()
    assert answers == [ImageReason.DAMAGED] * 2 + [None] * 6
    (notice,) = told
    assert notice.startswith("Pictures are decoded without further processes, slower: ")


@pytest.mark.parametrize("way", _WAYS)
def test_that_one_picture_that_fails_every_process_is_damaged_and_the_rest_is_read(paths, way):
    told: list[str] = []
    deadline_s = 2.0 if way == "hangs" else 30.0
    pool = DecoderPool(
        1,
        failing_rules(way, condition="path.name == '03.png'", deadline_s=deadline_s),
        notice=told.append,
    )
    pool.start()
    failed = []
    for path in paths[:8]:
        try:
            picture = pool.read(path)
        except ImageError as error:
            failed.append((path.name, error.reason))
            pool.start()
        else:
            assert picture is not None
            assert bytes(picture.pixels) == read_image(path).tobytes()
    pool.close()
    assert failed == [("03.png", ImageReason.DAMAGED)]
    assert told == []


def test_that_the_notice_names_the_signal(paths):
    told: list[str] = []
    pool = DecoderPool(1, failing_rules("SIGKILL"), notice=told.append)
    pool.start()
    for path in paths[:2]:
        with pytest.raises(ImageError, match="died, signal 9"):
            pool.read(path)
        pool.start()
    assert pool.read(paths[2]) is None
    pool.close()
    assert "died, signal 9" in told[0]


_FEW_FILES = """
import resource, sys
from pathlib import Path
from petstudio.engine.input.store import ImageStore, StorePlan

resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
kept = [open("/dev/null") for _ in range(int(sys.argv[2]))]
paths = sorted(Path(sys.argv[1]).glob("*.png"))
plan = StorePlan(memory_budget=0, decoders=40)
with ImageStore(paths, 32, plan=plan, notice=lambda text: print("told", text)) as store:
    store._decoders.start()
    assert 2 < len(store._decoders._processes) < 20
    for request in [store.request(index) for index in range(len(paths))]:
        error = request.exception()
        print(type(error).__name__, error or request.result().shape[0])
"""


def with_few_files(paths: list[Path], kept: int) -> list[str]:
    command = [sys.executable, "-c", _FEW_FILES, str(paths[0].parent), str(kept)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit of open files")
def test_that_few_open_files_cost_processes_and_no_picture(paths):
    lines = with_few_files(paths, 0)
    (told,) = [line for line in lines if line.startswith("told ")]
    assert "without further processes" in told
    assert "no process can be started: Too many open files." in told
    assert [line for line in lines if not line.startswith("told ")] == ["NoneType 32"] * len(paths)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit of open files")
def test_that_no_open_file_at_all_is_a_fault_of_the_machine_not_of_the_pictures(paths, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(MachineError, match="too many files open") as caught:
        decode(paths[0], SIDE)
    assert "ulimit -n" in caught.value.cure


def trained(data, monkeypatch, decoders: int, harm: Callable[[DecoderPool], None] | None = None):
    """Train for some epochs with so many processes; `harm` gets the pool after each step."""
    pools: list[DecoderPool] = []

    class Harmed(DecoderPool):
        def __init__(self, count: int, rules=None, **options) -> None:
            super().__init__(count, replace(DecoderRules(), deadline_s=1.0, patience=0), **options)
            pools.append(self)
            self.start()

    monkeypatch.setattr("petstudio.engine.input.store.DecoderPool", Harmed)
    plan = StorePlan(memory_budget=0, decoders=decoders)
    monkeypatch.setattr(sources, "with_decoders", lambda *_: plan)
    events = []

    def emit(event):
        events.append(event)
        if harm is not None and isinstance(event, StepFinished):
            for pool in pools:
                harm(pool)

    trainer = Trainer(make_plan(epochs=2), data)
    trainer.run(1, "folder", Listener(emit=emit, control=RunControl()))
    weights = {name: tensor.clone() for name, tensor in trainer.network.state_dict().items()}
    return weights, events, pools


def _signal_idle(number: int, harmed: set[int]) -> Callable[[DecoderPool], None]:
    """Harm those that wait; a picture that loses two processes would be taken for a bad one."""

    def harm(pool: DecoderPool) -> None:
        with pool._changed:
            for process in pool._idle:
                harmed.add(process.pid)
                os.kill(process.pid, number)

    return harm


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGSTOP])
def test_that_a_run_whose_processes_are_harmed_after_each_step_loses_nothing(
    coloured_data,  # noqa: F811
    monkeypatch,
    number,
):
    expected, _, _ = trained(coloured_data, monkeypatch, 0)
    harmed: set[int] = set()
    weights, events, pools = trained(coloured_data, monkeypatch, 2, _signal_idle(number, harmed))
    assert len(harmed) > 2
    assert [event for event in events if isinstance(event, ImageSkipped)] == []
    assert all(torch.equal(tensor, expected[name]) for name, tensor in weights.items())
    assert not any(pool._processes for pool in pools)
