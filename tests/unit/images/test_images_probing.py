"""Sizes from headers; what turned pictures measure is tested with the decoder."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from petstudio.api.errors import ImageError, ImageReason
from petstudio.images.probing import probe_size


def test_that_the_size_is_known_without_the_pixels(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.effect_noise((300, 200), 50).save(path)
    path.write_bytes(path.read_bytes()[:2000])
    assert probe_size(path) == (300, 200)


def test_that_the_pixels_of_a_png_are_not_decoded(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.effect_noise((64, 48), 50).save(path)
    path.write_bytes(path.read_bytes()[:500])
    assert probe_size(path) == (64, 48)


def test_that_a_picture_over_the_pixel_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pgm"
    path.write_bytes(b"P5 100000 100000 255\n")
    with pytest.raises(ImageError) as caught:
        probe_size(path)
    assert caught.value.reason is ImageReason.TOO_LARGE
