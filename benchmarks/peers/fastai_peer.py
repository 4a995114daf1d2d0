"""fastai as its lesson uses it: vision_learner, fit_one_cycle, get_preds; float32, all defaults."""

from __future__ import annotations

import warnings

import fastai.vision.all as fastai
from assignment import (
    NAME,
    SEED,
    VALID_SHARE,
    WORKERS,
    Assignment,
    Stopwatch,
    read_assignment,
    reported,
)


class EpochClock(fastai.Callback):
    """Times each epoch, validation included, and counts pictures."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        self.stopwatch = stopwatch

    def before_epoch(self) -> None:
        self.lap = self.stopwatch.lap()
        self.lap.__enter__()

    def after_batch(self) -> None:
        self.stopwatch.images += len(self.learn.xb[0])

    def after_epoch(self) -> None:
        self.lap.__exit__(None, None, None)


def make_learner(given: Assignment) -> fastai.Learner:
    """Return a learner from random weights; Normalize is what it would have with real ones."""
    fastai.default_device(use=False)
    fastai.set_seed(SEED)
    loaders = fastai.ImageDataLoaders.from_name_re(
        given.data,
        given.files(),
        NAME,
        valid_pct=VALID_SHARE,
        seed=SEED,
        item_tfms=fastai.Resize(given.size),
        batch_tfms=[
            *fastai.aug_transforms(),
            fastai.Normalize.from_stats(*fastai.imagenet_stats, cuda=False),
        ],
        bs=given.batch_size,
        num_workers=WORKERS,
    )
    architecture = getattr(fastai, given.architecture)
    return fastai.vision_learner(loaders, architecture, pretrained=False, metrics=fastai.error_rate)


def main() -> None:
    """Do the task and print the line."""
    warnings.filterwarnings("ignore")
    given = read_assignment(__doc__)
    learner = make_learner(given)
    if given.task == "frozen":
        learner.freeze()  # BatchNorm layers of the body train on: fastai's default
    else:
        learner.unfreeze()
    with learner.no_bar(), learner.no_logging(), reported(given.task) as stopwatch:
        if given.task == "predict":
            with stopwatch.lap():
                loader = learner.dls.test_dl(given.files(), bs=given.batch_size)
                probabilities, _ = learner.get_preds(dl=loader)
            stopwatch.images = len(probabilities)
        else:
            learner.fit_one_cycle(given.epochs, cbs=EpochClock(stopwatch))


if __name__ == "__main__":
    main()
