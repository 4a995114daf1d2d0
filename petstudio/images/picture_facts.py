"""What is noted of a picture when it is looked at once: size, colours, and how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from petstudio.images.decoding import opened, read_image

FINGERPRINT_BITS: Final = 128
_SIDE: Final = 32
_LEAST_CONTRAST: Final = 2.0  # standard deviation of 256 greys; below it there is nothing to see


@dataclass(frozen=True, kw_only=True)
class PictureFacts:
    """Plain values, as they come from another process and are kept in a file.

    Attributes:
        width, height: in pixels, as stored.
        mode: Pillow's word for the colours of the file, such as RGB or CMYK.
        fingerprint: 16 bytes that are nearly equal for pictures that look the same; empty for a
            picture of one shade, which looks like any other of the kind.
    """

    width: int
    height: int
    mode: str
    fingerprint: bytes


def facts_of(path: Path) -> PictureFacts:
    """Decode a picture in full and say what it is.

    Raises:
        ImageError: the file cannot be read.
    """
    with opened(path) as image:
        (width, height), mode = image.size, image.mode
    picture = read_image(path)
    return PictureFacts(width=width, height=height, mode=mode, fingerprint=fingerprint_of(picture))


def fingerprint_of(picture: Image.Image) -> bytes:
    """Return which of the 128 lowest frequencies are stronger than their median.

    The perceptual hash of Zauner, "Implementation and Benchmarking of Perceptual Image Hash
    Functions" (2010), section 3.2, with 128 bits in place of 64 and in zigzag order.
    """
    grey = np.asarray(picture.convert("L").resize((_SIDE, _SIDE), Image.Resampling.BOX), np.float64)
    if grey.std() < _LEAST_CONTRAST:
        return b""
    cosines, rows, columns = _transform()
    strengths = (cosines @ grey @ cosines.T)[rows, columns]
    return np.packbits(strengths > np.median(strengths)).tobytes()


@cache
def _transform() -> tuple[NDArray[np.float64], list[int], list[int]]:
    """Return the cosine transform, and the rows and columns of the frequencies that count."""
    steps = np.arange(_SIDE)
    cosines = np.cos(np.pi * (2 * steps + 1) * steps[:, None] / (2 * _SIDE))
    places = sorted((row + column, row, column) for row in steps for column in steps)
    kept = places[1 : FINGERPRINT_BITS + 1]  # without the first, the mean brightness
    return cosines, [int(row) for _, row, _ in kept], [int(column) for _, _, column in kept]
