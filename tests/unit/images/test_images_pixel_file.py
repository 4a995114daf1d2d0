"""The picture cache by itself: what is found, in which form, and what is thrown away."""

from __future__ import annotations

import os
import sqlite3

import numpy as np
import pytest

from petstudio.images import pixel_writer
from petstudio.images.pixel_file import PixelFile
from petstudio.images.pixel_index import INDEX_NAME
from petstudio.images.pixel_records import FileVersion, Picture, PixelKind
from petstudio.images.pixel_writer import PixelWriter

VERSION = FileVersion(size=100, mtime_ns=5)
HEIGHT, WIDTH = 20, 30
RAW_BYTES = HEIGHT * WIDTH * 3
BUDGET = 1 << 20


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache"


def picture(seed=0, height=HEIGHT, width=WIDTH):
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 255, height * width * 3, dtype=np.uint8)
    return Picture(height=height, width=width, pixels=pixels.tobytes())


def fill(folder, paths, budget=BUDGET, **options):
    told = []
    writer = PixelWriter(folder, budget, notice=told.append)
    kinds = [
        writer.add(path, VERSION, HEIGHT, picture(seed), **options)
        for seed, path in enumerate(paths)
    ]
    writer.close()
    return kinds, told


def read(folder, path, version=VERSION):
    with PixelFile(folder) as file:
        record = file.find(path, version)
        return None if record is None else file.picture(record)


def names(tmp_path, count):
    return [tmp_path / f"{number}.jpg" for number in range(count)]


def test_that_what_was_written_is_read_again_in_any_order(folder, tmp_path):
    paths = names(tmp_path, 5)
    fill(folder, paths)
    for seed in (3, 0, 4, 1, 2):
        assert bytes(read(folder, paths[seed]).pixels) == picture(seed).pixels


def test_that_a_second_read_is_a_view_of_the_file(folder, tmp_path):
    fill(folder, names(tmp_path, 2))
    with PixelFile(folder) as file:
        record = file.find(tmp_path / "1.jpg", VERSION)
        assert file.mapped(record) is None  # not checked yet
        file.picture(record)
        view = file.picture(record).pixels
    assert isinstance(view, memoryview)
    assert bytes(view) == picture(1).pixels


def test_that_another_version_of_the_file_is_not_found(folder, tmp_path):
    fill(folder, names(tmp_path, 1))
    for version in (FileVersion(size=101, mtime_ns=5), FileVersion(size=100, mtime_ns=6)):
        assert read(folder, tmp_path / "0.jpg", version) is None


def test_that_any_file_name_can_be_kept(folder, tmp_path):
    odd = tmp_path / os.fsdecode(b"a'\xff\n%00?.jpg")
    fill(folder, [odd])
    assert bytes(read(folder, odd).pixels) == picture(0).pixels


def test_that_a_reader_sees_what_is_written_after_it_was_opened(folder, tmp_path):
    paths = names(tmp_path, 2)
    with PixelFile(folder) as file:
        assert file.find(paths[0], VERSION) is None
        for path in paths:
            fill(folder, [path])
            assert file.picture(file.find(path, VERSION)) is not None


def test_that_a_deleted_cache_is_only_empty(folder, tmp_path):
    paths = names(tmp_path, 1)
    fill(folder, paths)
    with PixelFile(folder) as file:
        assert file.find(paths[0], VERSION) is not None
        for left in folder.iterdir():
            left.unlink()
        assert file.find(paths[0], VERSION) is None
        assert fill(folder, paths) == ([PixelKind.RAW], [])
        assert file.find(paths[0], VERSION) is not None


def test_that_pixels_become_jpegs_when_others_need_the_room(folder, tmp_path):
    kinds, _ = fill(folder, names(tmp_path, 1), budget=2000, reserve=1000)
    assert kinds == [PixelKind.JPEG]
    kept = read(folder, tmp_path / "0.jpg")
    assert (kept.height, kept.width, len(kept.pixels)) == (HEIGHT, WIDTH, RAW_BYTES)


def test_that_a_full_budget_keeps_nothing_more(folder, tmp_path):
    kinds, told = fill(folder, names(tmp_path, 4), budget=2 * RAW_BYTES)
    assert kinds == [PixelKind.RAW, PixelKind.RAW, None, None]
    assert told == []


def test_that_a_lower_budget_empties_the_cache(folder, tmp_path):
    fill(folder, names(tmp_path, 4))
    fill(folder, [], budget=RAW_BYTES)
    assert read(folder, tmp_path / "0.jpg") is None
    assert list(folder.glob("*.bin")) == []


def test_that_a_cache_that_is_mostly_waste_is_emptied(folder, tmp_path):
    path = tmp_path / "0.jpg"
    for seed in range(3):
        writer = PixelWriter(folder, BUDGET)
        for _ in range(3):
            writer.add(path, VERSION, HEIGHT, picture(seed))
            writer.flush()
        writer.close()
        (data,) = folder.glob("*.bin")
        assert data.stat().st_size == 3 * RAW_BYTES
        assert bytes(read(folder, path).pixels) == picture(seed).pixels


def test_that_a_view_stays_good_when_the_cache_is_emptied(folder, tmp_path):
    paths = names(tmp_path, 3)
    fill(folder, paths)
    with PixelFile(folder) as file:
        record = file.find(paths[2], VERSION)
        file.picture(record)
        fill(folder, paths[:1], budget=RAW_BYTES)
        assert bytes(file.mapped(record).pixels) == picture(2).pixels
        assert file.find(paths[2], VERSION) is None


def test_that_a_picture_can_be_had_before_it_is_written(folder, tmp_path):
    writer = PixelWriter(folder, BUDGET)
    writer.add(tmp_path / "0.jpg", VERSION, HEIGHT, picture())
    record, waiting = writer.waiting(tmp_path / "0.jpg", VERSION)
    assert (record.short_side, waiting) == (HEIGHT, picture())
    assert writer.waiting(tmp_path / "0.jpg", FileVersion(size=1, mtime_ns=5)) is None
    writer.close()


def test_that_an_index_of_another_version_is_made_anew(folder, tmp_path):
    paths = names(tmp_path, 1)
    fill(folder, paths)
    with sqlite3.connect(folder / INDEX_NAME) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    assert read(folder, paths[0]) is None
    assert fill(folder, paths) == ([PixelKind.RAW], [])
    assert read(folder, paths[0]) is not None


def test_that_an_index_cannot_name_a_file_outside(folder, tmp_path):
    paths = names(tmp_path, 1)
    fill(folder, paths)
    (data,) = folder.glob("*.bin")
    data.rename(tmp_path / "outside.bin")
    with sqlite3.connect(folder / INDEX_NAME) as connection:
        connection.execute("UPDATE place SET data = '../outside.bin'")
    connection.close()
    assert read(folder, paths[0]) is None
    assert fill(folder, paths) == ([PixelKind.RAW], [])


def test_that_a_link_is_not_followed(folder, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    folder.symlink_to(tmp_path / "elsewhere")
    kinds, told = fill(folder, names(tmp_path, 1))
    assert kinds == [None]
    assert len(told) == 1
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_that_a_folder_that_cannot_be_made_is_told_once(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    kinds, told = fill(tmp_path / "file" / "cache", names(tmp_path, 3))
    assert kinds == [None, None, None]
    assert len(told) == 1


@pytest.mark.parametrize("content", [b"no picture at all", "of another size"])
def test_that_a_foreign_jpeg_in_the_cache_is_not_shown(folder, tmp_path, monkeypatch, content):
    if isinstance(content, str):
        content = pixel_writer._small_jpeg(picture(0, HEIGHT * 2, WIDTH))
    monkeypatch.setattr(pixel_writer, "_small_jpeg", lambda picture: content)
    kinds, _ = fill(folder, names(tmp_path, 1), reserve=BUDGET)
    assert kinds == [PixelKind.JPEG]
    assert read(folder, tmp_path / "0.jpg") is None


def test_that_an_index_whose_fault_is_no_text_is_made_anew(folder, tmp_path):
    """The message of SQLite then quotes bytes that are not UTF-8."""
    (path,) = names(tmp_path, 1)
    fill(folder, [path])
    index = folder / INDEX_NAME
    index.write_bytes(index.read_bytes().replace(b"CREATE TABLE", b"CREATE \xcfABLE"))
    fill(folder, [path])
    assert bytes(read(folder, path).pixels) == picture().pixels
