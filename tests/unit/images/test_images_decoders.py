"""Decoding in processes: the same pictures as in threads, whatever happens to a process."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from petstudio.api.errors import ImageError, ImageReason
from petstudio.images.decoder_pool import DecoderPool, sensible_processes
from petstudio.images.decoder_process import DecoderRules
from petstudio.images.decoding import read_image

# A process that fails over files with certain names: once, if it can leave a mark, or always.
_FAILING = """
import os, sys, threading
from petstudio.api.errors import ImageError, ImageReason
from petstudio.images import decoder_child
from petstudio.images.decoding import read_image

def read(path, at_least):
    mark = path.with_suffix(".mark")
    is_first = "always" in path.name or not mark.exists()
    if "refuse" in path.name:
        known = {"numpy", "torch", "PySide6"} & sys.modules.keys()
        detail = f"{sorted(known)} {sys.flags.safe_path}"
        raise ImageError(str(path), ImageReason.UNSUPPORTED, detail)
    mark.touch()
    if "print" in path.name:
        print("a library that talks", flush=True)
    if "die" in path.name and is_first:
        os._exit(3)
    if "hang" in path.name and is_first:
        threading.Event().wait()
    if "meet" in path.name and is_first:
        open(path.with_suffix(".fifo")).read()
    return read_image(path, at_least=at_least)

decoder_child.main(read)
"""
_FAILING_RULES = DecoderRules(command=(sys.executable, "-P", "-c", _FAILING), deadline_s=1.0)
_PARENT = """
from petstudio.images.decoder_pool import DecoderPool
pool = DecoderPool(2)
pool.start()
print(*[process.pid for process in pool._processes], flush=True)
input()
"""


@pytest.fixture(scope="module")
def pool() -> Iterator[DecoderPool]:
    yield from _started(DecoderPool(2))


@pytest.fixture
def failing() -> Iterator[DecoderPool]:
    yield from _started(DecoderPool(1, _FAILING_RULES))


def _started(pool: DecoderPool) -> Iterator[DecoderPool]:
    pool.start()
    yield pool
    pool.close()
    assert not pool._processes


def make_photo(path: Path, size: tuple[int, int] = (80, 60), seed: int = 0, **options) -> Path:
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 255, (6, 8, 3), dtype=np.uint8))
    picture = small.resize(size).convert(options.pop("mode", "RGB"))
    picture.save(path, **options)
    return path


def turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


FORMATS = {
    "plain.jpg": {},
    "turned.jpg": {"exif": turned()},
    "cmyk.jpg": {"mode": "CMYK"},
    "plain.png": {},
    "clear.png": {"mode": "RGBA"},
    "sixteen.png": {"mode": "I;16"},
    "palette.gif": {"mode": "P"},
    "plain.bmp": {},
    "grey.tif": {"mode": "L"},
    "plain.webp": {},
}


@pytest.mark.parametrize("at_least", [None, 32])
@pytest.mark.parametrize("name", FORMATS)
def test_that_a_process_gives_the_pixels_that_a_thread_gives(pool, tmp_path, name, at_least):
    options = dict(FORMATS[name])
    if options.get("mode") == "I;16":
        Image.fromarray(np.arange(4800, dtype=np.uint16).reshape(60, 80) * 13).save(tmp_path / name)
    else:
        make_photo(tmp_path / name, **options)
    picture = pool.read(tmp_path / name, at_least=at_least)
    expected = read_image(tmp_path / name, at_least=at_least)
    assert (picture.width, picture.height) == expected.size
    assert bytes(picture.pixels) == expected.tobytes()


def test_that_a_picture_larger_than_a_pipe_arrives_whole(pool, tmp_path):
    path = make_photo(tmp_path / "large.png", (1500, 1100), compress_level=0)
    assert bytes(pool.read(path).pixels) == read_image(path).tobytes()


def test_that_any_file_name_can_be_asked_for(pool, tmp_path):
    path = make_photo(tmp_path / os.fsdecode(b"caf\xe9 \n.png"))
    assert bytes(pool.read(path).pixels) == read_image(path).tobytes()


def test_that_a_relative_path_is_found_from_another_folder(pool, tmp_path, monkeypatch):
    make_photo(tmp_path / "a.png")
    monkeypatch.chdir(tmp_path)
    assert pool.read(Path("a.png")).height == 60


@pytest.mark.parametrize("content", [None, b"", b"no picture", b"RIFF....AVI ", "cut", "bent"])
def test_that_a_process_says_what_a_thread_says_of_a_bad_file(pool, tmp_path, content):
    path = tmp_path / "bad.jpg"
    if isinstance(content, str):
        whole = make_photo(path, (400, 300)).read_bytes()
        content = whole[: len(whole) // 2] if content == "cut" else whole[:200] + b"?" * 300
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ImageError) as expected:
        read_image(path)
    with pytest.raises(ImageError) as caught:
        pool.read(path)
    assert (caught.value.path, caught.value.reason, caught.value.detail) == (
        expected.value.path,
        expected.value.reason,
        expected.value.detail,
    )


def test_that_threads_that_share_the_processes_get_their_own_pictures(pool, tmp_path):
    paths = [make_photo(tmp_path / f"{seed}.png", seed=seed) for seed in range(60)]
    with ThreadPoolExecutor(8) as threads:
        pictures = list(threads.map(pool.read, paths * 3))
    for path, picture in zip(paths * 3, pictures, strict=True):
        assert bytes(picture.pixels) == read_image(path).tobytes()


@pytest.mark.parametrize("name", ["die.png", "hang.png"])
def test_that_a_process_that_fails_once_costs_no_picture(failing, tmp_path, name):
    path = make_photo(tmp_path / name)
    assert bytes(failing.read(path).pixels) == read_image(path).tobytes()


@pytest.mark.parametrize(
    ("name", "detail"),
    [("die always.png", "died, exit code 3"), ("hang always.png", "longer than 1 s")],
)
def test_that_a_picture_that_costs_two_processes_is_damaged(failing, tmp_path, name, detail):
    with pytest.raises(ImageError) as caught:
        failing.read(make_photo(tmp_path / name))
    assert caught.value.reason is ImageReason.DAMAGED
    assert detail in caught.value.detail


def test_that_the_next_picture_comes_after_one_that_costs_two_processes(failing, tmp_path):
    with pytest.raises(ImageError):
        failing.read(make_photo(tmp_path / "die always.png"))
    failing.start()
    good = make_photo(tmp_path / "good.png")
    assert bytes(failing.read(good).pixels) == read_image(good).tobytes()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_that_a_process_killed_in_the_middle_of_a_picture_costs_no_picture(failing, tmp_path):
    path = make_photo(tmp_path / "meet.png")
    os.mkfifo(tmp_path / "meet.fifo")
    (process,) = failing._processes
    with ThreadPoolExecutor(1) as threads:
        reading = threads.submit(failing.read, path)
        with (tmp_path / "meet.fifo").open("w"):  # opens once the process is there
            os.kill(process.pid, signal.SIGKILL)
            picture = reading.result()
    assert bytes(picture.pixels) == read_image(path).tobytes()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_that_closing_ends_a_process_in_the_middle_of_a_picture(tmp_path):
    path = make_photo(tmp_path / "meet.png")
    os.mkfifo(tmp_path / "meet.fifo")
    pool = DecoderPool(2, _FAILING_RULES)
    pool.start()
    processes = list(pool._processes)
    with ThreadPoolExecutor(1) as threads:
        reading = threads.submit(pool.read, path)
        with (tmp_path / "meet.fifo").open("w"):
            pool.close()
        assert isinstance(reading.exception(), ImageError)
    assert all(process._process.returncode is not None for process in processes)


def test_that_what_a_library_prints_spoils_no_picture(failing, tmp_path):
    path = make_photo(tmp_path / "print.png")
    assert bytes(failing.read(path).pixels) == read_image(path).tobytes()


def test_that_a_process_knows_no_torch_and_no_foreign_folder(failing, tmp_path):
    with pytest.raises(ImageError) as caught:
        failing.read(tmp_path / "refuse.png")
    assert caught.value.detail == "[] True"


def test_that_nothing_is_started_for_a_few_pictures(tmp_path):
    pool = DecoderPool(2, DecoderRules(patience=3))
    assert [pool.read(tmp_path / "a.png") for _ in range(3)] == [None, None, None]
    assert pool._starter is None
    pool.close()


def test_that_many_pictures_start_the_processes_in_the_background(tmp_path):
    path = make_photo(tmp_path / "a.png")
    pool = DecoderPool(2, DecoderRules(patience=3))
    assert [pool.read(path) for _ in range(4)] == [None] * 4
    pool._starter.join()
    assert pool.read(path).height == 60
    pool.close()


def test_that_processes_that_cannot_start_leave_the_decoding_to_the_caller(tmp_path):
    for command in ((str(tmp_path / "none"),), (sys.executable, "-c", "raise SystemExit(1)")):
        pool = DecoderPool(2, DecoderRules(command=command, patience=0))
        pool.start()
        assert pool.read(tmp_path / "a.png") is None
        assert pool._starter is None
        pool.close()


def test_that_processes_with_nothing_to_do_are_let_go(tmp_path):
    pool = DecoderPool(1, DecoderRules(idle_s=0))
    pool.start()
    with pool._changed:
        assert pool._changed.wait_for(lambda: not pool._processes, timeout=20)
    assert pool.read(tmp_path / "a.png") is None
    pool.close()


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux lets a process be awaited")
def test_that_processes_end_when_the_program_is_killed():
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with parent:
        handles = [os.pidfd_open(int(pid)) for pid in parent.stdout.readline().split()]
        parent.kill()
    for handle in handles:
        assert select.select([handle], [], [], 20)[0]
        os.close(handle)
    assert len(handles) == 2


def test_that_processes_are_for_machines_with_many_cores():
    assert [sensible_processes(cores) for cores in (1, 2, 5, 6, 16, 128)] == [0, 0, 0, 4, 12, 16]
