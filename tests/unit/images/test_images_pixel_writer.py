"""Writing to the picture cache while the disk is slow: nobody waits, and nothing wrong is kept."""

from __future__ import annotations

import threading

import pytest

from petstudio.images import pixel_writer
from petstudio.images.pixel_data import DataFile
from petstudio.images.pixel_file import PixelFile
from petstudio.images.pixel_records import FileVersion, Picture, PixelKind
from petstudio.images.pixel_writer import PixelWriter

VERSION = FileVersion(size=100, mtime_ns=5)
HEIGHT, WIDTH = 20, 30
RAW_BYTES = HEIGHT * WIDTH * 3
BUDGET = 1 << 20
PATIENCE_S = 20


class SlowDisk:
    """Lets nothing be written until it is told to."""

    def __init__(self):
        self.begun = threading.Event()
        self.may_go_on = threading.Event()
        self.threads = set()

    def hold(self, monkeypatch):
        write = DataFile.write

        def wait_and_write(file, offset, content):
            self.threads.add(threading.current_thread())
            self.begun.set()
            assert self.may_go_on.wait(PATIENCE_S)
            write(file, offset, content)

        monkeypatch.setattr(DataFile, "write", wait_and_write)


@pytest.fixture
def disk(monkeypatch):
    monkeypatch.setattr(pixel_writer, "_BATCH_PICTURES", 1)
    monkeypatch.setattr(pixel_writer, "_MOST_WAITING", 4 * RAW_BYTES)
    slow = SlowDisk()
    slow.hold(monkeypatch)
    yield slow
    slow.may_go_on.set()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache"


def picture(seed):
    return Picture(height=HEIGHT, width=WIDTH, pixels=bytes([seed]) * RAW_BYTES)


def add(writer, folder, seed):
    return writer.add(folder / f"{seed}.jpg", VERSION, HEIGHT, picture(seed))


def kept(folder, count):
    with PixelFile(folder) as file:
        records = [file.find(folder / f"{seed}.jpg", VERSION) for seed in range(count)]
        pictures = [file.picture(record) if record else None for record in records]
    return [None if found is None else bytes(found.pixels) for found in pictures]


def test_that_what_a_slow_disk_has_no_time_for_is_not_kept(disk, folder):
    writer = PixelWriter(folder, BUDGET)
    kinds = [add(writer, folder, seed) for seed in range(10)]
    disk.may_go_on.set()
    writer.close()
    assert kinds == [PixelKind.RAW] * 4 + [None] * 6
    assert kept(folder, 10) == [picture(seed).pixels for seed in range(4)] + [None] * 6


def test_that_a_picture_that_was_not_kept_is_kept_the_next_time(disk, folder):
    writer = PixelWriter(folder, BUDGET)
    assert [add(writer, folder, seed) for seed in range(5)][-1] is None
    disk.may_go_on.set()
    writer.flush()
    assert add(writer, folder, 4) is PixelKind.RAW
    writer.close()
    assert kept(folder, 5)[4] == picture(4).pixels


def test_that_a_picture_can_be_had_while_it_is_being_written(disk, folder):
    writer = PixelWriter(folder, BUDGET)
    add(writer, folder, 0)
    assert disk.begun.wait(PATIENCE_S)
    assert writer.waiting(folder / "0.jpg", VERSION)[1] == picture(0)
    disk.may_go_on.set()
    writer.close()
    assert writer.waiting(folder / "0.jpg", VERSION) is None


def test_that_bytes_that_are_being_written_count_against_the_budget(disk, folder):
    writer = PixelWriter(folder, 2 * RAW_BYTES)
    kinds = [add(writer, folder, 0)]
    assert disk.begun.wait(PATIENCE_S)
    kinds += [add(writer, folder, seed) for seed in (1, 2)]
    disk.may_go_on.set()
    writer.close()
    assert kinds == [PixelKind.RAW, PixelKind.RAW, None]


def test_that_a_picture_given_twice_counts_once(disk, folder):
    writer = PixelWriter(folder, BUDGET)
    add(writer, folder, 0)
    assert disk.begun.wait(PATIENCE_S)
    kinds = [add(writer, folder, 1) for _ in range(3)] + [add(writer, folder, 2)]
    disk.may_go_on.set()
    writer.close()
    assert kinds == [PixelKind.RAW] * 4


def test_that_only_the_writing_thread_writes_and_it_ends_with_the_writer(disk, folder):
    disk.may_go_on.set()
    writer = PixelWriter(folder, BUDGET)
    add(writer, folder, 0)
    writer.flush()
    writer.close()
    (thread,) = disk.threads
    assert thread is not threading.current_thread()
    assert not thread.is_alive()


def test_that_a_picture_is_written_though_no_other_follows(folder):
    writer = PixelWriter(folder, BUDGET)
    written = threading.Event()
    done = writer._queue.done
    writer._queue.done = lambda: (done(), written.set())
    add(writer, folder, 0)
    assert written.wait(PATIENCE_S)
    assert kept(folder, 1) == [picture(0).pixels]
    writer.close()


def test_that_a_writer_that_was_given_nothing_starts_no_thread(folder):
    writer = PixelWriter(folder, BUDGET)
    writer.flush()
    writer.close()
    assert writer._thread is None
