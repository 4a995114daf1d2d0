"""Small pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from petstudio.images.thumbnails import thumbnail


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((800, 600), (160, 120)),
        ((600, 800), (120, 160)),
        ((40, 30), (40, 30)),
        ((2000, 20), (160, 2)),
        ((3000, 1), (160, 1)),
    ],
)
@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_that_a_thumbnail_fits_the_square_and_keeps_its_shape(
    tmp_path: Path, suffix: str, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    path = tmp_path / f"a.{suffix}"
    Image.new("RGB", size, "teal").save(path)
    small = thumbnail(path, 160)
    assert (small.mode, small.size) == ("RGB", expected)
