"""Small pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from petstudio.images.decoding import read_image
from petstudio.images.pixel_file import PixelFile
from petstudio.images.pixel_records import FileVersion, Picture
from petstudio.images.pixel_writer import PixelWriter
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


def keep(folder: Path, path: Path, image: Image.Image, short_side: int) -> None:
    version = FileVersion.of(path)
    assert version is not None
    writer = PixelWriter(folder, 1 << 20)
    picture = Picture(height=image.height, width=image.width, pixels=image.tobytes())
    writer.add(path, version, short_side, picture)
    writer.close()


@pytest.mark.parametrize(
    ("size", "kept_size", "side", "is_used"),
    [
        ((400, 300), (80, 60), 40, True),
        ((400, 300), (80, 60), 80, True),
        ((400, 300), (80, 60), 160, False),
        ((40, 30), (40, 30), 160, True),
        ((900, 60), (240, 60), 40, False),
    ],
    ids=["larger", "just enough", "too small", "never shrunk", "cut panorama"],
)
def test_that_a_thumbnail_is_made_of_the_kept_picture_where_that_is_enough(
    tmp_path: Path,
    size: tuple[int, int],
    kept_size: tuple[int, int],
    side: int,
    is_used: bool,
) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", size, "teal").save(path)
    keep(tmp_path / "cache", path, Image.new("RGB", kept_size, "red"), 60)
    with PixelFile(tmp_path / "cache") as kept:
        small = thumbnail(path, side, kept)
    assert small.size == thumbnail(path, side).size
    assert (small.getpixel((0, 0)) == (255, 0, 0)) is is_used


def test_that_a_picture_changed_since_it_was_kept_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (80, 60), "red").save(path)
    keep(tmp_path / "cache", path, read_image(path), 60)
    Image.new("RGB", (400, 300), "teal").save(path)
    with PixelFile(tmp_path / "cache") as kept:
        assert thumbnail(path, 40, kept).getpixel((0, 0)) == (0, 128, 128)
