"""The changes, for n images at once; imports numpy, so it is imported when needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from petstudio.api import ImageTransforms

if TYPE_CHECKING:
    from . import RandomOptions

Numbers: TypeAlias = NDArray[np.float64]

_ROTATE, _SHEAR_X, _SHEAR_Y, _SHIFT_X, _SHIFT_Y, _ZOOM, _BRIGHTNESS, _CONTRAST = range(8)
_KINDS: Final = 8
_TURN: Final = np.pi / 6
_SHEAR: Final = 0.3
_SHIFT: Final = 0.6  # of half the side
_ZOOM_LOG: Final = float(np.log(1.5))
_LIGHT: Final = 1.2  # of the logit of a pixel


def draw_changes(options: RandomOptions, uniforms: Numbers) -> ImageTransforms:
    """Turn uniforms (n, 8) into transforms: two columns for each change."""
    count = len(uniforms)
    homography = np.tile(np.eye(3), (count, 1, 1))
    brightness, contrast = np.zeros(count), np.ones(count)
    for number in range(options.changes):
        which = np.floor(uniforms[:, 2 * number] * _KINDS).astype(np.int64)
        amount = options.strength * (2 * uniforms[:, 2 * number + 1] - 1)
        homography = homography @ _matrices(which, amount)
        # ((x + b1)·c1 + b2)·c2 = (x + b1 + b2/c1)·c1·c2
        brightness = brightness + _LIGHT * np.where(which == _BRIGHTNESS, amount, 0.0) / contrast
        contrast = contrast * np.exp(_LIGHT * np.where(which == _CONTRAST, amount, 0.0))
    return ImageTransforms(homography=homography, brightness=brightness, contrast=contrast)


def _matrices(which: NDArray[np.int64], amount: Numbers) -> Numbers:
    def of(kind: int, most: float) -> Numbers:
        return most * np.where(which == kind, amount, 0.0)

    angle, scale = of(_ROTATE, _TURN), np.exp(of(_ZOOM, _ZOOM_LOG))
    matrices = np.tile(np.eye(3), (len(which), 1, 1))
    matrices[:, 0, 0] = matrices[:, 1, 1] = np.cos(angle) * scale
    matrices[:, 0, 1] = np.sin(angle) + of(_SHEAR_X, _SHEAR)
    matrices[:, 1, 0] = -np.sin(angle) + of(_SHEAR_Y, _SHEAR)
    matrices[:, 0, 2] = of(_SHIFT_X, _SHIFT)
    matrices[:, 1, 2] = of(_SHIFT_Y, _SHIFT)
    return matrices
