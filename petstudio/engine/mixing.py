"""Mixup: pictures of a batch mixed in pairs, and their targets with them.

Zhang et al., "mixup: Beyond Empirical Risk Minimization"; as in fastai each picture has a share of
its own, at least one half.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import torch
from torch.nn import functional

from petstudio.engine.input.batches import Batch

_STREAM: Final = 0x6D6978


@dataclass(frozen=True)
class _Mixed:
    """Makes pictures and mixes them; equal for equal `make`, so that a captured step is found."""

    make: Callable[..., torch.Tensor]

    def __call__(self, *inputs: torch.Tensor) -> torch.Tensor:
        *inner, partners, shares = inputs
        images = self.make(*inner)
        share = shares.view(-1, 1, 1, 1).to(images.dtype)
        return images * share + images[partners] * (1 - share)


def mixed(batch: Batch, alpha: float, classes: int, *, seed: int, step: int) -> Batch:
    """Return the batch with its pictures (n, 3, s, s) mixed, a function of (seed, step).

    Its targets are float32 (n, classes) then.
    """
    draws = np.random.default_rng((seed, step, _STREAM))
    count, device = len(batch), batch.targets.device
    drawn = draws.beta(alpha, alpha, count)
    shares = torch.from_numpy(np.maximum(drawn, 1 - drawn).astype(np.float32)).to(device)
    partners = torch.from_numpy(draws.permutation(count)).to(device)
    targets = functional.one_hot(batch.targets, classes).float()
    share = shares.view(-1, 1)
    return replace(
        batch,
        make=_Mixed(batch.make),
        inputs=(*batch.inputs, partners, shares),
        targets=targets * share + targets[partners] * (1 - share),
    )
