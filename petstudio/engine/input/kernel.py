"""The sampler's pass on a GPU as one Triton kernel: the formulas of `gathering.py`, in one launch.

Triton comes with torch on Linux; where it is missing or fails, `gathering.py` does the same.
"""

from __future__ import annotations

import logging
from typing import Final

import torch
import triton
import triton.language as tl

from petstudio.engine.input.gathering import CHANGES, PLACES, Gatherer

_BLOCK: Final = 1024  # output pixels of one program
_TRIAL_SIDE: Final = 4
_EPSILON: Final = 1e-7
_TRIAL_TOLERANCE: Final = 0.02  # a rounding of bfloat16 near 2

logger = logging.getLogger(__name__)


class KernelGatherer:
    """Does what a Gatherer does, 30 times as fast on an H200; takes its settings."""

    def __init__(self, gatherer: Gatherer) -> None:
        self._gatherer = gatherer
        self._mean = gatherer.mean.tolist()
        self._factors = (1 / gatherer.std).tolist()

    def __call__(
        self, pixels: torch.Tensor, places: torch.Tensor, changes: torch.Tensor
    ) -> torch.Tensor:
        """See Gatherer."""
        settings, size = self._gatherer, self._gatherer.size
        images = torch.empty(
            (len(places), size, size, 3), dtype=settings.dtype, device=pixels.device
        )
        grid = (len(places), triton.cdiv(size * size, _BLOCK))
        _sample[grid](
            pixels, places, changes, images,
            *self._mean, *self._factors,
            SIZE=size, LIT=settings.lit, BLOCK=_BLOCK, PLACES=PLACES, CHANGES=CHANGES,
            EPSILON=_EPSILON,
        )  # fmt: skip
        return images.permute(0, 3, 1, 2)


def fastest(gatherer: Gatherer) -> Gatherer | KernelGatherer:
    """Return the kernel if it runs on this machine and agrees with the gatherer, else that."""
    device = gatherer.mean.device
    pixels = torch.arange(3 * _TRIAL_SIDE**2, dtype=torch.uint8, device=device)
    places = torch.tensor([[0, _TRIAL_SIDE, _TRIAL_SIDE]], device=device)
    changes = torch.zeros((1, CHANGES), device=device)
    changes[:, 0] = changes[:, 4] = changes[:, 8] = changes[:, 10] = 1
    kernel = KernelGatherer(gatherer)
    try:
        found, expected = (way(pixels, places, changes).float() for way in (kernel, gatherer))
    except Exception as error:  # noqa: BLE001 - the compiler's boundary: it wants a C compiler
        logger.info("Pictures are sampled without a kernel of our own: %s", error)
        return gatherer
    return kernel if torch.allclose(found, expected, atol=_TRIAL_TOLERANCE) else gatherer


@triton.jit
def _mirrored(position, length):
    from_edge = tl.abs(position + 0.5)
    turns = tl.floor(from_edge / length)
    rest = from_edge - turns * length
    rest = tl.where((turns.to(tl.int32) & 1) == 1, length - rest, rest) - 0.5
    return tl.minimum(tl.maximum(rest, 0.0), length - 1.0)


@triton.jit
def _sample(
    pixels, places, changes, images, mean_r, mean_g, mean_b, by_r, by_g, by_b,
    SIZE: tl.constexpr, LIT: tl.constexpr, BLOCK: tl.constexpr,
    PLACES: tl.constexpr, CHANGES: tl.constexpr, EPSILON: tl.constexpr,
):  # fmt: skip
    picture = tl.program_id(0).to(tl.int64)
    point = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    inside = point < SIZE * SIZE
    offset = tl.load(places + picture * PLACES)
    rows = tl.load(places + picture * PLACES + 1)
    columns = tl.load(places + picture * PLACES + 2)
    height, width = rows.to(tl.float32), columns.to(tl.float32)
    x = ((point % SIZE).to(tl.float32) + 0.5) * (2.0 / SIZE) - 1.0
    y = ((point // SIZE).to(tl.float32) + 0.5) * (2.0 / SIZE) - 1.0
    h = changes + picture * CHANGES
    depth = tl.load(h + 6) * x + tl.load(h + 7) * y + tl.load(h + 8)
    across = (tl.load(h) * x + tl.load(h + 1) * y + tl.load(h + 2)) / depth
    down = (tl.load(h + 3) * x + tl.load(h + 4) * y + tl.load(h + 5)) / depth
    across = _mirrored((across + 1.0) * (width / 2.0) - 0.5, width)
    down = _mirrored((down + 1.0) * (height / 2.0) - 0.5, height)
    left, top = tl.floor(across), tl.floor(down)
    to_right, to_bottom = across - left, down - top
    column, row = left.to(tl.int64), top.to(tl.int64)
    next_column = tl.minimum(column + 1, columns - 1)
    next_row = tl.minimum(row + 1, rows - 1)
    upper_left = offset + (row * columns + column) * 3
    upper_right = offset + (row * columns + next_column) * 3
    lower_left = offset + (next_row * columns + column) * 3
    lower_right = offset + (next_row * columns + next_column) * 3
    shift, scale = tl.load(h + 9), tl.load(h + 10)
    is_lit = (shift != 0.0) | (scale != 1.0)
    target = images + (picture * SIZE * SIZE + point) * 3
    for channel in tl.static_range(3):
        a = tl.load(pixels + upper_left + channel, mask=inside, other=0).to(tl.float32)
        b = tl.load(pixels + upper_right + channel, mask=inside, other=0).to(tl.float32)
        c = tl.load(pixels + lower_left + channel, mask=inside, other=0).to(tl.float32)
        d = tl.load(pixels + lower_right + channel, mask=inside, other=0).to(tl.float32)
        upper = a + (b - a) * to_right
        lower = c + (d - c) * to_right
        value = (upper + (lower - upper) * to_bottom) / 255.0
        if LIT:
            kept = tl.minimum(tl.maximum(value, EPSILON), 1.0 - EPSILON)
            logit = (tl.log(kept / (1.0 - kept)) + shift) * scale
            value = tl.where(is_lit, 1.0 / (1.0 + tl.exp(-logit)), value)
        if channel == 0:
            value = (value - mean_r) * by_r
        elif channel == 1:
            value = (value - mean_g) * by_g
        else:
            value = (value - mean_b) * by_b
        tl.store(target + channel, value.to(images.dtype.element_ty), mask=inside)
