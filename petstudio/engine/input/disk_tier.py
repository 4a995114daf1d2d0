"""The part of a store that lies on the disk: the project's cache folder, as tensors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import torch

from petstudio.engine.input.shrinking import as_tensor, shrink
from petstudio.images.pixel_file import PixelFile
from petstudio.images.pixel_records import FileVersion, Picture, PixelKind, PixelRecord
from petstudio.images.pixel_writer import PixelWriter

_JPEG_BYTES_PER_PIXEL: Final = 0.35  # of the short side squared; measured: 22 kB at 256


class DiskTier:
    """Pictures uint8 (H, W, 3) of one store, by index; safe to use from several threads."""

    def __init__(
        self,
        folder: Path,
        budget: int,
        *,
        short_side: int,
        count: int,
        notice: Callable[[str], None],
    ) -> None:
        """Use the folder for `count` pictures of this short side; a budget of 0 only reads."""
        self._short_side = short_side
        self._count = count
        self._writer = PixelWriter(folder, budget, notice=notice) if budget else None
        self._file = PixelFile(folder)
        self._records: dict[int, PixelRecord] = {}
        self._known: set[int] = set()

    def close(self) -> None:
        """Write what waits; tensors that were given out stay good."""
        self._file.close()  # first: only a writer that is the last to leave tidies up the index
        if self._writer is not None:
            self._writer.close()

    def mapped(self, index: int) -> torch.Tensor | None:
        """Return a picture that was found before, in place; never waits."""
        record = self._records.get(index)
        picture = self._file.mapped(record) if record and self._is_ready(record) else None
        return as_tensor(picture) if picture else None

    def holds(self, index: int) -> bool:
        """True if `mapped` gives this picture from now on."""
        record = self._records.get(index)
        return record is not None and self._is_ready(record)

    def again(self, index: int) -> torch.Tensor | None:
        """Return a picture that was found before, as it was then; may read and decode."""
        record = self._records.get(index)
        return self._read(record) if record else None

    def find(self, index: int, path: Path, version: FileVersion) -> torch.Tensor | None:
        """Return this version of a picture; None if it is not there in the size that is needed."""
        waiting = self._writer.waiting(path, version) if self._writer else None
        if waiting and waiting[0].serves(self._short_side):
            return shrink(as_tensor(waiting[1]), self._short_side)
        record = self._file.find(path, version)
        if record is None or not record.serves(self._short_side):
            return None
        tensor = self._read(record)
        if tensor is not None:
            self._known.add(index)
            self._records[index] = record
        return tensor

    def keep(
        self, index: int, path: Path, version: FileVersion, picture: torch.Tensor
    ) -> PixelKind | None:
        """Write a decoded picture; return how it is kept, None if it is not."""
        if self._writer is None:
            return None
        height, width, _ = picture.shape
        content = Picture(height=height, width=width, pixels=picture.numpy().data.cast("B"))
        kind = self._writer.add(
            path, version, self._short_side, content, reserve=self._room_for_the_others(index)
        )
        if kind is not None:
            self._known.add(index)
        return kind

    def _read(self, record: PixelRecord) -> torch.Tensor | None:
        picture = self._file.picture(record)
        return shrink(as_tensor(picture), self._short_side) if picture else None

    def _is_ready(self, record: PixelRecord) -> bool:
        """True if the bytes are the picture as it is needed, neither packed nor too large."""
        is_small = min(record.height, record.width) <= self._short_side
        return is_small and record.kind is PixelKind.RAW

    def _room_for_the_others(self, index: int) -> int:
        """Return the bytes that the pictures still to come take as small JPEGs."""
        to_come = self._count - len(self._known) - (index not in self._known)
        return round(to_come * _JPEG_BYTES_PER_PIXEL * self._short_side**2)
