"""Experiment a of `../accuracy.py` in fastai: the same pictures, split, size, rate and shapes.

Runs in an environment of its own with fastai 2.8.12; prints one JSON line.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Final

import torch
from fastai.callback.schedule import Learner
from fastai.data.block import CategoryBlock, DataBlock
from fastai.data.core import DataLoaders
from fastai.data.transforms import IndexSplitter, parent_label
from fastai.torch_core import set_seed
from fastai.vision.augment import AffineCoordTfm, Flip, Resize, affine_mat
from fastai.vision.core import imagenet_stats
from fastai.vision.data import ImageBlock, Normalize
from fastai.vision.learner import vision_learner
from torchvision.models import resnet18

_RATE: Final = 1e-2
_SHIFT: Final = 0.1


def shift(images: torch.Tensor, **_unused: object) -> torch.Tensor:
    """Return matrices (n, 3, 3) that move each picture by up to a share of its side."""
    one = images.new_ones(len(images))
    zero = one * 0
    # The side is 2 long in fastai's coordinates.
    across, down = (images.new_empty(2, len(images)).uniform_(-1, 1) * 2 * _SHIFT).unbind()
    return affine_mat(one, zero, across, zero, one, down)


def read_split(labels: Path, pictures: Path) -> dict[str, list[Path]]:
    """Return the files of each split from a project's `labels.csv`."""
    splits = defaultdict(list)
    with labels.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            splits[row["split"]].append(pictures / row["path"])
    return splits


def make_loaders(splits: dict[str, list[Path]], size: int, batch_size: int) -> DataLoaders:
    """Return the loaders; labels are the folders' names."""
    count = len(splits["train"])
    return DataBlock(
        blocks=(ImageBlock, CategoryBlock),
        get_y=parent_label,
        splitter=IndexSplitter(range(count, count + len(splits["valid"]))),
        item_tfms=Resize(size),
        batch_tfms=[
            Flip(),
            AffineCoordTfm(aff_fs=shift, size=size),
            Normalize.from_stats(*imagenet_stats),
        ],
    ).dataloaders([*splits["train"], *splits["valid"]], bs=batch_size, num_workers=0)


def evaluate(learner: Learner, files: list[Path]) -> dict[str, float | int]:
    """Return how many pictures are recognised, of how many, and the mean loss."""
    loader = learner.dls.test_dl(files, with_labels=True)
    probabilities, targets, losses = learner.get_preds(dl=loader, with_loss=True)
    correct = int((probabilities.argmax(1) == targets).sum())
    return {"correct": correct, "images": len(targets), "loss": float(losses.mean())}


def main() -> None:
    """Train and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", type=Path)
    parser.add_argument("pictures", type=Path)
    for name in ("seed", "size", "epochs", "batch-size"):
        parser.add_argument(f"--{name}", type=int, required=True)
    given = parser.parse_args()
    splits = read_split(given.labels, given.pictures)
    set_seed(given.seed)
    loaders = make_loaders(splits, given.size, given.batch_size)
    learner = vision_learner(loaders, resnet18, pretrained=False, normalize=False)
    with learner.no_bar(), learner.no_logging():
        learner.fit_one_cycle(given.epochs, _RATE)
        print(json.dumps(evaluate(learner, splits["test"])))


if __name__ == "__main__":
    main()
