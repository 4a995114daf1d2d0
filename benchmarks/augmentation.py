"""Augmenting a training batch on one thread: our sampler against fastai's batch transforms.

The same 64 pictures, 256 px to 224: mirror, rotate, zoom, warp, light, normalise.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from importlib import metadata
from pathlib import Path

import numpy as np
import photos
import torch
from turns import print_machine

from petstudio.config.recipe import Resize
from petstudio.engine.input.augmenting import Augmenter
from petstudio.engine.input.sampler import Sampler
from petstudio.plugin_host.host import PluginHost

_HERE = Path(__file__).resolve().parent
_PEERS = _HERE.parent / ".venv-peers" / "bin" / "python"
_PHOTOS = _HERE.parents[1] / "shared" / "data" / "pets-mini"
_PICTURES, _SIDE, _SIZE = 64, 256, 224
_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_REACH = 3.4


def our_speed(squares: np.ndarray, repeats: int) -> float:
    """Return pictures a second, the drawing of the changes included."""
    host = PluginHost.load(safe_mode=True)
    tutorial = host.augmentation("tutorial")
    augmenter = Augmenter(seed=0, augmentations=((tutorial, tutorial.options()),))
    sampler = Sampler(size=_SIZE, resize=Resize.CROP, mean=_MEAN, std=_STD)
    pictures = list(torch.from_numpy(squares))
    keys, device = np.arange(len(pictures)), torch.device("cpu")
    seconds = []
    for epoch in range(repeats + 1):
        started = time.perf_counter()
        crops, transforms = augmenter.draw(epoch, keys)
        sampler.sample(pictures, device, crops, transforms)
        seconds.append(time.perf_counter() - started)
    return len(pictures) / statistics.median(seconds[1:])


def fastai_speed(file: Path, repeats: int) -> float:
    """Return pictures a second of fastai, in the environment of the peers."""
    script = _HERE / "peers" / "fastai_augmentation.py"
    command = [_PEERS, "-W", "ignore", script, file]
    command += ["--size", str(_SIZE), "--repeats", str(repeats)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout)["pictures_per_second"])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, default=_PHOTOS, help="folder of BREED_NUMBER.jpg")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=5, help="batches in a round; the median")
    given = parser.parse_args()
    torch.set_num_threads(1)
    print("\n## Augmentation\n")
    print_machine(f"torch {metadata.version('torch')}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        photos.make_folder(given.photos, folder, _PICTURES)
        squares, file = photos.squares(folder, _PICTURES, _SIDE), folder / "squares.npy"
        np.save(file, squares)
        pairs = [
            (fastai_speed(file, given.repeats), our_speed(squares, given.repeats))
            for _ in range(given.rounds)
        ]
    theirs, own = (statistics.median(speeds) for speeds in zip(*pairs, strict=True))
    ratios = [ours / peer for peer, ours in pairs]
    print(f"\n### {_SIDE} px to {_SIZE} px, one thread\n")
    print("| fastai, pictures/s | ours | ratio | range | to reach |\n|---|---|---|---|---|")
    print(f"| {theirs:,.0f} | {own:,.0f} | {statistics.median(ratios):.2f} ", end="")
    print(f"| {min(ratios):.1f}–{max(ratios):.1f} | {_REACH} |")


if __name__ == "__main__":
    main()
