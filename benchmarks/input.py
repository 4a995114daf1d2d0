"""Pictures from file to batch: the plain way against the store's and the sampler's."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import PIL
import torch
from PIL import Image
from turns import print_machine, print_table, take_turns

from petstudio.config.recipe import Resize
from petstudio.engine.input.sampler import Sampler
from petstudio.engine.input.store import decode, short_side_for

_PICTURES = 24
_SIZE = 224
_ROUNDS = 5


def make_photos(folder: Path) -> list[Path]:
    """Write JPEG files with the sizes of phone and web pictures."""
    rng = np.random.default_rng(0)
    small = Image.fromarray(rng.integers(0, 255, (30, 40, 3), dtype=np.uint8))
    files = []
    for number in range(_PICTURES):
        width, height = (500, 375) if number % 2 else (1600, 1200)
        path = folder / f"{number}.jpg"
        small.resize((width, height), Image.Resampling.BICUBIC).save(path, quality=90)
        files.append(path)
    return files


def decode_plainly(path: Path) -> torch.Tensor:
    """Open, convert and resize with Pillow, as most loaders do."""
    short = short_side_for(_SIZE)
    with Image.open(path) as image:
        scale = short / min(image.size)
        size = (round(image.width * scale), round(image.height * scale))
        return torch.from_numpy(np.array(image.convert("RGB").resize(size)))


def main() -> None:
    """Print the tables."""
    print_machine(f"torch {torch.__version__}", f"Pillow {PIL.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        files = make_photos(Path(folder))
        short = short_side_for(_SIZE)
        rows = take_turns(
            {
                "Pillow open, convert, resize": lambda: [decode_plainly(file) for file in files],
                "store: checked, draft, torch resize": lambda: [decode(f, short) for f in files],
            },
            _ROUNDS,
        )
        print_table("Decoding to short side 256", rows, items=_PICTURES, unit="pictures")
        pictures = [decode(file, short) for file in files]
    sampler = Sampler(size=_SIZE, resize=Resize.CROP, mean=(0.5,) * 3, std=(0.25,) * 3)
    device = torch.device("cpu")
    rows = take_turns(
        {
            "one picture at a time": lambda: [sampler.sample([p], device) for p in pictures],
            "slices of one shape": lambda: sampler.sample(pictures, device),
        },
        _ROUNDS,
    )
    print_table("Crop and normalise to 224 px", rows, items=_PICTURES, unit="pictures")


if __name__ == "__main__":
    main()
