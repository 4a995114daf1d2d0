"""What random changes a picture gets in an epoch, as numbers; without torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from petstudio.api.contributions import Augmentation, ImageTransforms
from petstudio.engine.input.draws import uniforms

_CROP_DRAWS: Final = 2  # the two fractions that place a training crop


@dataclass(frozen=True, kw_only=True)
class Augmenter:
    """Draws the random changes of training pictures; without any it only places the crop."""

    seed: int
    augmentations: tuple[tuple[Augmentation[Any], Any], ...]

    def draw(
        self, epoch: int, keys: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], ImageTransforms]:
        """Return the crops float64 (n, 2) and transforms of pictures in one epoch."""
        needed = _CROP_DRAWS + sum(augmentation.draws for augmentation, _ in self.augmentations)
        numbers = uniforms(self.seed, epoch, keys, needed)
        return numbers[:, :_CROP_DRAWS], self._compose(numbers[:, _CROP_DRAWS:])

    def _compose(self, numbers: NDArray[np.float64]) -> ImageTransforms:
        count = len(numbers)
        homography = np.tile(np.eye(3), (count, 1, 1))
        brightness, contrast = np.zeros(count), np.ones(count)
        erased: list[NDArray[np.float64]] = []
        for augmentation, options in self.augmentations:
            own, numbers = numbers[:, : augmentation.draws], numbers[:, augmentation.draws :]
            drawn = augmentation.draw(options, own)
            homography = homography @ drawn.homography
            # ((x + b1)·c1 + b2)·c2 = (x + b1 + b2/c1)·c1·c2, the form that ImageTransforms states
            brightness = brightness + drawn.brightness / contrast
            contrast = contrast * drawn.contrast
            erased += [] if drawn.erased is None else [drawn.erased]
        return ImageTransforms(
            homography=homography,
            brightness=brightness,
            contrast=contrast,
            erased=np.concatenate(erased, axis=1) if erased else None,
        )
