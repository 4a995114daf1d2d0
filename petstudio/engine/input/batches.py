"""Batches of one epoch, prepared ahead in a thread of their own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from petstudio.api.contributions import Augmentation, ImageTransforms
from petstudio.api.errors import ImageError
from petstudio.engine.input.draws import uniforms
from petstudio.engine.input.sampler import CROP_DRAWS, Sampler
from petstudio.engine.input.store import ImageStore

_AHEAD: Final = 2
_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True)
class ImageSet:
    """Pictures with their true classes.

    Attributes:
        paths: one file each.
        keys: int64 (n,), what the randomness of each picture hangs on; stays when others change.
        targets: int64 (n,), indices into the class list.
    """

    paths: tuple[Path, ...]
    keys: NDArray[np.int64]
    targets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.paths)


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Normalised pictures float32 (n, 3, s, s), targets int64 (n,), and which pictures they are."""

    images: torch.Tensor
    targets: torch.Tensor
    indices: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Augmenter:
    """Draws the random changes of training pictures; without any it only places the crop."""

    seed: int
    augmentations: tuple[tuple[Augmentation[Any], Any], ...]

    def draw(
        self, epoch: int, keys: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], ImageTransforms]:
        """Return the crops float64 (n, 2) and transforms of pictures in one epoch."""
        needed = CROP_DRAWS + sum(augmentation.draws for augmentation, _ in self.augmentations)
        numbers = uniforms(self.seed, epoch, keys, needed)
        return numbers[:, :CROP_DRAWS], self._compose(numbers[:, CROP_DRAWS:])

    def _compose(self, numbers: NDArray[np.float64]) -> ImageTransforms:
        count = len(numbers)
        homography = np.tile(np.eye(3), (count, 1, 1))
        brightness, contrast = np.zeros(count), np.ones(count)
        for augmentation, options in self.augmentations:
            own, numbers = numbers[:, : augmentation.draws], numbers[:, augmentation.draws :]
            drawn = augmentation.draw(options, own)
            homography = homography @ drawn.homography
            # ((x + b1)·c1 + b2)·c2 = (x + b1 + b2/c1)·c1·c2, the form that ImageTransforms states
            brightness = brightness + drawn.brightness / contrast
            contrast = contrast * drawn.contrast
        return ImageTransforms(homography=homography, brightness=brightness, contrast=contrast)


@dataclass(frozen=True, kw_only=True)
class BatchSource:
    """Makes batches of a set from a store; `skipped` is told of pictures that cannot be read."""

    images: ImageSet
    store: ImageStore
    sampler: Sampler
    device: torch.device
    skipped: Callable[[ImageError], None]

    def training(
        self, order: NDArray[np.int64], batch_size: int, epoch: int, augmenter: Augmenter
    ) -> Generator[Batch, None, None]:
        """Yield full batches in the given order; what is left over at the end is dropped."""
        full = len(order) // batch_size * batch_size
        chunks = order[:full].reshape(-1, batch_size)

        def make(chunk: NDArray[np.int64]) -> Batch:
            crops, transforms = augmenter.draw(epoch, self.images.keys[chunk])
            return self._batch(chunk, crops, transforms)

        return ahead(make, list(chunks))

    def plain(self, batch_size: int) -> Generator[Batch, None, None]:
        """Yield every picture once, in order, without random changes."""
        everything = np.arange(len(self.images))
        chunks = [
            everything[start : start + batch_size]
            for start in range(0, len(everything), batch_size)
        ]
        return ahead(lambda chunk: self._batch(chunk, None, None), chunks)

    def _batch(
        self,
        chunk: NDArray[np.int64],
        crops: NDArray[np.float64] | None,
        transforms: ImageTransforms | None,
    ) -> Batch:
        pictures, readable = self._pictures(chunk)
        if not readable.all():
            chunk = chunk[readable]
            crops = None if crops is None else crops[readable]
            transforms = None if transforms is None else _select(transforms, readable)
        images = self.sampler.sample(pictures, self.device, crops, transforms)
        targets = torch.from_numpy(self.images.targets[chunk]).to(self.device)
        return Batch(images=images, targets=targets, indices=chunk)

    def _pictures(self, chunk: NDArray[np.int64]) -> tuple[list[torch.Tensor], NDArray[np.bool_]]:
        requests = [self.store.request(int(index)) for index in chunk]
        pictures: list[torch.Tensor] = []
        readable = np.ones(len(chunk), dtype=np.bool_)
        for position, request in enumerate(requests):
            try:
                pictures.append(request.result())
            except ImageError as error:
                readable[position] = False
                self.skipped(error)
        return pictures, readable


def ahead(
    make: Callable[[NDArray[np.int64]], _T], chunks: Sequence[NDArray[np.int64]]
) -> Generator[_T, None, None]:
    """Yield `make(chunk)` for each chunk, in order, keeping two in preparation."""
    with ThreadPoolExecutor(1, "batches") as pool:
        waiting: deque[Future[_T]] = deque()
        try:
            for chunk in chunks:
                waiting.append(pool.submit(make, chunk))
                if len(waiting) > _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _select(transforms: ImageTransforms, rows: NDArray[np.bool_]) -> ImageTransforms:
    return ImageTransforms(
        homography=transforms.homography[rows],
        brightness=transforms.brightness[rows],
        contrast=transforms.contrast[rows],
    )
