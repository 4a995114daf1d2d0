"""The picture cache under kill -9, a full or failing disk, flipped bits and several writers."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from petstudio.engine.input.store import ImageStore, StorePlan, decode
from petstudio.images import pixel_writer

SIDE = 32
BUDGET = 50 << 20
PICTURES = 96
KILLS = 12
FLIPS = 80
# Fills a cache in small batches and prints each picture that it has.
_FILL = """
import sys
from pathlib import Path
from petstudio.engine.input.store import ImageStore, StorePlan
from petstudio.images import pixel_writer

def say(text):
    sys.stdout.write(f"{text}\\n")  # in one piece, as the cache tells in a thread of its own
    sys.stdout.flush()

def fill(pictures, folder, budget, told=say):
    pixel_writer._BATCH_PICTURES = 4
    pixel_writer.LEAVE_FREE = 0
    paths = sorted(Path(pictures).glob("*.png"))
    plan = StorePlan(folder=Path(folder), disk_budget=budget, memory_budget=0)
    with ImageStore(paths, 32, plan=plan, notice=told) as store:
        for _ in range(2):
            for index in range(len(paths)):
                store.request(index).result()
                say(index)
"""
# Forking saves a start of the interpreter for each kill; no thread runs in the parent.
_NURSERY = f"""{_FILL}
import os
while sys.stdin.readline():
    child = os.fork()
    if child == 0:
        print("pid", os.getpid(), flush=True)
        fill(sys.argv[1], sys.argv[2], {BUDGET})
        os._exit(0)
    os.waitpid(child, 0)
    print("dead", flush=True)
"""
_LIMITED = f"""{_FILL}
import resource
limit = int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
fill(sys.argv[1], sys.argv[2], {BUDGET}, lambda message: say(f"told {{message}}"))
"""
_PLAIN = f"{_FILL}\nfill(sys.argv[1], sys.argv[2], {BUDGET})\n"


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    for number in range(PICTURES):
        small = Image.fromarray(rng.integers(0, 255, (6, 8, 3), dtype=np.uint8))
        small.resize((80, 60)).save(folder / f"{number:03}.png")
    return folder


@pytest.fixture(scope="module")
def paths(pictures: Path) -> list[Path]:
    return sorted(pictures.glob("*.png"))


@pytest.fixture(scope="module")
def expected(paths: list[Path]) -> list[torch.Tensor]:
    return [decode(path, SIDE) for path in paths]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def opened(paths: list[Path], folder: Path, budget: int = BUDGET, notice=pytest.fail) -> ImageStore:
    plan = StorePlan(folder=folder, disk_budget=budget, memory_budget=0)
    return ImageStore(paths, SIDE, plan=plan, notice=notice)


def wrong_pictures(store: ImageStore, expected: list[torch.Tensor], epochs: int = 2) -> list[int]:
    """Return which pictures differ; the second epoch reads through the memory map."""
    return [
        index
        for _ in range(epochs)
        for index, picture in enumerate(expected)
        if not torch.equal(store.request(index).result(), picture)
    ]


def run(script: str, *arguments: object) -> list[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def fill_and_kill(nursery: subprocess.Popen[str], after: int) -> None:
    """Let a process fill the cache and kill it once it has had `after` pictures."""
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write("\n")
    nursery.stdin.flush()
    pid = int(nursery.stdout.readline().removeprefix("pid "))
    for _ in range(after):
        nursery.stdout.readline()
    os.kill(pid, signal.SIGKILL)
    for _ in iter(nursery.stdout.readline, "dead\n"):
        pass


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_that_a_kill_while_filling_never_gives_wrong_pixels(pictures, paths, expected, folder):
    chance = random.Random(1)
    kept = []
    with subprocess.Popen(
        [sys.executable, "-c", _NURSERY, str(pictures), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as nursery:
        for _ in range(KILLS):
            fill_and_kill(nursery, chance.randrange(2 * PICTURES))
            with opened(paths, folder, budget=0) as store:
                assert wrong_pictures(store, expected, epochs=1) == []
                kept.append(PICTURES - store.decoded)
            if kept[-1] == PICTURES:
                for left in folder.iterdir():
                    left.unlink()
    assert any(kept)


def test_that_bytes_no_index_names_are_written_over(pictures, paths, expected, folder):
    run(_PLAIN, pictures, folder)
    (data,) = folder.glob("*.bin")
    size = data.stat().st_size
    with data.open("ab") as stream:
        stream.write(b"?" * 20_000)
    os.utime(paths[0], ns=(7, 7))  # one picture is decoded again, into the unnamed bytes
    with opened(paths, folder) as store:
        assert wrong_pictures(store, expected) == []
        assert store.decoded == 1
    written = expected[0].numpy().tobytes()
    assert data.read_bytes()[size:] == written + b"?" * (20_000 - len(written))


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no limit of file sizes")
@pytest.mark.parametrize("limit", [0, 4096, 40_000, 150_000, 300_000])
def test_that_a_file_that_may_not_grow_is_told_once_and_costs_nothing_else(
    pictures, paths, expected, folder, limit
):
    lines = run(_LIMITED, pictures, folder, limit)
    assert sum(line.startswith("told No more pictures are kept in") for line in lines) == 1
    assert len(lines) == 1 + 2 * PICTURES
    with opened(paths, folder) as store:
        assert wrong_pictures(store, expected) == []


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file system in memory")
def test_that_a_full_disk_is_told_once_and_costs_nothing_else(pictures, paths, expected, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "none", str(disk)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may make a small disk")
    try:
        folder = disk / "cache"
        script = _PLAIN.replace(f", {BUDGET})", f", {BUDGET}, lambda text: say(f'told {{text}}'))")
        lines = run(script, pictures, folder)
        assert sum(line.startswith("told No more pictures are kept in") for line in lines) == 1
        assert any("the disk is full" in line for line in lines)
        with opened(paths, folder, budget=0) as store:
            assert wrong_pictures(store, expected) == []
            assert store.decoded < 2 * PICTURES
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_that_room_is_left_for_what_matters_more(paths, expected, folder, monkeypatch):
    monkeypatch.setattr(pixel_writer, "LEAVE_FREE", 1 << 60)
    told = []
    with opened(paths, folder, notice=told.append) as store:
        assert wrong_pictures(store, expected) == []
    assert len(told) == 1
    assert "the disk is full" in told[0]


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC, errno.EDQUOT])
def test_that_a_disk_that_refuses_to_write_is_told_once(paths, expected, folder, monkeypatch, code):
    def refuse(self, offset, content):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("petstudio.images.pixel_data.DataFile.write", refuse)
    told = []
    with opened(paths, folder, notice=told.append) as store:
        assert wrong_pictures(store, expected) == []
    assert len(told) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="reads in another way there")
def test_that_a_disk_that_cannot_be_read_means_decoding(paths, expected, folder, monkeypatch):
    with opened(paths, folder) as store:
        assert wrong_pictures(store, expected, epochs=1) == []

    def fail(descriptor, buffers, offset):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "preadv", fail)
    with opened(paths, folder) as store:
        assert wrong_pictures(store, expected, epochs=1) == []
        assert store.decoded == PICTURES


@pytest.mark.parametrize("name", ["*.bin", "index.db", "index.db-wal"])
def test_that_flipped_bits_never_give_wrong_pixels(paths, expected, folder, name):
    few, right = paths[:16], expected[:16]
    with opened(few, folder) as store:
        wrong_pictures(store, right, epochs=1)
        store._disk._writer.flush()  # while it is open, the index has a log
        clean = {file: file.read_bytes() for file in folder.iterdir()}
    if not name.endswith("wal"):
        clean = {file: file.read_bytes() for file in folder.iterdir()}
    target = next(file for file in clean if file.match(name))
    used = [place for place, byte in enumerate(clean[target]) if byte]  # an index is mostly empty
    chance = random.Random(2)
    decoded = 0
    for _ in range(FLIPS):
        damaged = bytearray(clean[target])
        for _ in range(chance.choice([1, 1, 1, 8])):
            damaged[chance.choice(used)] ^= 1 << chance.randrange(8)
        restore(folder, {**clean, target: bytes(damaged)})
        with opened(few, folder) as store:
            assert wrong_pictures(store, right) == []
            decoded += store.decoded
    assert decoded


@pytest.mark.parametrize("name", ["*.bin", "index.db"])
def test_that_a_file_that_is_cut_off_never_gives_wrong_pixels(paths, expected, folder, name):
    few, right = paths[:16], expected[:16]
    with opened(few, folder) as store:
        wrong_pictures(store, right, epochs=1)
    clean = {file: file.read_bytes() for file in folder.iterdir()}
    (target,) = folder.glob(name)
    whole = clean[target]
    for size in range(0, len(whole), len(whole) // 20):
        restore(folder, {**clean, target: whole[:size]})
        with opened(few, folder) as store:
            assert wrong_pictures(store, right) == []


def test_that_a_data_file_cut_off_while_it_is_in_use_means_decoding(paths, expected, folder):
    with opened(paths, folder) as store:
        wrong_pictures(store, expected, epochs=1)
    (data,) = folder.glob("*.bin")
    with opened(paths, folder) as store:
        assert wrong_pictures(store, expected) == []
        os.truncate(data, 5000)
        assert wrong_pictures(store, expected, epochs=1) == []
        assert store.decoded == PICTURES - 1  # the first one lies within what is left


def restore(folder: Path, files: dict[Path, bytes]) -> None:
    for left in folder.iterdir():
        left.unlink()
    for file, content in files.items():
        file.write_bytes(content)


def test_that_two_processes_fill_one_cache_at_once(pictures, paths, expected, folder):
    command = [sys.executable, "-c", _PLAIN, str(pictures), str(folder)]
    fillers = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]
    with opened(paths, folder, budget=0) as store:
        while any(filler.poll() is None for filler in fillers):
            assert wrong_pictures(store, expected, epochs=1) == []
    assert [filler.wait() for filler in fillers] == [0, 0]
    with opened(paths, folder) as store:
        assert wrong_pictures(store, expected) == []
        assert store.decoded == 0
