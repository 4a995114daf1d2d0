"""Fitting pictures of any shape to the network's square; without torch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from petstudio.config.recipe import Resize


def fit_to_square(
    shapes: NDArray[np.float64], resize: Resize, fractions: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return float64 (n, 3, 3) that map the network's square to picture coordinates, both -1..1.

    Args:
        shapes: (n, 2), height and width.
        resize: CROP takes the largest square inside, PAD the smallest around, SQUISH all of it.
        fractions: (n, 2), where in the free space the crop lies, across and down.
    """
    height, width = shapes[:, 0], shapes[:, 1]
    maps = np.tile(np.eye(3), (len(shapes), 1, 1))
    if resize is Resize.SQUISH:
        return maps
    side = np.minimum(height, width) if resize is Resize.CROP else np.maximum(height, width)
    for axis, length in enumerate((width, height)):
        share = side / length
        maps[:, axis, axis] = share
        if resize is Resize.CROP:
            maps[:, axis, 2] = (1 - share) * (2 * fractions[:, axis] - 1)
    return maps
