"""Small pictures for grids."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from petstudio.images.decoding import read_image
from petstudio.images.pixel_file import PixelFile
from petstudio.images.pixel_records import LONGEST, FileVersion, PixelRecord


def thumbnail(path: Path, side: int, kept: PixelFile | None = None) -> Image.Image:
    """Return the picture, RGB and upright, fitted into side x side pixels; never enlarged.

    It is made of what `kept` has of the picture, where that is large enough and whole.

    Raises:
        ImageError: the file cannot be read.
    """
    picture = _kept_image(path, side, kept) if kept else None
    if picture is None:
        picture = read_image(path, at_least=side)
    picture.thumbnail((side, side), reducing_gap=2.0)
    return picture


def _kept_image(path: Path, side: int, kept: PixelFile) -> Image.Image | None:
    version = FileVersion.of(path)
    record = kept.find(path, version) if version else None
    if record is None or not _is_enough(record, side):
        return None
    picture = kept.picture(record)
    if picture is None:
        return None
    return Image.frombytes("RGB", (picture.width, picture.height), bytes(picture.pixels))


def _is_enough(record: PixelRecord, side: int) -> bool:
    longest, shortest = max(record.height, record.width), min(record.height, record.width)
    may_be_cut = longest >= LONGEST * shortest  # of a panorama only the middle is kept
    return not may_be_cut and (longest >= side or record.is_whole())
