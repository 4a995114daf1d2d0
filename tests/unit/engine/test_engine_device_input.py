"""The sampler's way on a GPU, run on the CPU: the same pictures as the CPU's way makes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from petstudio.api import Augmentation, NoOptions
from petstudio.api.contributions import ImageTransforms
from petstudio.config.recipe import Resize
from petstudio.engine.input.augmenting import Augmenter
from petstudio.engine.input.batches import BatchSource, ImageSet
from petstudio.engine.input.device_batches import DeviceBatchSource
from petstudio.engine.input.device_store import DeviceStore
from petstudio.engine.input.sampler import Sampler
from petstudio.engine.input.store import ImageStore

CPU = torch.device("cpu")
SHAPES = ((40, 30), (24, 24), (33, 57), (20, 64), (41, 28), (30, 30))
LARGEST = 33 * 57 * 3


def sampler(resize=Resize.CROP):
    mean, std = (0.4, 0.5, 0.6), (0.2, 0.25, 0.3)
    return Sampler(size=16, resize=resize, mean=mean, std=std)


@pytest.fixture
def images(tmp_path):
    rng = np.random.default_rng(1)
    paths = []
    for number, shape in enumerate(SHAPES):
        paths.append(tmp_path / f"{number}.png")
        Image.fromarray(rng.integers(0, 256, (*shape, 3), dtype=np.uint8)).save(paths[-1])
    return ImageSet(
        paths=tuple(paths), keys=np.arange(len(paths)), targets=np.arange(len(paths)) % 2
    )


@pytest.fixture
def store(images):
    with ImageStore(images.paths, 48) as opened:
        yield opened


def plain_source(images, store, resize=Resize.CROP, told=None):
    skipped = [].append if told is None else told.append
    return BatchSource(
        images=images, store=store, sampler=sampler(resize), device=CPU, skipped=skipped
    )


def device_source(source, resident=1 << 20, slot=1 << 20):
    return DeviceBatchSource(
        images=source.images,
        store=source.store,
        sampler=source.sampler,
        device=CPU,
        skipped=source.skipped,
        device_store=DeviceStore(len(source.images), CPU, resident=resident, slot=slot),
        dtype=torch.float32,
    )


def wild_changes(options, numbers):
    """Turn, shear, tilt and light every picture strongly, but the first of a batch not at all."""
    count = len(numbers)
    homography = np.tile(np.eye(3), (count, 1, 1))
    homography[:, :2, :2] += numbers[:, :4].reshape(-1, 2, 2) - 0.5
    homography[:, :2, 2] = numbers[:, 4:6] - 0.5
    homography[:, 2, :2] = 0.4 * (numbers[:, 6:8] - 0.5)
    brightness, contrast = numbers[:, 8] - 0.5, 0.8 + 0.4 * numbers[:, 9]
    brightness[0], contrast[0] = 0, 1
    return ImageTransforms(homography=homography, brightness=brightness, contrast=contrast)


def boxes(options, numbers):
    """Turn every picture as `wild_changes` does, and erase two boxes of it."""
    count = len(numbers)
    corners = 2 * numbers[:, 10:14].reshape(count, 2, 2) - 1
    erased = np.concatenate([corners, corners + 0.7], axis=2)
    return replace(wild_changes(options, numbers), erased=erased)


def augmenter_of(draw, draws=10):
    wild = Augmentation(key="wild", label="", summary="", options=NoOptions, draws=draws, draw=draw)
    return Augmenter(seed=5, augmentations=((wild, NoOptions()),))


def wild_augmenter():
    return augmenter_of(wild_changes)


@pytest.mark.parametrize("resize", Resize)
def test_that_both_ways_give_the_same_plain_pictures(images, store, resize):
    plain = plain_source(images, store, resize)
    (expected,) = plain.plain(8)
    (found,) = device_source(plain).plain(8)
    assert torch.allclose(found.images, expected.images, atol=2e-4)
    assert found.images.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(found.targets, expected.targets)


@pytest.mark.parametrize("epoch", [0, 1])
def test_that_both_ways_change_pictures_alike(images, store, epoch):
    plain = plain_source(images, store)
    chunks = [np.array([4, 1, 0]), np.array([2, 5, 3])]
    expected = [b.images for b in plain.training(chunks, epoch, wild_augmenter())]
    found = [b.images for b in device_source(plain).training(chunks, epoch, wild_augmenter())]
    for one, other in zip(found, expected, strict=True):
        assert torch.allclose(one, other, atol=2e-3)


def test_that_both_ways_erase_the_same_boxes(images, store):
    plain, augmenter = plain_source(images, store), augmenter_of(boxes, draws=14)
    chunks = [np.array([4, 1, 0]), np.array([2, 5, 3])]
    expected = [b.images for b in plain.training(chunks, 0, augmenter)]
    found = [b.images for b in device_source(plain).training(chunks, 0, augmenter)]
    for one, other in zip(found, expected, strict=True):
        assert torch.allclose(one, other, atol=2e-3)
        assert torch.equal(one == 0, other == 0)
        assert (one == 0).any()
        assert one.is_contiguous(memory_format=torch.channels_last)


def test_that_boxes_of_several_augmentations_are_all_erased(images, store):
    erasing = augmenter_of(boxes, draws=14).augmentations[0]
    twice = Augmenter(seed=5, augmentations=(erasing, erasing))
    _, drawn = twice.draw(0, np.arange(3))
    assert drawn.erased.shape == (3, 4, 4)


def test_that_a_picture_that_stays_is_asked_for_once(images, store):
    source = device_source(plain_source(images, store))
    list(source.plain(3))
    assert source.device_store.kept == len(images)
    assert not source._request(np.arange(len(images)))


@pytest.mark.parametrize("resident", [0, LARGEST, 2 * LARGEST])
def test_that_what_does_not_fit_passes_through_the_ring(images, store, resident):
    plain = plain_source(images, store)
    source = device_source(plain, resident=resident, slot=3 * LARGEST)
    for _ in range(3):  # more batches than the ring has slots
        for found, expected in zip(source.plain(2), plain.plain(2), strict=True):
            assert torch.allclose(found.images, expected.images, atol=2e-4)
    assert source.device_store.kept < len(images)


def test_that_an_unreadable_picture_leaves_the_batch_in_every_epoch(images, store):
    images.paths[1].write_bytes(b"no picture")
    told = []
    source = device_source(plain_source(images, store, told=told))
    for _ in range(2):
        (batch,) = source.plain(8)
        assert batch.indices.tolist() == [0, 2, 3, 4, 5]
    assert len(told) == 2


def test_that_batches_of_one_source_share_what_makes_them(images, store):
    source = device_source(plain_source(images, store))
    first, second, *_ = source.plain(2)
    assert first.make is second.make
