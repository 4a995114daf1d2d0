"""Pictures in a GPU's memory: one flat byte buffer that fills itself, and a ring for the rest.

Tier D keeps a picture for good once it was uploaded; what does not fit passes through the ring,
uploaded from pinned memory on a stream of its own while the network works on earlier batches
(tier H). A batch is then only a list of places, so both tiers look alike to the sampler.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Final, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray

from petstudio.engine.input.batches import AHEAD
from petstudio.engine.input.gathering import PLACES

_NOWHERE: Final = -1
# The network may still read the batch before last when the one after the next is uploaded.
_SLOTS: Final = AHEAD + 2

Place: TypeAlias = tuple[int, int, int]  # offset, height, width


class DeviceStore:
    """A flat uint8 buffer on the device and where each picture of a set lies in it."""

    def __init__(self, count: int, device: torch.device, *, resident: int, slot: int) -> None:
        """Take memory at once: `resident` bytes to keep pictures, four slots of `slot` bytes.

        A slot must have room for every picture of a batch.
        """
        self.pixels = torch.empty(resident + _SLOTS * slot, dtype=torch.uint8, device=device)
        self.uploads = Uploads(device)
        self._resident = resident
        self._used = 0
        self._slot = slot
        self._streamed = 0
        self._places = np.full((count, PLACES), _NOWHERE, dtype=np.int64)

    @property
    def kept(self) -> int:
        """How many pictures are on the device to stay."""
        return int((self._places[:, 0] != _NOWHERE).sum())

    def lacks(self, index: int) -> bool:
        """Say whether a picture has to be brought along for its next batch."""
        return bool(self._places[index, 0] == _NOWHERE)

    def place(
        self, chunk: NDArray[np.int64], pictures: Mapping[int, torch.Tensor]
    ) -> NDArray[np.int64]:
        """Send those pictures of a batch that are not there yet; return places, int64 (n, 3)."""
        found = self._places[chunk].copy()
        missing = np.flatnonzero(found[:, 0] == _NOWHERE)
        if not len(missing):
            return found
        new = [pictures[int(index)] for index in chunk[missing]]
        sizes = np.array([picture.numel() for picture in new], dtype=np.int64)
        ends = np.cumsum(sizes)
        start = self._room_for(int(ends[-1]))
        self.uploads.copy(new, self.pixels[start : start + int(ends[-1])])
        found[missing, 0] = start + ends - sizes
        found[missing, 1:] = [picture.shape[:2] for picture in new]
        if start < self._resident:
            self._places[chunk[missing]] = found[missing]
        return found

    def _room_for(self, size: int) -> int:
        """Return where a batch's new pictures go: to stay if they fit, else the next slot."""
        if self._used + size <= self._resident:
            start, self._used = self._used, self._used + size
            return start
        self.uploads.wait_for_readers()
        start = self._resident + self._streamed % _SLOTS * self._slot
        self._streamed += 1
        return start


class Uploads:
    """Copies to a GPU on a stream of their own; on other devices they are done at once."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._stream: torch.cuda.Stream | None = None
        if device.type == "cuda":
            self._stream = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]

    def copy(self, pictures: Sequence[torch.Tensor], target: torch.Tensor) -> None:
        """Put pictures uint8 (h, w, 3) one after the other into `target`, which is on the device.

        They meet in pinned memory first: one transfer for a batch, and nobody waits for it.
        """
        meeting = torch.empty(len(target), dtype=torch.uint8, pin_memory=self._stream is not None)
        end = 0
        for picture in pictures:
            start, end = end, end + picture.numel()
            meeting[start:end].view(picture.shape).copy_(picture)
        with self._uploading():
            target.copy_(meeting, non_blocking=True)

    def send(self, values: NDArray[np.int64] | NDArray[np.float32]) -> torch.Tensor:
        """Return a copy on the device."""
        with self._uploading():
            return self._pinned(torch.from_numpy(values)).to(self._device, non_blocking=True)

    def wait_for_readers(self) -> None:
        """Let later copies begin after all work that the network's stream has been given so far.

        Batches come `AHEAD` before their turn, so whoever read a slot a full ring ago has been
        given to the stream by now.
        """
        if self._stream is not None:
            given = torch.cuda.Event()  # type: ignore[no-untyped-call]
            given.record(torch.cuda.default_stream(self._device))
            self._stream.wait_event(given)

    def arrival(self) -> torch.cuda.Event | None:
        """Return the moment at which all copies so far are there; None: they are there now."""
        if self._stream is None:
            return None
        moment = torch.cuda.Event()  # type: ignore[no-untyped-call]
        moment.record(self._stream)
        return moment

    def _pinned(self, tensor: torch.Tensor) -> torch.Tensor:
        return tensor if self._stream is None else tensor.pin_memory()

    def _uploading(self) -> AbstractContextManager[object]:
        return nullcontext() if self._stream is None else torch.cuda.stream(self._stream)
