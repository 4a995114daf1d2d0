"""Pictures that look the same are found; others, and flat ones, are not taken for them."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from petstudio.api.errors import ImageError
from petstudio.images.near_duplicates import near_pairs
from petstudio.images.picture_facts import facts_of, fingerprint_of


def scene(seed):
    """Return a picture with soft shapes, as photos have them."""
    rough = np.random.default_rng(seed).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    return Image.fromarray(rough).resize((240, 180), Image.Resampling.BICUBIC)


def as_jpeg(picture, quality):
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality)
    return Image.open(stream)


COPIES = {
    "encoded again": lambda picture: as_jpeg(picture, 60),
    "half as large": lambda picture: picture.resize((120, 90)),
    "brighter": lambda picture: ImageEnhance.Brightness(picture).enhance(1.15),
    "grey": lambda picture: picture.convert("L"),
}


@pytest.mark.parametrize("change", COPIES.values(), ids=COPIES.keys())
def test_that_a_changed_copy_is_paired_with_its_original(change):
    pictures = [scene(1), scene(2), change(scene(1)), scene(3)]
    assert near_pairs([fingerprint_of(picture) for picture in pictures]) == ((0, 2),)


def test_that_different_pictures_are_no_pairs():
    assert near_pairs([fingerprint_of(scene(seed)) for seed in range(200)]) == ()


def test_that_flat_pictures_have_no_fingerprint_and_no_pairs():
    flat = [fingerprint_of(Image.new("RGB", (40, 30), (90, 90, shade))) for shade in (1, 2)]
    assert flat == [b"", b""]
    assert near_pairs(flat) == ()


def test_that_the_work_does_not_grow_with_the_square_where_all_share_a_band():
    fingerprints = [bytes(8) + np.random.default_rng(n).bytes(8) for n in range(3000)]
    calls = []
    near_pairs(fingerprints, lambda: calls.append(1))
    assert len(calls) == 8


def test_that_pairs_have_the_lower_position_first_and_are_sorted():
    one, two = fingerprint_of(scene(1)), fingerprint_of(scene(2))
    assert near_pairs([two, one, two, one]) == ((0, 2), (1, 3))


def test_that_the_facts_of_a_picture_tell_its_size_and_colours(tmp_path):
    scene(1).convert("CMYK").save(tmp_path / "a.jpg")
    facts = facts_of(tmp_path / "a.jpg")
    assert (facts.width, facts.height, facts.mode) == (240, 180, "CMYK")
    assert len(facts.fingerprint) == 16


def test_that_a_broken_picture_has_no_facts(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0 broken")
    with pytest.raises(ImageError):
        facts_of(tmp_path / "a.jpg")
