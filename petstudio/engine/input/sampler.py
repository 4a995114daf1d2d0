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

_CACHED_PIXELS: Final = 4 * 224 * 224  # measured: slices of four pictures of 224 px
CROP_DRAWS: Final = 2  # the two fractions that place a training crop


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
        shapes = np.array([picture.shape[:2] for picture in pictures], dtype=np.int64)
        maps = torch.from_numpy(self.maps(shapes, crops, transforms)).to(device, torch.float32)
        square = _square_grid(self.size, device)
        for rows in _slices(pictures, self.size):
            same_shape = torch.stack([pictures[row] for row in rows]).to(device)
            batch[rows] = _sample(same_shape, maps[rows], square, self.size)
        if transforms is not None:
            _light(batch, transforms)
        return self._normalise(batch)

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

    def _normalise(self, batch: torch.Tensor) -> torch.Tensor:
        mean = torch.tensor(self.mean, device=batch.device).view(1, 3, 1, 1)
        std = torch.tensor(self.std, device=batch.device).view(1, 3, 1, 1)
        return batch.sub_(mean).div_(std)


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


def _square_grid(size: int, device: torch.device) -> torch.Tensor:
    steps = (torch.arange(size, device=device) + 0.5) * (2 / size) - 1
    y, x = torch.meshgrid(steps, steps, indexing="ij")
    return torch.stack([x, y, torch.ones_like(x)], dim=-1).view(-1, 3)


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


def _sample(
    pictures: torch.Tensor, maps: torch.Tensor, square: torch.Tensor, size: int
) -> torch.Tensor:
    points = square @ maps.transpose(1, 2)
    grid = (points[..., :2] / points[..., 2:]).view(-1, size, size, 2)
    planes = pictures.permute(0, 3, 1, 2).float().div_(255)
    return functional.grid_sample(
        planes, grid, mode="bilinear", padding_mode="reflection", align_corners=False
    )


def _light(batch: torch.Tensor, transforms: ImageTransforms) -> None:
    """Change brightness and contrast in logit space, as fastai does (reference spec 4.4)."""
    lit = np.flatnonzero((transforms.brightness != 0) | (transforms.contrast != 1))
    if not len(lit):
        return
    rows = torch.from_numpy(lit).to(batch.device)
    shift = torch.from_numpy(transforms.brightness[lit]).to(batch).view(-1, 1, 1, 1)
    scale = torch.from_numpy(transforms.contrast[lit]).to(batch).view(-1, 1, 1, 1)
    logits = torch.logit(batch[rows], eps=1e-7)
    batch[rows] = logits.add_(shift).mul_(scale).sigmoid_()
