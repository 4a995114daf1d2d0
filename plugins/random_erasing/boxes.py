"""Where the boxes are, for n images at once; imports numpy, so it is imported when needed.

The law is that of Zhong, Zheng, Kang, Li and Yang, "Random Erasing Data Augmentation", 2017, with
the ranges and the ten attempts of torchvision's RandomErasing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from petstudio.api import ImageTransforms

from . import ATTEMPTS

if TYPE_CHECKING:
    from . import ErasingOptions

_NARROWEST: Final = 0.3  # height by width
_TALLEST: Final = 3.3


def draw_boxes(options: ErasingOptions, uniforms: NDArray[np.float64]) -> ImageTransforms:
    """Turn uniforms (n, 23) into one box for each image, without an area where there is none."""
    count = len(uniforms)
    area = options.least + (options.most - options.least) * uniforms[:, 1 : 1 + ATTEMPTS]
    narrow, tall = np.log(_NARROWEST), np.log(_TALLEST)
    ratio = np.exp(narrow + (tall - narrow) * uniforms[:, 1 + ATTEMPTS : 1 + 2 * ATTEMPTS])
    height, width = np.sqrt(area * ratio), np.sqrt(area / ratio)
    fits = (height < 1) & (width < 1)
    first = (np.arange(count), fits.argmax(axis=1))
    is_erased = (uniforms[:, 0] < options.share) & fits.any(axis=1)
    sides = np.stack([width[first], height[first]], axis=1) * is_erased[:, None]
    corner = (1 - sides) * uniforms[:, -2:]
    boxes = 2 * np.concatenate([corner, corner + sides], axis=1) - 1
    return ImageTransforms(
        homography=np.tile(np.eye(3), (count, 1, 1)),
        brightness=np.zeros(count),
        contrast=np.ones(count),
        erased=boxes[:, None, :],
    )
