"""Pictures as the network gets them, made without torch: a few of them, for the window.

The same numbers as the sampler's; bilinear, reflected at the edges, lighted in logit space.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from petstudio.api.contributions import ImageTransforms
from petstudio.config.recipe import Resize
from petstudio.engine.input.augmenting import Augmenter
from petstudio.engine.input.fitting import fit_to_square

Pixels: TypeAlias = NDArray[np.float64]

_EPSILON: Final = 1e-7  # pure black and white have no logit


@dataclass(frozen=True, kw_only=True)
class PreviewPlan:
    """The network's square, how pictures are fitted to it and changed, and their mean colour."""

    size: int
    resize: Resize
    augmenter: Augmenter
    mean: tuple[float, ...]


def changed_squares(
    picture: NDArray[np.uint8], plan: PreviewPlan, epochs: range, key: int
) -> list[Pixels]:
    """Return the picture as it would be changed in each of these epochs.

    float64 (size, size, 3) in 0..1.
    """
    shape = np.array([picture.shape[:2]], dtype=np.float64)
    squares = []
    for epoch in epochs:
        crops, drawn = plan.augmenter.draw(epoch, np.array([key], dtype=np.int64))
        maps = fit_to_square(shape, plan.resize, crops) @ drawn.homography
        square = _lighted(_sampled(picture, maps[0], plan.size), drawn)
        squares.append(_erased(square, drawn, plan.mean))
    return squares


def _sampled(picture: NDArray[np.uint8], homography: Pixels, size: int) -> Pixels:
    height, width = picture.shape[:2]
    steps = (np.arange(size) + 0.5) * (2 / size) - 1
    x, y = np.meshgrid(steps, steps)
    across, down, depth = np.einsum("ij,jhw->ihw", homography, np.stack([x, y, np.ones_like(x)]))
    column = ((across / depth + 1) * width - 1) / 2
    row = ((down / depth + 1) * height - 1) / 2
    left, top = np.floor(column).astype(np.int64), np.floor(row).astype(np.int64)
    right_share, bottom_share = (column - left)[..., None], (row - top)[..., None]

    def line(rows: NDArray[np.int64]) -> Pixels:
        here = picture[_mirrored(rows, height), _mirrored(left, width)]
        there = picture[_mirrored(rows, height), _mirrored(left + 1, width)]
        mixed: Pixels = here * (1 - right_share) + there * right_share
        return mixed

    mixed: Pixels = line(top) * (1 - bottom_share) + line(top + 1) * bottom_share
    return mixed / 255


def _mirrored(places: NDArray[np.int64], length: int) -> NDArray[np.int64]:
    """Reflect places beyond the edges; the edge pixel comes twice."""
    within = np.mod(places, 2 * length)
    return np.where(within < length, within, 2 * length - 1 - within)


def _lighted(square: Pixels, drawn: ImageTransforms) -> Pixels:
    brightness, contrast = drawn.brightness[0], drawn.contrast[0]
    if brightness == 0 and contrast == 1:
        return square
    kept = np.clip(square, _EPSILON, 1 - _EPSILON)
    logit = (np.log(kept / (1 - kept)) + brightness) * contrast
    lighted: Pixels = 1 / (1 + np.exp(-logit))
    return lighted


def _erased(square: Pixels, drawn: ImageTransforms, mean: tuple[float, ...]) -> Pixels:
    if drawn.erased is None:
        return square
    steps = (np.arange(len(square)) + 0.5) * (2 / len(square)) - 1
    changed = square.copy()
    for left, top, right, bottom in drawn.erased[0]:
        rows = (steps >= top) & (steps < bottom)
        columns = (steps >= left) & (steps < right)
        changed[np.ix_(rows, columns)] = mean
    return changed
