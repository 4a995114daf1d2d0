"""Which pictures a look at a batch goes through."""

from __future__ import annotations

import random
from pathlib import Path

from petstudio.api.contributions import Split
from petstudio.jobs.proving import LabelProof


def shuffled_labels(proof: LabelProof) -> dict[Path, str]:
    """Return the training pictures with their labels, in an order of chance."""
    trained = [
        (proof.listing.root / image.path, image.label)
        for image, side in zip(proof.labels, proof.splits, strict=True)
        if side is Split.TRAIN and image.label is not None
    ]
    random.Random(0).shuffle(trained)
    return dict(trained)
