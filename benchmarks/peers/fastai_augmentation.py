"""fastai's batch transforms on one thread: pictures a second, as JSON; squares come from a file."""

from __future__ import annotations

import argparse
import json
import statistics
import time
import warnings
from pathlib import Path

import fastai.vision.all as fastai
import numpy as np
import torch


def main() -> None:
    """Time the pipeline of a training batch: to float, aug_transforms, normalise."""
    warnings.filterwarnings("ignore")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("squares", type=Path, help=".npy, uint8 (n, side, side, 3)")
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    torch.set_num_threads(1)
    pictures = torch.from_numpy(np.load(given.squares)).permute(0, 3, 1, 2).contiguous()
    transforms = [
        fastai.IntToFloatTensor(),
        *fastai.aug_transforms(size=given.size),
        fastai.Normalize.from_stats(*fastai.imagenet_stats, cuda=False),
    ]
    pipeline = fastai.Pipeline(fastai.setup_aug_tfms(transforms), split_idx=0)
    seconds = []
    for _ in range(given.repeats + 1):
        started = time.perf_counter()
        with torch.no_grad():
            batch = pipeline(fastai.TensorImage(pictures))
        seconds.append(time.perf_counter() - started)
    middle = statistics.median(seconds[1:])
    print(json.dumps({"pictures_per_second": len(batch) / middle, "shape": list(batch.shape)}))


if __name__ == "__main__":
    main()
