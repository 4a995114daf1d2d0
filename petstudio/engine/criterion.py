"""What a stage's training loss is: cross entropy, perhaps smoothed and weighted by class."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from petstudio.config.recipe import ClassWeights


class Criterion:
    """Cross entropy of logits (n, classes) and targets.

    Targets are class indices int64 (n,), or float32 (n, classes) for mixed pictures. With smoothing
    e the target is 1 - e for the true class and e / classes for all of them. The loss of a picture
    counts as much as its class weighs, for a mixed one by its parts; the mean is over pictures, so
    that the losses of a batch's pieces, each by its share of the pictures, add up to its own.
    """

    def __init__(self, *, smoothing: float = 0.0, weights: torch.Tensor | None = None) -> None:
        self._smoothing = smoothing
        self._weights = weights

    def __call__(self, logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Return the mean loss, float32 ()."""
        if self._weights is None:
            return functional.cross_entropy(logits, targets, label_smoothing=self._smoothing)
        return self.each(logits, targets).mean()

    def each(self, logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Return the loss of each picture, float32 (n,)."""
        losses = functional.cross_entropy(
            logits, targets, reduction="none", label_smoothing=self._smoothing
        )
        if self._weights is None:
            return losses
        is_mixed = targets.is_floating_point()
        return losses * (targets @ self._weights if is_mixed else self._weights[targets])


def class_weights(
    choice: ClassWeights, targets: NDArray[np.int64], classes: int, device: torch.device
) -> torch.Tensor | None:
    """Return float32 (classes,), or None where all count the same; an absent class weighs 0."""
    if choice is ClassWeights.NONE:
        return None
    counts = np.bincount(targets, minlength=classes)
    weights = np.divide(len(targets), classes * counts, out=np.zeros(classes), where=counts > 0)
    return torch.from_numpy(weights.astype(np.float32)).to(device)
