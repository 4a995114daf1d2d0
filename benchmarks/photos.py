"""A folder of photos for the peers and for us: BREED_NUMBER.jpg, as many as are asked for."""

from __future__ import annotations

import os
import re
import shutil
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image

NAME = r"([^/]+)_\d+\.jpg$"
_BREEDS = 37
_SIZES = ((500, 375), (375, 500), (500, 333))  # pixels; of most photos in the pets dataset


def make_folder(source: Path, folder: Path, count: int) -> str:
    """Fill `folder` and say with what: links to the photos of `source`, in turns, or drawn ones."""
    photos = sorted(path for path in source.glob("*.jpg") if re.search(NAME, path.name))
    if not photos:
        _draw(folder, count)
        return f"{count} drawn pictures of {_BREEDS} classes ({source} has no BREED_NUMBER.jpg)"
    for number in range(count):
        photo = photos[number % len(photos)]
        breed = photo.name.rpartition("_")[0]
        _link(photo, folder / f"{breed}_{number + 1}.jpg")
    different = min(count, len(photos))
    return f"{count} photos, {different} of them different, {_classes(folder)} classes"


def warm(folder: Path) -> None:
    """Read every file once, so that nobody waits for the disk."""
    for path in folder.iterdir():
        path.read_bytes()


def squares(folder: Path, count: int, side: int) -> np.ndarray:
    """Return the middle squares of the first pictures, uint8 (count, side, side, 3)."""
    return np.stack([_square(path, side) for path in islice(sorted(folder.iterdir()), count)])


def _square(path: Path, side: int) -> np.ndarray:
    with Image.open(path) as image:
        edge = min(image.size)
        left, top = (image.width - edge) // 2, (image.height - edge) // 2
        box = (left, top, left + edge, top + edge)
        return np.asarray(image.convert("RGB").resize((side, side), box=box))


def _link(photo: Path, target: Path) -> None:
    try:
        os.link(photo, target)
    except OSError:
        shutil.copyfile(photo, target)


def _classes(folder: Path) -> int:
    return len({path.name.rpartition("_")[0] for path in folder.iterdir()})


def _draw(folder: Path, count: int) -> None:
    """Draw soft blots with some noise: about as many bytes, and as dear to decode, as photos."""
    rng = np.random.default_rng(0)
    for number in range(count):
        width, height = _SIZES[number % len(_SIZES)]
        blots = Image.fromarray(rng.integers(0, 255, (30, 40, 3), dtype=np.uint8))
        soft = np.asarray(blots.resize((width, height), Image.Resampling.BICUBIC), dtype=np.int16)
        noisy = soft + rng.integers(-12, 12, soft.shape, dtype=np.int16)
        picture = Image.fromarray(noisy.clip(0, 255).astype(np.uint8))
        picture.save(folder / f"breed{number % _BREEDS:02}_{number}.jpg", quality=90)
