"""The image store: decoded pictures by index, filled by threads while the first epoch runs."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Final

import numpy as np
import torch
from torch.nn import functional

from petstudio.api.errors import ImageError
from petstudio.engine.input.memory import memory_share
from petstudio.images.decoding import read_image

logger = logging.getLogger(__name__)

_MARGIN: Final = 8 / 7  # a picture is kept a little larger than the network sees it
_LONGEST: Final = 4  # times the short side; a panorama is cut to its middle


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
    """

    folder: Path | None = None
    disk_budget: int = 0
    memory_budget: int = field(default_factory=memory_share)


class ImageStore:
    """Hands out uint8 RGB pictures (H, W, 3) by index; short side at most `short_side`.

    Pictures stay in memory until the plan's bytes are used, later ones are decoded anew each time.
    Decoding happens in threads, as Pillow and torch release the interpreter lock there.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        short_side: int,
        *,
        plan: StorePlan | None = None,
        notice: Callable[[str], None] = logger.warning,
    ) -> None:
        """Take pictures as `plan` says; `notice` is told once when the disk fails, any thread."""
        self._paths = tuple(paths)
        self._short_side = short_side
        self._plan = plan or StorePlan()
        self._notice = notice
        self._free = self._plan.memory_budget
        self._kept: dict[int, torch.Tensor] = {}
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(max(1, min(16, os.cpu_count() or 1)), "decode")

    def __len__(self) -> int:
        return len(self._paths)

    def __enter__(self) -> ImageStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the decode threads; pictures not begun are not decoded."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def request(self, index: int) -> Future[torch.Tensor]:
        """Start decoding one picture; the result raises ImageError if it cannot be read."""
        kept = self._kept.get(index)
        if kept is not None:
            done: Future[torch.Tensor] = Future()
            done.set_result(kept)
            return done
        return self._pool.submit(self._load, index)

    def _load(self, index: int) -> torch.Tensor:
        picture = decode(self._paths[index], self._short_side)
        with self._lock:
            if self._free >= picture.nbytes and index not in self._kept:
                self._free -= picture.nbytes
                self._kept[index] = picture
        return picture


def decode(path: Path, short_side: int) -> torch.Tensor:
    """Return the picture as uint8 (H, W, 3), shrunk to the short side; never enlarged.

    Raises:
        ImageError: the picture cannot be read.
    """
    try:
        pixels = np.array(read_image(path, at_least=short_side))
    except ImageError as error:
        raise ImageError(str(path), error.reason, error.detail) from error
    return _shrink(torch.from_numpy(pixels), short_side)


def _shrink(picture: torch.Tensor, short_side: int) -> torch.Tensor:
    height, width, _ = picture.shape
    longest = _LONGEST * min(height, width)
    top, left = max(0, (height - longest) // 2), max(0, (width - longest) // 2)
    picture = picture[top : top + longest, left : left + longest]
    height, width, _ = picture.shape
    if min(height, width) <= short_side:
        return picture.contiguous()
    scale = short_side / min(height, width)
    shape = (max(short_side, round(height * scale)), max(short_side, round(width * scale)))
    planes = picture.permute(2, 0, 1)[None]
    resized = functional.interpolate(planes, shape, mode="bilinear", antialias=True)
    return resized[0].permute(1, 2, 0).contiguous()
