"""Running a network over labelled batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from petstudio.api.control import RunControl
from petstudio.engine.input.batches import Batch
from petstudio.engine.predictions import Predictions, no_predictions


@torch.inference_mode()
def predict_batches(
    forward: Callable[[torch.Tensor], torch.Tensor],
    classes: int,
    batches: Iterable[Batch],
    keys: NDArray[np.int64],
    control: RunControl,
) -> Predictions:
    """Map labelled batches to predictions; `forward` gives logits, `keys` name the pictures."""
    seen: list[NDArray[np.int64]] = []
    targets, probabilities, losses = [], [], []
    for batch in batches:
        control.checkpoint()
        if not len(batch):
            continue
        logits = forward(batch.images)
        seen.append(keys[batch.indices])
        targets.append(batch.targets)
        probabilities.append(logits.softmax(dim=1))
        losses.append(functional.cross_entropy(logits, batch.targets, reduction="none"))
    if not seen:
        return no_predictions(classes)
    # Brought over at the end only, so that a GPU never waits for the next batch.
    return Predictions(
        keys=np.concatenate(seen),
        targets=torch.cat(targets).cpu().numpy(),
        probabilities=torch.cat(probabilities).cpu().numpy(),
        losses=torch.cat(losses).cpu().numpy(),
    )
