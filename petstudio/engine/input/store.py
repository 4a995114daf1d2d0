"""The image store: decoded pictures by index, filled by threads while the first epoch runs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Final

import torch

from petstudio.api.errors import ImageError
from petstudio.engine.cores import usable_cores
from petstudio.engine.input.disk_tier import DiskTier
from petstudio.engine.input.memory import memory_share
from petstudio.engine.input.shrinking import as_tensor, shrink
from petstudio.images.decoder_pool import DecoderPool
from petstudio.images.decoding import read_picture
from petstudio.images.pixel_records import FileVersion, PixelKind

logger = logging.getLogger(__name__)

_MOST_THREADS: Final = 8  # with 16, on 16 cores, fewer pictures were decoded: they share one lock
_MARGIN: Final = 8 / 7  # a picture is kept a little larger than the network sees it


def short_side_for(size: int) -> int:
    """Return the short side, in pixels, at which pictures are kept for a network of `size`."""
    return round(size * _MARGIN)


@dataclass(frozen=True, kw_only=True)
class StorePlan:
    """Where pictures may be kept once they are decoded; plain values, so it travels anywhere.

    Attributes:
        folder: the place on disk that all stores of a project share; None keeps nothing there.
        disk_budget: bytes that the folder may take.
        memory_budget: bytes that one store may take in memory.
        decoders: processes that decode, started once there is enough to do; 0 is threads alone.
    """

    folder: Path | None = None
    disk_budget: int = 0
    memory_budget: int = field(default_factory=memory_share)
    decoders: int = 0


class ImageStore:
    """Hands out uint8 RGB pictures (H, W, 3) by index; short side at most `short_side`.

    It fills itself: a picture is looked for in memory, in the plan's folder and, last, decoded, by
    threads, or processes where the plan names some. What was decoded goes to the folder, as pixels
    or as a small JPEG, and into memory unless it can be mapped from the folder.

    Attributes:
        decoded: how many pictures were made from their files.
        reused: how many were there already.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        short_side: int,
        *,
        plan: StorePlan | None = None,
        notice: Callable[[str], None] = logger.warning,
    ) -> None:
        """Take pictures as `plan` says.

        `notice` is told once when the disk fails and once when processes do, in any thread.
        """
        self._paths = tuple(paths)
        self._short_side = short_side
        self.decoded = 0
        self.reused = 0
        plan = plan or StorePlan()
        self._disk = None
        if plan.folder is not None:
            self._disk = DiskTier(
                plan.folder,
                plan.disk_budget,
                short_side=short_side,
                count=len(self._paths),
                notice=notice,
            )
        self._free = plan.memory_budget
        self._kept: dict[int, torch.Tensor] = {}
        self._lock = Lock()
        self._decoders = DecoderPool(plan.decoders, notice=notice) if plan.decoders else None
        self._pool = ThreadPoolExecutor(_threads(plan.decoders), "decode")

    def __len__(self) -> int:
        return len(self._paths)

    def __enter__(self) -> ImageStore:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the decoding and write what waits; pictures not begun are not decoded."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self._decoders is not None:
            self._decoders.close()
        if self._disk is not None:
            self._disk.close()

    def request(self, index: int) -> Future[torch.Tensor]:
        """Start getting one picture; the result raises ImageError if it cannot be read."""
        picture = self._at_hand(index)
        if picture is None:
            return self._pool.submit(self._load, index)
        self._count_reused()
        done: Future[torch.Tensor] = Future()
        done.set_result(picture)
        return done

    def _at_hand(self, index: int) -> torch.Tensor | None:
        kept = self._kept.get(index)
        if kept is None and self._disk is not None:
            return self._disk.mapped(index)
        return kept

    def _load(self, index: int) -> torch.Tensor:
        picture = self._disk.again(index) if self._disk else None
        if picture is not None:
            self._count_reused()
            return picture
        # The version is taken before the pixels: a file that changes meanwhile is decoded again.
        version = FileVersion.of(self._paths[index]) if self._disk else None
        picture = self._found(index, version)
        return self._fresh(index, version) if picture is None else picture

    def _found(self, index: int, version: FileVersion | None) -> torch.Tensor | None:
        if self._disk is None or version is None:
            return None
        picture = self._disk.find(index, self._paths[index], version)
        if picture is not None:
            self._count_reused()
            if not self._disk.holds(index):
                self._remember(index, picture)
        return picture

    def _fresh(self, index: int, version: FileVersion | None) -> torch.Tensor:
        path = self._paths[index]
        picture = self._decoded(path)
        with self._lock:
            self.decoded += 1
        kind = None
        if self._disk is not None and version is not None:
            kind = self._disk.keep(index, path, version, picture)
        if kind is not PixelKind.RAW:
            self._remember(index, picture)
        return picture

    def _decoded(self, path: Path) -> torch.Tensor:
        side = self._short_side
        picture = self._decoders.read(path, at_least=side) if self._decoders else None
        return shrink(as_tensor(picture), side) if picture else decode(path, side)

    def _remember(self, index: int, picture: torch.Tensor) -> None:
        with self._lock:
            if self._free >= picture.nbytes and index not in self._kept:
                self._free -= picture.nbytes
                self._kept[index] = picture

    def _count_reused(self) -> None:
        with self._lock:
            self.reused += 1


def _threads(decoders: int) -> int:
    """Return how many threads decode, or shrink what so many processes have decoded."""
    if decoders:
        return decoders + max(1, decoders // 3)  # so that no process waits for its turn
    return min(_MOST_THREADS, usable_cores())


def decode(path: Path, short_side: int) -> torch.Tensor:
    """Return the picture as uint8 (H, W, 3), shrunk to the short side; never enlarged.

    Raises:
        ImageError: the picture cannot be read.
    """
    try:
        picture = read_picture(path, at_least=short_side)
    except ImageError as error:
        raise ImageError(str(path), error.reason, error.detail) from error
    return shrink(as_tensor(picture), short_side)
