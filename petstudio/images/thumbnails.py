"""Small pictures for grids."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from petstudio.images.decoding import read_image


def thumbnail(path: Path, side: int) -> Image.Image:
    """Return the picture, RGB and upright, fitted into side x side pixels; never enlarged.

    Raises:
        ImageError: the file cannot be read.
    """
    picture = read_image(path, at_least=side)
    picture.thumbnail((side, side), reducing_gap=2.0)
    return picture
