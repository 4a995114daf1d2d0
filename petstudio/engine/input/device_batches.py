"""Batches for a GPU: places in the device store and what to do with them, sampled there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import torch
from numpy.typing import NDArray

from petstudio.api.contributions import ImageTransforms
from petstudio.engine.input.batches import Batch, BatchSource, Requests
from petstudio.engine.input.device_store import DeviceStore
from petstudio.engine.input.erasing import erase_boxes
from petstudio.engine.input.gathering import BRIGHTNESS, CHANGES, CONTRAST, Gatherer


@dataclass(frozen=True, kw_only=True)
class DeviceBatchSource(BatchSource):
    """A BatchSource whose pictures are sampled on the GPU, out of `device_store`.

    Attributes:
        dtype: of the pictures that the network gets.
    """

    device_store: DeviceStore
    dtype: torch.dtype

    def _request(self, chunk: NDArray[np.int64]) -> Requests:
        missing = [int(index) for index in chunk if self.device_store.lacks(int(index))]
        return {index: self.store.request(index) for index in missing}

    def _readable(
        self, chunk: NDArray[np.int64], pictures: Mapping[int, torch.Tensor]
    ) -> NDArray[np.bool_]:
        there = [int(i) in pictures or not self.device_store.lacks(int(i)) for i in chunk]
        return np.array(there, dtype=np.bool_)

    def _make(
        self,
        chunk: NDArray[np.int64],
        pictures: Mapping[int, torch.Tensor],
        crops: NDArray[np.float64] | None,
        transforms: ImageTransforms | None,
    ) -> Batch:
        places = self.device_store.place(chunk, pictures)
        uploads = self.device_store.uploads
        changes = self._changes(places[:, 1:], crops, transforms)
        inputs: tuple[torch.Tensor, ...] = (uploads.send(places), uploads.send(changes))
        make = self._gather if transforms is None else self._gather_lit
        if transforms is not None and transforms.erased is not None:
            inputs = (*inputs, uploads.send(transforms.erased.astype(np.float32)))
            make = self._gather_erased
        return Batch(
            indices=chunk,
            targets=uploads.send(self.images.targets[chunk]),
            make=make,
            inputs=inputs,
            arrival=uploads.arrival(),
        )

    # One object each for as long as the source lives: a captured graph is known by it.
    @cached_property
    def _gather(self) -> Callable[..., torch.Tensor]:
        return partial(self._gatherer(lit=False), self.device_store.pixels)

    @cached_property
    def _gather_lit(self) -> Callable[..., torch.Tensor]:
        return partial(self._gatherer(lit=True), self.device_store.pixels)

    @cached_property
    def _gather_erased(self) -> Callable[..., torch.Tensor]:
        gather = self._gather_lit

        def gathered(
            places: torch.Tensor, changes: torch.Tensor, boxes: torch.Tensor
        ) -> torch.Tensor:
            return erase_boxes(gather(places, changes), boxes)

        return gathered

    def _gatherer(self, *, lit: bool) -> Callable[..., torch.Tensor]:
        gatherer = Gatherer(
            size=self.sampler.size,
            mean=torch.tensor(self.sampler.mean, device=self.device),
            std=torch.tensor(self.sampler.std, device=self.device),
            dtype=self.dtype,
            lit=lit,
        )
        return _with_kernel(gatherer) if self.device.type == "cuda" else gatherer

    def _changes(
        self,
        shapes: NDArray[np.int64],
        crops: NDArray[np.float64] | None,
        transforms: ImageTransforms | None,
    ) -> NDArray[np.float32]:
        changes = np.empty((len(shapes), CHANGES), dtype=np.float32)
        changes[:, :BRIGHTNESS] = self.sampler.maps(shapes, crops, transforms).reshape(-1, 9)
        changes[:, BRIGHTNESS] = 0 if transforms is None else transforms.brightness
        changes[:, CONTRAST] = 1 if transforms is None else transforms.contrast
        return changes


def _with_kernel(gatherer: Gatherer) -> Callable[..., torch.Tensor]:
    try:
        from petstudio.engine.input.kernel import fastest
    except ImportError:  # Triton comes with torch on Linux only
        return gatherer
    return fastest(gatherer)
