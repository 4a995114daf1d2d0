"""Making a decoded picture as small as the network needs it."""

from __future__ import annotations

import torch
from torch.nn import functional

from petstudio.images.pixel_records import CHANNELS, LONGEST, Picture


def as_tensor(picture: Picture) -> torch.Tensor:
    """Return the picture where it lies, as uint8 (H, W, 3)."""
    flat = torch.frombuffer(picture.pixels, dtype=torch.uint8)
    return flat.view(picture.height, picture.width, CHANNELS)


def shrink(picture: torch.Tensor, short_side: int) -> torch.Tensor:
    """Return uint8 (H, W, 3) with a short side of at most `short_side` pixels, aspect kept."""
    height, width, _ = picture.shape
    longest = LONGEST * min(height, width)
    top, left = max(0, (height - longest) // 2), max(0, (width - longest) // 2)
    picture = picture[top : top + longest, left : left + longest]
    height, width, _ = picture.shape
    if min(height, width) <= short_side:
        return picture.contiguous()
    scale = short_side / min(height, width)
    shape = (max(short_side, round(height * scale)), max(short_side, round(width * scale)))
    # In this order torch sees that the colours lie side by side and leaves them so: half the time.
    planes = picture.contiguous()[None].permute(0, 3, 1, 2)
    resized = functional.interpolate(planes, shape, mode="bilinear", antialias=True)
    return resized[0].permute(1, 2, 0).contiguous()
