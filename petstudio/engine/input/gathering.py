"""The sampler's pass on a GPU: pictures of any shape out of one flat byte buffer, by indexing.

The same formulas as `sampler.py` has for the CPU, in plain torch operations without a loop over
pictures, so that a whole batch can be captured in a graph.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch

_CHANNELS: Final = 3
_LOGIT_EPSILON: Final = 1e-7  # as in sampler.py
# Columns of the two tensors that describe a batch.
OFFSET, HEIGHT, WIDTH = range(3)
PLACES: Final = 3
BRIGHTNESS, CONTRAST = 9, 10
CHANGES: Final = 11


@dataclass(frozen=True, kw_only=True)
class Gatherer:
    """Turns places in a flat buffer into one normalised batch.

    Attributes:
        size: side of the network's square, in pixels.
        mean, std: float32 (3,), of RGB in 0..1, on the device.
        dtype: of the result.
        lit: whether brightness and contrast are applied.
    """

    size: int
    mean: torch.Tensor
    std: torch.Tensor
    dtype: torch.dtype
    lit: bool

    def __call__(
        self, pixels: torch.Tensor, places: torch.Tensor, changes: torch.Tensor
    ) -> torch.Tensor:
        """Return (n, 3, size, size) of `dtype`, channels last, on the device of the arguments.

        Args:
            pixels: uint8 (bytes,), RGB rows of all pictures one after the other.
            places: int64 (n, 3): offset in `pixels`, height, width.
            changes: float32 (n, 11): homography row by row, brightness, contrast (in logit space).
        """
        x, y = self._points(places, changes)
        sampled = _bilinear(pixels, places, x, y)
        if self.lit:
            sampled = _light(sampled, changes)
        flat = ((sampled - self.mean) / self.std).to(self.dtype)
        return flat.view(-1, self.size, self.size, _CHANNELS).permute(0, 3, 1, 2)

    def _points(
        self, places: torch.Tensor, changes: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return where each output pixel lies in its picture: two of float32 (n, size²), pixels."""
        steps = (torch.arange(self.size, device=places.device) + 0.5) * (2 / self.size) - 1
        x = steps.repeat(self.size)
        y = steps.repeat_interleave(self.size)
        h = changes[:, :9, None].unbind(1)
        depth = h[6] * x + h[7] * y + h[8]
        across = (h[0] * x + h[1] * y + h[2]) / depth
        down = (h[3] * x + h[4] * y + h[5]) / depth
        height = places[:, HEIGHT, None].float()
        width = places[:, WIDTH, None].float()
        return (
            _reflect((across + 1) * (width / 2) - 0.5, width),
            _reflect((down + 1) * (height / 2) - 0.5, height),
        )


def _reflect(position: torch.Tensor, length: torch.Tensor) -> torch.Tensor:
    """Mirror at the picture's outer pixel edges, then keep within its pixel centres."""
    from_edge = (position + 0.5).abs()
    turns = (from_edge / length).floor()
    rest = from_edge - turns * length
    mirrored = torch.where(turns.remainder(2) == 1, length - rest, rest) - 0.5
    return torch.minimum(mirrored.clamp_min(0), length - 1)


def _bilinear(
    pixels: torch.Tensor, places: torch.Tensor, x: torch.Tensor, y: torch.Tensor
) -> torch.Tensor:
    """Return float32 (n, points, 3) in 0..1."""
    left, top = x.floor(), y.floor()
    across, down = (x - left)[..., None], (y - top)[..., None]
    column, row = left.long(), top.long()
    offset, height, width = places[:, :, None].unbind(1)
    next_column = torch.minimum(column + 1, width - 1)
    next_row = torch.minimum(row + 1, height - 1)
    channel = torch.arange(_CHANNELS, device=pixels.device)

    def tap(at_row: torch.Tensor, at_column: torch.Tensor) -> torch.Tensor:
        first = offset + (at_row * width + at_column) * _CHANNELS
        return pixels[first[..., None] + channel].float()

    upper = torch.lerp(tap(row, column), tap(row, next_column), across)
    lower = torch.lerp(tap(next_row, column), tap(next_row, next_column), across)
    return torch.lerp(upper, lower, down) / 255


def _light(sampled: torch.Tensor, changes: torch.Tensor) -> torch.Tensor:
    shift = changes[:, BRIGHTNESS, None, None]
    scale = changes[:, CONTRAST, None, None]
    lit = ((torch.logit(sampled, eps=_LOGIT_EPSILON) + shift) * scale).sigmoid()
    # A picture whose light does not change keeps its exact values, as on the CPU.
    return torch.where((shift == 0) & (scale == 1), sampled, lit)
