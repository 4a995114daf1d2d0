"""Store, sampler, draws and batches."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch
from PIL import Image

from petstudio.api.contributions import Augmentation, ImageTransforms
from petstudio.api.errors import ImageError
from petstudio.api.options import NoOptions
from petstudio.config.recipe import Resize
from petstudio.engine.input.augmenting import Augmenter
from petstudio.engine.input.batches import BatchSource, ImageSet, ahead
from petstudio.engine.input.draws import epoch_order, step_seed, uniforms
from petstudio.engine.input.sampler import Sampler
from petstudio.engine.input.store import ImageStore, StorePlan, decode, short_side_for

CPU = torch.device("cpu")


def sampler(size=8, resize=Resize.CROP):
    return Sampler(size=size, resize=resize, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))


def test_that_draws_depend_on_the_picture_and_not_on_its_place():
    together = uniforms(5, 2, np.array([7, 8, 9]), 4)
    alone = uniforms(5, 2, np.array([9]), 4)
    assert np.array_equal(together[2:], alone)


@pytest.mark.parametrize("changed", [(6, 2, 7), (5, 3, 7), (5, 2, 8)])
def test_that_seed_epoch_and_picture_each_change_the_draws(changed):
    seed, epoch, key = changed
    base = uniforms(5, 2, np.array([7]), 4)
    assert not np.array_equal(base, uniforms(seed, epoch, np.array([key]), 4))


def test_that_draws_are_spread_evenly():
    drawn = uniforms(1, 0, np.arange(20_000), 3)
    assert drawn.min() >= 0
    assert drawn.max() < 1
    counts = np.histogram(drawn, bins=10, range=(0, 1))[0]
    assert np.allclose(counts / drawn.size, 0.1, atol=0.01)
    assert np.abs(np.corrcoef(drawn.T) - np.eye(3)).max() < 0.03


def test_that_every_epoch_visits_each_picture_once_in_its_own_order():
    first, second = epoch_order(1, 0, 50), epoch_order(1, 1, 50)
    assert sorted(first) == list(range(50))
    assert not np.array_equal(first, second)


def test_that_step_seeds_differ_and_repeat():
    assert step_seed(1, 5) == step_seed(1, 5) != step_seed(1, 6)


def test_that_a_picture_is_shrunk_to_the_short_side_with_its_shape_kept(tmp_path):
    Image.new("RGB", (400, 200), (10, 20, 30)).save(tmp_path / "a.png")
    assert tuple(decode(tmp_path / "a.png", 100).shape) == (100, 200, 3)


def test_that_a_small_picture_is_not_enlarged(tmp_path):
    Image.new("RGB", (30, 20)).save(tmp_path / "a.png")
    assert tuple(decode(tmp_path / "a.png", 100).shape) == (20, 30, 3)


def test_that_a_panorama_is_cut_to_its_middle(tmp_path):
    Image.new("RGB", (4000, 50)).save(tmp_path / "a.png")
    assert tuple(decode(tmp_path / "a.png", 100).shape) == (50, 200, 3)


def test_that_the_store_gives_the_same_pixels_from_memory_and_from_the_file(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 255, (40, 30, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    with (
        ImageStore([tmp_path / "a.png"], 20) as kept,
        ImageStore([tmp_path / "a.png"], 20, plan=StorePlan(memory_budget=0)) as fresh,
    ):
        first = kept.request(0).result()
        assert torch.equal(first, kept.request(0).result())
        assert torch.equal(first, fresh.request(0).result())


def test_that_an_unreadable_picture_raises_an_image_error_with_its_path(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    with ImageStore([tmp_path / "a.jpg"], 20) as store, pytest.raises(ImageError) as caught:
        store.request(0).result()
    assert caught.value.path == str(tmp_path / "a.jpg")


def test_that_an_unchanged_square_comes_out_as_it_went_in():
    picture = torch.randint(0, 255, (8, 8, 3), dtype=torch.uint8)
    batch = sampler().sample([picture], CPU)
    assert torch.allclose(batch[0].permute(1, 2, 0), picture / 255, atol=1e-5)


def test_that_a_crop_at_fraction_zero_starts_at_the_left():
    picture = torch.zeros((8, 16, 3), dtype=torch.uint8)
    picture[:, :8] = 255
    left = sampler().sample([picture], CPU, np.array([[0.0, 0.0]]))
    right = sampler().sample([picture], CPU, np.array([[1.0, 0.0]]))
    assert left.mean() == pytest.approx(1.0, abs=1e-4)
    assert right.mean() == pytest.approx(0.0, abs=1e-4)


def test_that_squish_shows_the_whole_picture():
    picture = torch.zeros((8, 16, 3), dtype=torch.uint8)
    picture[:, :8] = 255
    squished = sampler(resize=Resize.SQUISH).sample([picture], CPU)
    assert squished.mean() == pytest.approx(0.5, abs=1e-3)


def test_that_pictures_of_different_shapes_share_a_batch():
    pictures = [torch.zeros((h, w, 3), dtype=torch.uint8) for h, w in ((8, 20), (30, 9), (5, 5))]
    assert tuple(sampler().sample(pictures, CPU).shape) == (3, 3, 8, 8)


def test_that_mean_and_deviation_are_applied():
    picture = torch.full((8, 8, 3), 255, dtype=torch.uint8)
    made = Sampler(size=8, resize=Resize.CROP, mean=(0.5, 0.5, 0.5), std=(0.25, 0.25, 0.25))
    assert made.sample([picture], CPU).mean() == pytest.approx(2.0, abs=1e-4)


def test_that_a_flip_is_drawn_into_the_one_sampling():
    picture = torch.randint(0, 255, (8, 8, 3), dtype=torch.uint8)
    flip = ImageTransforms(
        homography=np.diag([-1.0, 1.0, 1.0])[None], brightness=np.zeros(1), contrast=np.ones(1)
    )
    flipped = sampler().sample([picture], CPU, None, flip)
    assert torch.allclose(flipped[0].permute(1, 2, 0), picture.flip(1) / 255, atol=1e-5)


def shift(amount):
    def draw(options, numbers):
        matrices = np.tile(np.eye(3), (len(numbers), 1, 1))
        matrices[:, 0, 2] = amount * numbers[:, 0]
        count = len(numbers)
        return ImageTransforms(
            homography=matrices, brightness=np.full(count, 0.5), contrast=np.full(count, 2.0)
        )

    return Augmentation(key="shift", label="", summary="", options=NoOptions, draws=1, draw=draw)


def test_that_two_augmentations_compose_in_order():
    augmenter = Augmenter(
        seed=1, augmentations=((shift(1.0), NoOptions()), (shift(10.0), NoOptions()))
    )
    _, transforms = augmenter.draw(0, np.array([4]))
    numbers = uniforms(1, 0, np.array([4]), 4)[0, 2:]
    assert transforms.homography[0, 0, 2] == pytest.approx(numbers[0] + 10 * numbers[1])
    # (x + 0.5) * 2, then (… + 0.5) * 2, is (x + 0.75) * 4
    assert transforms.brightness[0] == pytest.approx(0.75)
    assert transforms.contrast[0] == pytest.approx(4.0)


def test_that_unreadable_pictures_leave_the_batch_and_are_told(tmp_path):
    Image.new("RGB", (9, 9)).save(tmp_path / "good.png")
    (tmp_path / "bad.png").write_bytes(b"")
    paths = (tmp_path / "bad.png", tmp_path / "good.png")
    told = []
    with ImageStore(paths, short_side_for(8)) as store:
        source = BatchSource(
            images=ImageSet(paths=paths, keys=np.arange(2), targets=np.array([0, 1])),
            store=store,
            sampler=sampler(),
            device=CPU,
            skipped=told.append,
        )
        (batch,) = source.plain(2)
    assert batch.indices.tolist() == [1]
    assert batch.targets.tolist() == [1]
    assert [error.path for error in told] == [str(tmp_path / "bad.png")]


def test_that_work_prepared_ahead_comes_in_order():
    jobs = (partial(lambda number: number * 2, number) for number in range(20))
    assert list(ahead(jobs)) == list(range(0, 40, 2))


def test_that_an_error_while_preparing_reaches_the_reader():
    def fail():
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        list(ahead([fail]))
