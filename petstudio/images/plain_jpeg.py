"""The short way for what most files are, a JPEG of three colours: simplejpeg instead of Pillow.

It decodes to the very pixels that Pillow gives, with fewer copies. It refuses every file that it
has the least doubt about, and Pillow has the last word on those.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import ExifTags, ImageFile

from petstudio.images.decoding import EXIF_FAULTS

_SCALES: Final = (
    8,
    4,
    2,
    1,
)  # the ones that libjpeg-turbo has quick code for, and that Pillow uses


def plain_pixels(image: ImageFile.ImageFile, at_least: int | None) -> NDArray[np.uint8] | None:
    """Return uint8 (height, width, 3), upright; None where Pillow has to decode the opened picture.

    `at_least` is that of `read_image`.
    """
    if image.format != "JPEG" or image.mode != "RGB" or image.fp is None:
        return None
    scale = _scale(image, at_least)
    height, width = -(-image.height // scale), -(-image.width // scale)
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
        image.fp.seek(0)
        pixels = simplejpeg.decode_jpeg(
            image.fp.read(), min_height=height, min_width=width, min_factor=scale
        )
    except EXIF_FAULTS:  # and a damaged file is a ValueError
        return None
    return _upright(pixels, orientation) if pixels.shape == (height, width, 3) else None


def _scale(image: ImageFile.ImageFile, at_least: int | None) -> int:
    """Return what Pillow's `draft` divides the sides by."""
    room = min(image.size) // at_least if at_least else 1
    return next((scale for scale in _SCALES if scale <= room), 1)


def _upright(pixels: NDArray[np.uint8], orientation: object) -> NDArray[np.uint8]:
    """Turn and mirror as EXIF's orientation 1 to 8 asks for."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels)
