"""The sampler: crop, flip, rotation, zoom and warp in one homography and one pass per picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from petstudio.api.contributions import ImageTransforms
from petstudio.config.recipe import Resize
from petstudio.engine.input.erasing import erase_boxes
from petstudio.engine.input.fitting import fit_to_square

_CACHED_PIXELS: Final = 4 * 224 * 224  # measured: slices of four pictures of 224 px
_EPSILON: Final = 1e-7  # pure black and white have no logit


@dataclass(frozen=True, kw_only=True)
class Sampler:
    """Turns ragged uint8 pictures into one normalised batch.

    Attributes:
        size: side of the network's square, in pixels.
        resize: how a picture of any shape is fitted to it.
        mean, std: per channel of RGB in 0..1.
    """

    size: int
    resize: Resize
    mean: tuple[float, ...]
    std: tuple[float, ...]

    def sample(
        self,
        pictures: Sequence[torch.Tensor],
        device: torch.device,
        crops: NDArray[np.float64] | None = None,
        transforms: ImageTransforms | None = None,
    ) -> torch.Tensor:
        """Return float32 (n, 3, size, size), channels last, on `device`.

        Args:
            pictures: uint8 (H, W, 3) each.
            device: where the pictures are sampled.
            crops: float64 (n, 2), fractions in [0, 1) that place the crop; None is the middle.
            transforms: random changes of geometry and light; None leaves the pictures as they are.
        """
        batch = torch.empty(
            (len(pictures), 3, self.size, self.size),
            device=device,
            memory_format=torch.channels_last,
        )
        shapes = np.array([picture.shape[:2] for picture in pictures], dtype=np.int64).reshape(
            -1, 2
        )
        maps = torch.from_numpy(self.maps(shapes, crops, transforms)).to(device, torch.float32)
        factor = 1 / torch.tensor(self.std, device=device).view(3, 1, 1)
        shift = -torch.tensor(self.mean, device=device).view(3, 1, 1) * factor
        # Every pass over a slice happens before the next slice, while a CPU's cache holds it.
        for rows in _slices(pictures, self.size):
            same_shape = torch.stack([pictures[row] for row in rows]).to(device)
            for row, image in zip(rows, _sample(same_shape, maps[rows], self.size), strict=True):
                if transforms is not None:
                    _light(image, transforms.brightness[row], transforms.contrast[row])
                batch[row] = image.mul_(factor).add_(shift)
        if transforms is not None and transforms.erased is not None:
            boxes = torch.from_numpy(transforms.erased).to(device, torch.float32)
            return erase_boxes(batch, boxes)
        return batch

    def maps(
        self,
        shapes: NDArray[np.int64],
        crops: NDArray[np.float64] | None,
        transforms: ImageTransforms | None,
    ) -> NDArray[np.float64]:
        """Return float64 (n, 3, 3): everything geometric in one homography per picture.

        They map the network's square to picture coordinates, both in -1..1; `shapes` is int64
        (n, 2), height and width; `crops` and `transforms` as in `sample`.
        """
        fractions = np.full((len(shapes), 2), 0.5) if crops is None else crops
        fitted = fit_to_square(shapes.astype(np.float64), self.resize, fractions)
        return fitted if transforms is None else fitted @ transforms.homography


def _slices(pictures: Sequence[torch.Tensor], size: int) -> list[list[int]]:
    """Return rows of pictures of one shape, so few at a time that a CPU's cache holds them."""
    most = max(1, _CACHED_PIXELS // (size * size))
    by_shape: dict[torch.Size, list[int]] = {}
    for row, picture in enumerate(pictures):
        by_shape.setdefault(picture.shape, []).append(row)
    return [
        rows[start : start + most]
        for rows in by_shape.values()
        for start in range(0, len(rows), most)
    ]


def _sample(pictures: torch.Tensor, maps: torch.Tensor, size: int) -> torch.Tensor:
    """Return float32 (n, 3, size, size) in 0..1 of uint8 (n, H, W, 3) and maps (n, 3, 3)."""
    planes = pictures.permute(0, 3, 1, 2).float().div_(255)
    return functional.grid_sample(
        planes,
        _grid(maps, size),
        mode="bilinear",
        padding_mode="reflection",
        align_corners=False,
    )


def _grid(maps: torch.Tensor, size: int) -> torch.Tensor:
    """Return the points float32 (n, size, size, 2) to which maps send the network's pixels."""
    x = (torch.arange(size, device=maps.device) + 0.5) * (2 / size) - 1
    y = x[:, None]
    h = maps.reshape(-1, 9, 1, 1).unbind(1)
    grid = torch.empty((len(maps), size, size, 2), device=maps.device)
    per_depth = (h[6] * x + (h[7] * y + h[8])).reciprocal_()
    torch.mul(h[0] * x + (h[1] * y + h[2]), per_depth, out=grid[..., 0])
    torch.mul(h[3] * x + (h[4] * y + h[5]), per_depth, out=grid[..., 1])
    return grid


def _light(image: torch.Tensor, brightness: float, contrast: float) -> None:
    """Change brightness and contrast in logit space, as fastai does (reference spec 4.4)."""
    if brightness != 0 or contrast != 1:
        image.logit_(eps=_EPSILON).add_(brightness).mul_(contrast).sigmoid_()
