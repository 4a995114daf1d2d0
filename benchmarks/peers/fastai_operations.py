"""Device operations of one training step of fastai's Learner in float32, as JSON by stage.

In mixed precision on a GPU fastai adds the casts of every layer; on a CPU it has none.
"""

from __future__ import annotations

import argparse
import json
import warnings

import fastai.vision.all as fastai
import torch
from counting import Count

_CLASSES, _BATCH, _BATCHES, _SIZE = 37, 4, 4, 64  # operations do not depend on them
_MEASURED = 2  # the batch that is counted, after the optimiser has made its state


class StepStart(fastai.Callback):
    """Begins to count before all other callbacks of a batch."""

    order = -1000

    def __init__(self, count: Count) -> None:
        self.count = count

    def before_batch(self) -> None:
        if self.training and self.iter == _MEASURED:
            self.count.__enter__()


class StepEnd(fastai.Callback):
    """Stops after all other callbacks of a batch."""

    order = 1000

    def __init__(self, count: Count) -> None:
        self.count = count

    def after_batch(self) -> None:
        if self.training and self.iter == _MEASURED:
            self.count.__exit__(None, None, None)


def operations(architecture: str, *, frozen: bool) -> int:
    """Train for a few batches and return the operations of one of them."""
    pictures = [
        (torch.randn(3, _SIZE, _SIZE), torch.tensor(number % _CLASSES))
        for number in range(_BATCH * _BATCHES)
    ]
    loader = fastai.DataLoader(pictures, bs=_BATCH, num_workers=0)
    learner = fastai.vision_learner(
        fastai.DataLoaders(loader, loader),
        getattr(fastai, architecture),
        n_out=_CLASSES,
        loss_func=fastai.CrossEntropyLossFlat(),
        metrics=fastai.error_rate,
        pretrained=False,
        normalize=False,
    )
    if frozen:
        learner.freeze()
    else:
        learner.unfreeze()
    count = Count()
    with learner.no_bar(), learner.no_logging():
        learner.fit_one_cycle(1, cbs=[StepStart(count), StepEnd(count)])
    return count.operations.total()


def main() -> None:
    """Print {stage: operations}."""
    warnings.filterwarnings("ignore")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--architecture", default="resnet34")
    architecture = parser.parse_args().architecture
    fastai.default_device(use=False)
    found = {
        stage: operations(architecture, frozen=stage == "frozen")
        for stage in ("unfrozen", "frozen")
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
