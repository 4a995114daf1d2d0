"""Pictures that simplejpeg decodes are those of Pillow, bit for bit, and so are the faults."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from petstudio.api.errors import ImageError
from petstudio.images.decoding import opened, read_image, read_picture
from petstudio.images.plain_jpeg import plain_pixels

ORIENTATION = 0x0112
CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpora" / "bad-images"


def photo(width: int, height: int, mode: str = "RGB") -> Image.Image:
    rng = np.random.default_rng(width * height)
    shapes = Image.fromarray(rng.integers(0, 255, (7, 9, 3), dtype=np.uint8))
    soft = np.asarray(shapes.resize((width, height), Image.Resampling.BICUBIC), dtype=np.int16)
    noisy = soft + rng.normal(0, 9, soft.shape).astype(np.int16)
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).convert(mode)


def is_taken(path: Path, at_least: int | None = None) -> bool:
    with opened(path) as image:
        return plain_pixels(image, at_least) is not None


def outcome(path: Path, at_least: int | None, *, by_pillow: bool) -> tuple[object, ...]:
    try:
        if by_pillow:
            image = read_image(path, at_least=at_least)
            return image.height, image.width, image.tobytes()
        picture = read_picture(path, at_least=at_least)
    except ImageError as error:
        return error.reason, error.detail
    return picture.height, picture.width, bytes(picture.pixels)


@pytest.mark.parametrize("at_least", [None, 1, 20, 37, 38, 75, 150, 400])
@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
@pytest.mark.parametrize("progressive", [False, True])
def test_that_pixels_are_those_of_pillow(
    tmp_path: Path, subsampling: str, at_least: int | None, *, progressive: bool
) -> None:
    for width, height in ((201, 151), (300, 301), (8, 500)):
        path = tmp_path / f"{width}.jpg"
        picture = photo(width, height)
        picture.save(path, quality=85, subsampling=subsampling, progressive=progressive)
        assert is_taken(path, at_least)
        assert outcome(path, at_least, by_pillow=False) == outcome(path, at_least, by_pillow=True)


@pytest.mark.parametrize("orientation", range(10))
def test_that_pictures_stand_upright_as_with_pillow(tmp_path: Path, orientation: int) -> None:
    path = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    photo(61, 40).save(path, exif=exif)

    assert is_taken(path)
    assert outcome(path, None, by_pillow=False) == outcome(path, None, by_pillow=True)


@pytest.mark.parametrize(("mode", "suffix"), [("L", "jpg"), ("CMYK", "jpg"), ("RGB", "png")])
def test_that_other_pictures_are_left_to_pillow(tmp_path: Path, mode: str, suffix: str) -> None:
    path = tmp_path / f"other.{suffix}"
    photo(40, 30, mode).save(path)

    assert not is_taken(path)
    assert outcome(path, None, by_pillow=False) == outcome(path, None, by_pillow=True)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_that_a_broken_off_file_is_told_as_by_pillow(tmp_path: Path, share: float) -> None:
    path = tmp_path / "short.jpg"
    photo(200, 150).save(path)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])

    assert not is_taken(path)
    assert outcome(path, None, by_pillow=False) == outcome(path, None, by_pillow=True)


def test_that_flipped_bytes_end_as_with_pillow(tmp_path: Path) -> None:
    path = tmp_path / "flipped.jpg"
    photo(120, 90).save(path)
    content, rng = path.read_bytes(), np.random.default_rng(0)
    for _ in range(300):
        changed = bytearray(content)
        changed[rng.integers(2, len(content))] ^= 1 << rng.integers(8)
        path.write_bytes(changed)
        assert outcome(path, 30, by_pillow=False) == outcome(path, 30, by_pillow=True)


@pytest.mark.shared
@pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the shared pictures")
@pytest.mark.parametrize("at_least", [None, 64])
def test_that_bad_images_end_as_with_pillow(at_least: int | None) -> None:
    files = [path for path in CORPUS.rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert outcome(path, at_least, by_pillow=False) == outcome(path, at_least, by_pillow=True)
