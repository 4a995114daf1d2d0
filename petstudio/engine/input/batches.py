"""Batches of one epoch, prepared ahead in a thread of their own."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from petstudio.api.contributions import ImageTransforms
from petstudio.api.errors import ImageError
from petstudio.engine.input.augmenting import Augmenter
from petstudio.engine.input.sampler import Sampler
from petstudio.engine.input.store import ImageStore

AHEAD: Final = 2
Requests: TypeAlias = Mapping[int, Future[torch.Tensor]]
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
    """Pictures that are ready to be learned from or looked at.

    Attributes:
        indices: int64 (n,), which pictures of the set.
        targets: int64 (n,), on the device.
        make: a pure function of `inputs` that gives what the network takes; on a GPU the sampling
            itself, so that it can be captured in a graph together with the network.
        inputs: tensors on the device; same shapes in every batch of n pictures.
        waited_s: how long the reader had to wait for it.
        arrival: on a GPU the moment at which the tensors are there; `wait` before using them.
    """

    indices: NDArray[np.int64]
    targets: torch.Tensor
    make: Callable[..., torch.Tensor]
    inputs: tuple[torch.Tensor, ...]
    arrival: torch.cuda.Event | None = None
    waited_s: float = 0.0

    @property
    def images(self) -> torch.Tensor:
        """Normalised pictures (n, 3, s, s), channels last; or features (n, f) of a frozen body."""
        return self.make(*self.inputs)

    def __len__(self) -> int:
        return len(self.indices)

    def wait(self) -> Batch:
        """Let the network's stream, not the caller, wait for the tensors; returns the batch."""
        if self.arrival is not None:
            stream = torch.cuda.current_stream()
            stream.wait_event(self.arrival)
            # The allocator must not hand their memory to the next upload while the network reads.
            for tensor in (self.targets, *self.inputs):
                tensor.record_stream(stream)
        return self


def ready(
    indices: NDArray[np.int64],
    targets: torch.Tensor,
    images: torch.Tensor,
    *,
    waited_s: float = 0.0,
) -> Batch:
    """Return a batch whose pictures are made already."""
    return Batch(
        indices=indices, targets=targets, make=_as_it_is, inputs=(images,), waited_s=waited_s
    )


@dataclass(frozen=True, kw_only=True)
class BatchSource:
    """Makes batches of a set from a store; `skipped` is told of pictures that cannot be read.

    Sampling happens in the preparing thread, on the CPU or with the same operations on `device`.
    """

    images: ImageSet
    store: ImageStore
    sampler: Sampler
    device: torch.device
    skipped: Callable[[ImageError], None]

    def training(
        self, chunks: Iterable[NDArray[np.int64]], epoch: int, augmenter: Augmenter
    ) -> Generator[Batch, None, None]:
        """Yield a batch for each chunk of indices, changed as `augmenter` draws for `epoch`."""
        return batches_ahead(self.changed(chunk, epoch, augmenter) for chunk in chunks)

    def plain(self, batch_size: int) -> Generator[Batch, None, None]:
        """Yield every picture once, in order, without random changes."""
        chunks = in_order(len(self.images), batch_size)
        return batches_ahead(self.unchanged(chunk) for chunk in chunks)

    def changed(
        self, chunk: NDArray[np.int64], epoch: int, augmenter: Augmenter
    ) -> Callable[[], Batch]:
        """Begin to decode; the returned function makes the batch as the epoch's draws change it."""
        requests = self._request(chunk)

        def make() -> Batch:
            crops, transforms = augmenter.draw(epoch, self.images.keys[chunk])
            return self._batch(chunk, requests, crops, transforms)

        return make

    def unchanged(self, chunk: NDArray[np.int64]) -> Callable[[], Batch]:
        """Begin to decode; the returned function makes the batch without random changes."""
        return partial(self._batch, chunk, self._request(chunk), None, None)

    def _request(self, chunk: NDArray[np.int64]) -> Requests:
        return {int(index): self.store.request(int(index)) for index in chunk}

    def _batch(
        self,
        chunk: NDArray[np.int64],
        requests: Requests,
        crops: NDArray[np.float64] | None,
        transforms: ImageTransforms | None,
    ) -> Batch:
        pictures = self._pictures(requests)
        readable = self._readable(chunk, pictures)
        if not readable.all():
            chunk = chunk[readable]
            crops = None if crops is None else crops[readable]
            transforms = None if transforms is None else _select(transforms, readable)
        return self._make(chunk, pictures, crops, transforms)

    def _pictures(self, requests: Requests) -> dict[int, torch.Tensor]:
        pictures: dict[int, torch.Tensor] = {}
        for index, request in requests.items():
            try:
                pictures[index] = request.result()
            except ImageError as error:
                self.skipped(error)
        return pictures

    def _readable(
        self, chunk: NDArray[np.int64], pictures: Mapping[int, torch.Tensor]
    ) -> NDArray[np.bool_]:
        return np.array([int(index) in pictures for index in chunk], dtype=np.bool_)

    def _make(
        self,
        chunk: NDArray[np.int64],
        pictures: Mapping[int, torch.Tensor],
        crops: NDArray[np.float64] | None,
        transforms: ImageTransforms | None,
    ) -> Batch:
        chosen = [pictures[int(index)] for index in chunk]
        images = self.sampler.sample(chosen, self.device, crops, transforms)
        return ready(chunk, self._targets(chunk), images)

    def _targets(self, chunk: NDArray[np.int64]) -> torch.Tensor:
        return torch.from_numpy(self.images.targets[chunk]).to(self.device)


def full_chunks(order: NDArray[np.int64], batch_size: int) -> list[NDArray[np.int64]]:
    """Cut an order into full batches; what is left over at the end is dropped."""
    full = len(order) // batch_size * batch_size
    return list(order[:full].reshape(-1, batch_size))


def in_order(count: int, batch_size: int) -> list[NDArray[np.int64]]:
    """Cut 0..count-1 into batches, the last of which may be smaller."""
    everything = np.arange(count)
    return [everything[start : start + batch_size] for start in range(0, count, batch_size)]


def batches_ahead(jobs: Iterable[Callable[[], Batch]]) -> Generator[Batch, None, None]:
    """Yield batches whose tensors the current stream may use."""
    with closing(ahead(jobs)) as batches:
        while True:
            before = time.monotonic()
            batch = next(batches, None)
            if batch is None:
                return
            yield replace(batch.wait(), waited_s=time.monotonic() - before)


def ahead(jobs: Iterable[Callable[[], _T]]) -> Generator[_T, None, None]:
    """Yield what each job returns, in order, keeping two at work in a thread ahead of the reader.

    A job is taken from the iterable when its turn in the thread is near, in the reader's thread.
    """
    with ThreadPoolExecutor(1, "batches") as pool:
        waiting: deque[Future[_T]] = deque()
        try:
            for job in jobs:
                waiting.append(pool.submit(job))
                if len(waiting) > AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _as_it_is(images: torch.Tensor) -> torch.Tensor:
    return images


def _select(transforms: ImageTransforms, rows: NDArray[np.bool_]) -> ImageTransforms:
    return ImageTransforms(
        homography=transforms.homography[rows],
        brightness=transforms.brightness[rows],
        contrast=transforms.contrast[rows],
        erased=None if transforms.erased is None else transforms.erased[rows],
    )
