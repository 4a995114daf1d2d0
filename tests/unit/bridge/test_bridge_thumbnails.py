"""Thumbnails from threads."""

from __future__ import annotations

import threading

import pytest
from PIL import Image

from petstudio.bridge import thumbnails
from petstudio.bridge.thumbnails import MOST_WAITING, ThumbnailLoader
from petstudio.images.pixel_records import FileVersion, Picture
from petstudio.images.pixel_writer import PixelWriter
from petstudio.project.layout import pictures_folder


@pytest.fixture
def loader(qapp):
    made = ThumbnailLoader()
    yield made
    made.shutdown()


@pytest.fixture
def arrived(loader):
    seen = []
    loader.arrived.connect(seen.extend)
    return seen


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "cat_1.png"
    Image.new("RGB", (80, 40), (200, 10, 10)).save(path)
    return path


def test_that_a_thumbnail_comes_with_its_pixels(qtbot, loader, arrived, picture):
    loader.request(picture, 20)
    qtbot.waitUntil(lambda: bool(arrived), timeout=10_000)
    made = arrived[0]
    assert (made.path, made.side, made.width, made.height) == (picture, 20, 20, 10)
    assert made.pixels == bytes((200, 10, 10)) * 200


def test_that_a_file_that_cannot_be_read_comes_with_its_problem(qtbot, loader, arrived, tmp_path):
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8not a picture")
    loader.request(broken, 20)
    qtbot.waitUntil(lambda: bool(arrived), timeout=10_000)
    assert arrived[0].pixels == b""
    assert "broken.jpg" in arrived[0].problem


def test_that_the_latest_requests_come_first(qtbot, loader, arrived, tmp_path, monkeypatch):
    release, entered, made = threading.Event(), threading.Semaphore(0), []

    def slow(path, side, kept):
        entered.release()
        release.wait(10)
        made.append(path.name)
        return Image.new("RGB", (1, 1))

    monkeypatch.setattr(thumbnails, "thumbnail", slow)
    for number in range(thumbnails._THREADS):
        loader.request(tmp_path / f"busy{number}", 8)
        assert entered.acquire(timeout=10)
    for name in ("first", "second", "third"):
        loader.request(tmp_path / name, 8)
    release.set()
    qtbot.waitUntil(lambda: len(arrived) == 3 + thumbnails._THREADS, timeout=10_000)
    assert made.index("third") < made.index("first")


def test_that_the_oldest_requests_are_forgotten_when_there_are_too_many(
    qtbot, loader, arrived, tmp_path, monkeypatch
):
    release = threading.Event()

    def slow(path, side, kept):
        release.wait(10)
        return Image.new("RGB", (1, 1))

    monkeypatch.setattr(thumbnails, "thumbnail", slow)
    for number in range(MOST_WAITING + 50):
        loader.request(tmp_path / str(number), 8)
    release.set()
    newest = str(MOST_WAITING + 49)
    qtbot.waitUntil(lambda: newest in {made.path.name for made in arrived}, timeout=10_000)
    qtbot.waitUntil(lambda: len(arrived) >= MOST_WAITING, timeout=10_000)
    assert len(arrived) < MOST_WAITING + 50


def test_that_thumbnails_are_made_of_what_training_has_kept(
    qtbot, loader, arrived, picture, tmp_path
):
    project = tmp_path / "p.petstudio"
    writer = PixelWriter(pictures_folder(project), 1 << 20)
    kept = Picture(height=10, width=20, pixels=bytes((1, 2, 3)) * 200)
    writer.add(picture, FileVersion.of(picture), 10, kept)
    writer.close()
    loader.look_in(project)
    loader.request(picture, 20)
    qtbot.waitUntil(lambda: bool(arrived), timeout=10_000)
    assert arrived[0].pixels == bytes((1, 2, 3)) * 200
    loader.look_in(None)
    loader.request(picture, 20)
    qtbot.waitUntil(lambda: len(arrived) == 2, timeout=10_000)
    assert arrived[1].pixels == bytes((200, 10, 10)) * 200
