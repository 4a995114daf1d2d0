"""The colours of the confusion grid's cells, and of what is written on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from petstudio.bridge.confusion_codes import SHADES, Codes
from petstudio.ui.tokens import CELL_INKS, Tokens

LookupTable: TypeAlias = NDArray[np.uint32]
_LEAST_CONTRAST: Final = 4.5


def ramp_color(stops: Sequence[str], shade: float) -> QColor:
    """Return the colour between the evenly spaced stops, mixed in sRGB; 0 is the first of them."""
    return QColor.fromRgba(int(_mixed(stops, np.array([shade]))[0]))


def lookup_table(tokens: Tokens) -> LookupTable:
    """Return the colour (0xAARRGGBB) of each code; the empty cell is transparent."""
    shades = np.linspace(0.0, 1.0, SHADES)
    empty = np.zeros(1, dtype=np.uint32)
    right, wrong = _mixed(tokens.ramp_right, shades), _mixed(tokens.ramp_wrong, shades)
    return np.concatenate((empty, right[::-1], wrong))


def cells_image(codes: Codes, table: LookupTable) -> QImage:
    """Return one pixel a cell."""
    pixels = np.ascontiguousarray(table[codes])
    height, width = pixels.shape
    premultiplied = QImage.Format.Format_ARGB32_Premultiplied
    # A copy, as the image would not keep the array alive.
    return QImage(pixels.data, width, height, 4 * width, premultiplied).copy()


def ink_on(ground: QColor) -> QColor:
    """Return white where it can be read on the ground, else black."""
    light, dark = (QColor(ink) for ink in CELL_INKS)
    return light if contrast(light, ground) >= _LEAST_CONTRAST else dark


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast of two colours as WCAG 2 defines it, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: QColor) -> float:
    channels = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(stops: Sequence[str], shades: NDArray[np.float64]) -> LookupTable:
    places = np.linspace(0.0, 1.0, len(stops))
    colors = [QColor(stop) for stop in stops]
    red, green, blue = (
        np.rint(np.interp(shades, places, channel)).astype(np.uint32)
        for channel in zip(*((c.red(), c.green(), c.blue()) for c in colors), strict=True)
    )
    return np.asarray(0xFF000000 | (red << 16) | (green << 8) | blue, dtype=np.uint32)
