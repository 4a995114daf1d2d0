"""The laws of fastai 2, for n images at once; imports numpy, so it is imported when needed.

Coordinates are -1..1 over the square, x to the right and y down; matrices map output to input.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from petstudio.api import ImageTransforms

if TYPE_CHECKING:
    from . import TutorialOptions

Numbers: TypeAlias = NDArray[np.float64]

# What each column of the uniforms decides; a mask says whether its neighbour takes effect.
_FLIP: Final = 0
_ROTATE: Final = (1, 2)
_ZOOM: Final = (3, 4)
_ZOOM_CENTRE: Final = (5, 6)
_WARP_X: Final = (7, 8)
_WARP_Y: Final = (9, 10)
_BRIGHTNESS: Final = (11, 12)
_CONTRAST: Final = (13, 14)
_SHIFT: Final = (15, 16)


def draw_transforms(options: TutorialOptions, uniforms: Numbers) -> ImageTransforms:
    """Turn uniforms (n, 17) into transforms: flip, rotate, zoom and shift, then the warp."""
    flips = (uniforms[:, _FLIP] < 0.5) & options.flip
    affine = flip_matrices(flips) @ rotation_matrices(_angles(options, uniforms))
    affine = affine @ _zooms(options, uniforms) @ _shifts(options, uniforms)
    return ImageTransforms(
        homography=_warps(options, uniforms) @ affine,
        brightness=_brightness(options, uniforms),
        contrast=_contrast(options, uniforms),
    )


def flip_matrices(flips: NDArray[np.bool_]) -> Numbers:
    """Return (n, 3, 3) that mirror left and right where `flips` is true."""
    matrices = _identities(len(flips))
    matrices[flips, 0, 0] = -1.0
    return matrices


def rotation_matrices(radians: Numbers) -> Numbers:
    """Return (n, 3, 3) that rotate about the centre."""
    matrices = _identities(len(radians))
    matrices[:, 0, 0] = matrices[:, 1, 1] = np.cos(radians)
    matrices[:, 0, 1] = np.sin(radians)
    matrices[:, 1, 0] = -matrices[:, 0, 1]
    return matrices


def zoom_matrices(factors: Numbers, centre_x: Numbers, centre_y: Numbers) -> Numbers:
    """Return (n, 3, 3) that enlarge by `factors`; the centre in 0..1 chooses what stays in view."""
    scale = 1 / factors
    matrices = _identities(len(factors))
    matrices[:, 0, 0] = matrices[:, 1, 1] = scale
    matrices[:, 0, 2] = (1 - scale) * (2 * centre_x - 1)
    matrices[:, 1, 2] = (1 - scale) * (2 * centre_y - 1)
    return matrices


def warp_matrices(x: Numbers, y: Numbers) -> Numbers:
    """Return (n, 3, 3) of the view that is tilted by x and y.

    The inverse moves the corner (u, v) of the square to (u (1 - v y), v (1 - u x)); solving its
    eight equations by hand gives the closed form below.
    """
    inverse = _identities(len(x))
    inverse[:, 0, 0] -= y * y
    inverse[:, 1, 1] -= x * x
    inverse[:, 0, 1] = inverse[:, 1, 0] = -x * y
    inverse[:, 0, 2] = inverse[:, 2, 0] = x
    inverse[:, 1, 2] = inverse[:, 2, 1] = y
    return np.linalg.inv(inverse).astype(np.float64)


def _angles(options: TutorialOptions, uniforms: Numbers) -> Numbers:
    return _masked(uniforms, _ROTATE, options.p_affine, spread=np.deg2rad(options.max_rotate))


def _zooms(options: TutorialOptions, uniforms: Numbers) -> Numbers:
    mask, column = _ZOOM
    factors = 1 + (options.max_zoom - 1) * uniforms[:, column]
    factors = np.where(uniforms[:, mask] < options.p_affine, factors, 1.0)
    centre_x, centre_y = (uniforms[:, column] for column in _ZOOM_CENTRE)
    return zoom_matrices(factors, centre_x, centre_y)


def _shifts(options: TutorialOptions, uniforms: Numbers) -> Numbers:
    matrices = _identities(len(uniforms))
    # The side is 2 long in these coordinates, so a shift by a share of it is twice that share.
    matrices[:, :2, 2] = 2 * options.shift * (2 * uniforms[:, _SHIFT] - 1)
    return matrices


def _warps(options: TutorialOptions, uniforms: Numbers) -> Numbers:
    x = _masked(uniforms, _WARP_X, options.p_affine, spread=options.max_warp)
    y = _masked(uniforms, _WARP_Y, options.p_affine, spread=options.max_warp)
    return warp_matrices(x, y)


def _brightness(options: TutorialOptions, uniforms: Numbers) -> Numbers:
    """Return the logit of a level around one half; 0 leaves the image as it is."""
    change = _masked(uniforms, _BRIGHTNESS, options.p_lighting, spread=options.max_lighting / 2)
    level = 0.5 + change
    return np.log(level / (1 - level))


def _contrast(options: TutorialOptions, uniforms: Numbers) -> Numbers:
    """Return factors, log-uniform between 1 - max_lighting and its inverse."""
    spread = -np.log1p(-options.max_lighting)
    return np.exp(_masked(uniforms, _CONTRAST, options.p_lighting, spread=spread))


def _masked(uniforms: Numbers, columns: tuple[int, int], share: float, *, spread: float) -> Numbers:
    mask, column = columns
    values = spread * (2 * uniforms[:, column] - 1)
    return np.where(uniforms[:, mask] < share, values, 0.0)


def _identities(count: int) -> Numbers:
    return np.tile(np.eye(3), (count, 1, 1))
