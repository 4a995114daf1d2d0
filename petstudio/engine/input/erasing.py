"""Boxes of a picture that the network does not get to see."""

from __future__ import annotations

import torch


def erase_boxes(batch: torch.Tensor, boxes: torch.Tensor) -> torch.Tensor:
    """Put the mean colour, which is 0, into boxes of a normalised batch (n, 3, size, size).

    `boxes` is float32 (n, k, 4): left, top, right and bottom, in -1..1. A pixel is in a box if its
    centre is. Returns the batch itself, in the memory that it has.
    """
    size = batch.shape[-1]
    steps = (torch.arange(size, device=batch.device) + 0.5) * (2 / size) - 1
    left, top, right, bottom = boxes[..., None].unbind(2)
    is_across = (steps >= left) & (steps < right)
    is_down = (steps >= top) & (steps < bottom)
    is_inside = (is_down[..., :, None] & is_across[..., None, :]).any(dim=1)
    return batch.masked_fill_(is_inside[:, None], 0.0)
