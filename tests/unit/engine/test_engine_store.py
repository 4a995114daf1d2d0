"""The image store and its tiers: memory, pixels on the disk, small JPEGs, the files themselves."""

from __future__ import annotations

import os
import threading

import numpy as np
import pytest
import torch
from PIL import Image

from petstudio.api.errors import ImageError, ImageReason
from petstudio.engine.input.memory import free_memory, memory_share
from petstudio.engine.input.store import ImageStore, StorePlan, decode
from petstudio.images import pixel_writer
from petstudio.images.pixel_data import DataFile
from petstudio.images.pixel_file import PixelFile
from petstudio.images.pixel_records import FileVersion, PixelKind

SIDE = 32
RAW_BYTES = 32 * 43 * 3  # of a picture of 60 x 80 at this side


@pytest.fixture
def paths(tmp_path):
    return make_pictures(tmp_path, 12)


@pytest.fixture
def plan(tmp_path):
    return StorePlan(folder=tmp_path / "cache", disk_budget=10 << 20, memory_budget=0)


def make_pictures(folder, count):
    rng = np.random.default_rng(0)
    made = []
    for number in range(count):
        small = Image.fromarray(rng.integers(0, 255, (6, 8, 3), dtype=np.uint8))
        made.append(folder / f"{number}.png")
        small.resize((80, 60)).save(made[-1])
    return made


def read_all(store):
    requests = [store.request(index) for index in range(len(store))]
    return [request.result() for request in requests]


def fresh(paths, side=SIDE):
    return [decode(path, side) for path in paths]


def same(pictures, others):
    return all(torch.equal(one, other) for one, other in zip(pictures, others, strict=True))


def kinds(folder, paths):
    with PixelFile(folder) as file:
        found = [file.find(path, FileVersion.of(path)) for path in paths]
    return [record.kind if record else None for record in found]


def test_that_a_second_opening_decodes_nothing(paths, plan):
    with ImageStore(paths, SIDE, plan=plan) as first:
        assert same(read_all(first), fresh(paths))
        assert (first.decoded, first.reused) == (12, 0)
    with ImageStore(paths, SIDE, plan=plan) as second:
        assert same(read_all(second), fresh(paths))
        assert (second.decoded, second.reused) == (0, 12)


def test_that_a_second_epoch_decodes_nothing(paths, plan):
    with ImageStore(paths, SIDE, plan=plan) as store:
        read_all(store)
        assert same(read_all(store), fresh(paths))
        assert (store.decoded, store.reused) == (12, 12)


def test_that_mapped_pictures_outlive_the_store(paths, plan):
    with ImageStore(paths, SIDE, plan=plan) as first:
        read_all(first)
    with ImageStore(paths, SIDE, plan=plan) as second:
        read_all(second)
        mapped = read_all(second)
    assert same(mapped, fresh(paths))


def test_that_writing_to_a_mapped_picture_changes_nobody_elses(paths, plan):
    with ImageStore(paths, SIDE, plan=plan) as first:
        read_all(first)
    with ImageStore(paths, SIDE, plan=plan) as second:
        read_all(second)
        second.request(0).result().zero_()
    with ImageStore(paths, SIDE, plan=plan) as third:
        assert same(read_all(third), fresh(paths))
        assert third.decoded == 0


def test_that_a_changed_file_is_decoded_again(paths, plan):
    with ImageStore(paths, SIDE, plan=plan) as store:
        read_all(store)
    Image.new("RGB", (80, 60), "red").save(paths[3])
    os.utime(paths[5], ns=(1, 1))
    for decoded in (2, 0):
        with ImageStore(paths, SIDE, plan=plan) as store:
            assert same(read_all(store), fresh(paths))
            assert store.decoded == decoded


def test_that_a_vanished_file_is_an_error_even_when_it_is_kept(paths, plan):
    with ImageStore(paths, SIDE, plan=plan) as store:
        read_all(store)
    paths[0].unlink()
    with ImageStore(paths, SIDE, plan=plan) as store:
        error = store.request(0).exception()
    assert isinstance(error, ImageError)
    assert error.reason is ImageReason.MISSING


def test_that_a_larger_kept_picture_serves_a_smaller_size(paths, plan):
    with ImageStore(paths, SIDE, plan=plan) as large:
        read_all(large)
    with ImageStore(paths, 16, plan=plan) as small:
        pictures = read_all(small)
        assert small.decoded == 0
    for picture, expected in zip(pictures, fresh(paths, 16), strict=True):
        assert picture.shape[0] == 16
        assert abs(picture.shape[1] - expected.shape[1]) <= 1  # rounded twice


def test_that_a_smaller_kept_picture_does_not_serve_a_larger_size(paths, plan):
    with ImageStore(paths, 16, plan=plan) as small:
        read_all(small)
    for decoded in (12, 0):
        with ImageStore(paths, SIDE, plan=plan) as large:
            assert same(read_all(large), fresh(paths))
            assert large.decoded == decoded


def test_that_a_picture_that_was_never_shrunk_serves_every_size(paths, plan):
    with ImageStore(paths, 100, plan=plan) as whole:
        read_all(whole)
    with ImageStore(paths, 200, plan=plan) as larger:
        assert same(read_all(larger), fresh(paths, 200))
        assert larger.decoded == 0


def test_that_a_picture_that_was_never_shrunk_is_shrunk_for_a_smaller_size(paths, plan):
    with ImageStore(paths, 100, plan=plan) as whole:
        read_all(whole)
    with ImageStore(paths, SIDE, plan=plan) as smaller:
        for _ in range(3):
            assert same(read_all(smaller), fresh(paths))
        assert smaller.decoded == 0


def test_that_a_small_budget_mixes_pixels_jpegs_and_files(tmp_path, plan):
    paths = make_pictures(tmp_path, 40)
    budget = 8 * RAW_BYTES
    small = StorePlan(folder=plan.folder, disk_budget=budget, memory_budget=0)
    with ImageStore(paths, SIDE, plan=small) as store:
        read_all(store)
    assert set(kinds(plan.folder, paths)) == {PixelKind.RAW, PixelKind.JPEG, None}
    assert sum(file.stat().st_size for file in plan.folder.glob("*.bin")) <= budget
    with ImageStore(paths, SIDE, plan=small) as store:
        pictures = read_all(store)
        assert 0 < store.decoded < 40
    apart = [
        (one.int() - other.int()).abs().float().mean().item()
        for one, other in zip(pictures, fresh(paths), strict=True)
    ]
    assert max(apart) < 8  # of 255; JPEG at quality 90 of pictures this small
    assert apart.count(0) >= 2


def test_that_no_budget_keeps_nothing(paths, plan):
    with ImageStore(paths, SIDE, plan=StorePlan(folder=plan.folder, memory_budget=0)) as store:
        read_all(store)
        read_all(store)
        assert (store.decoded, store.reused) == (24, 0)
    assert not plan.folder.exists()


def test_that_a_store_without_a_budget_reads_what_others_kept(paths, plan):
    with ImageStore(paths, SIDE, plan=plan) as store:
        read_all(store)
    with ImageStore(paths, SIDE, plan=StorePlan(folder=plan.folder, memory_budget=0)) as reader:
        assert same(read_all(reader), fresh(paths))
        assert reader.decoded == 0


def test_that_memory_takes_what_fits_and_no_more(paths):
    plan = StorePlan(memory_budget=5 * RAW_BYTES)
    with ImageStore(paths, SIDE, plan=plan) as store:
        read_all(store)
        read_all(store)
        assert (store.decoded, store.reused) == (19, 5)


def test_that_two_stores_of_one_process_fill_the_same_folder(paths, plan):
    with (
        ImageStore(paths[:6], SIDE, plan=plan) as one,
        ImageStore(paths[6:], SIDE, plan=plan) as two,
    ):
        read_all(one)
        read_all(two)
    with ImageStore(paths, SIDE, plan=plan) as both:
        assert same(read_all(both), fresh(paths))
        assert both.decoded == 0


def test_that_a_slow_disk_stops_no_request(paths, plan, monkeypatch):
    may_write = threading.Event()
    write = DataFile.write

    def wait_and_write(file, offset, content):
        assert may_write.wait(60)
        write(file, offset, content)

    monkeypatch.setattr(DataFile, "write", wait_and_write)
    monkeypatch.setattr(pixel_writer, "_BATCH_PICTURES", 1)
    monkeypatch.setattr(pixel_writer, "_MOST_WAITING", 5 * RAW_BYTES)
    with ImageStore(paths, SIDE, plan=plan) as store:
        pictures = [*read_all(store), *read_all(store)]
        may_write.set()
    assert same(pictures, 2 * fresh(paths))
    assert (store.decoded, store.reused) == (12 + 7, 5)
    with ImageStore(paths, SIDE, plan=plan) as store:
        assert same(read_all(store), fresh(paths))
        assert (store.decoded, store.reused) == (7, 5)


def test_that_an_unreadable_picture_is_not_kept(paths, plan):
    paths[2].write_bytes(b"no picture")
    for _ in range(2):
        with ImageStore(paths, SIDE, plan=plan) as store:
            errors = [store.request(index).exception() for index in range(len(store))]
    assert [index for index, error in enumerate(errors) if error] == [2]


def test_that_the_share_of_memory_lies_within_what_is_free():
    assert 0 < memory_share() <= free_memory()
