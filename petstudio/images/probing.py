"""The size of a picture from its header alone."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PIL import ExifTags, Image, ImageFile

from petstudio.images.decoding import EXIF_FAULTS, opened

_ON_ITS_SIDE: Final = (5, 6, 7, 8)


def probe_size(path: Path) -> tuple[int, int]:
    """Return width and height in pixels as `read_image` would give them, without decoding.

    A PNG that carries its orientation behind the pixels is measured as stored.

    Raises:
        ImageError: the header cannot be read, or the picture is refused for its size.
    """
    with opened(path) as image:
        width, height = image.size
        return (height, width) if _is_turned(image) else (width, height)


def _is_turned(image: ImageFile.ImageFile) -> bool:
    if image.format == "TIFF":
        # Pillow gives the size of a TIFF already turned.
        return False
    try:
        # The base class's method: the one of PNG decodes all pixels to look for EXIF behind them.
        exif = Image.Image.getexif(image)
        return exif.get(ExifTags.Base.Orientation) in _ON_ITS_SIDE
    except EXIF_FAULTS:
        return False
