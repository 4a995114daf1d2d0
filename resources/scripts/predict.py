"""Classify pictures with the model that lies beside this file, without PetStudio.

    pip install numpy pillow
    python THIS_FILE PICTURE...

Prints a line of JSON for each picture: its path, the most probable classes with their
probabilities, and whether the model is sure enough of the first one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

# The loader's imports.

MODEL = Path(__file__).with_name("NAME")
CLASSES_SHOWN = 5


# The loader.
def main() -> None:
    """Classify the pictures that are named on the command line."""
    text, classify = load(MODEL)
    about = json.loads(text)
    for path in sys.argv[1:]:
        pixels = fitted(read(path, about), about["size"], about["resize"])
        shares = classify(pixels[np.newaxis])[0].tolist()
        ranked = sorted(zip(shares, about["classes"], strict=True), reverse=True)[:CLASSES_SHOWN]
        top = [{"label": label, "probability": share} for share, label in ranked]
        sure = ranked[0][0] >= about["reject_below"]
        print(json.dumps({"path": path, "top": top, "sure": sure}), flush=True)


def read(path: str, about: dict) -> np.ndarray:
    """Return the picture as RGB, upright, as small as those the model was trained on."""
    side = about["short_side"]
    with Image.open(path) as image:
        image.draft(None, (side, side))  # a JPEG is decoded no larger than needed
        image.load()
        picture = rgb(ImageOps.exif_transpose(image))
    width, height = (min(length, about["longest"] * min(picture.size)) for length in picture.size)
    left, top = (picture.width - width) // 2, (picture.height - height) // 2
    picture = picture.crop((left, top, left + width, top + height))
    if min(width, height) > side:
        scale = side / min(width, height)
        shape = [max(side, round(length * scale)) for length in (width, height)]
        picture = picture.resize(shape, Image.Resampling.BILINEAR)
    return np.asarray(picture, dtype=np.float32)


def rgb(image: Image.Image) -> Image.Image:
    """Return any picture as RGB: 16 bits lose the lower 8, what is transparent becomes white."""
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
        image.info.pop("transparency", None)
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.new("RGB", layer.size, "white")
        image.paste(layer, mask=layer)
    return image.convert("RGB")


def fitted(picture: np.ndarray, size: int, resize: str) -> np.ndarray:
    """Return a square: the picture's middle (crop), all around it (pad) or all of it (squish)."""
    height, width, _ = picture.shape
    side = {"crop": min(height, width), "pad": max(height, width), "squish": 0}[resize]
    picture = sampled(picture, size, side or height)
    return sampled(picture.swapaxes(0, 1), size, side or width).swapaxes(0, 1)


def sampled(lines: np.ndarray, size: int, extent: int) -> np.ndarray:
    """Return `size` lines between those given, over the middle `extent`; mirrored outside."""
    count = len(lines)
    place = (np.arange(size) + 0.5) * extent / size + (count - extent) / 2
    turns, rest = np.divmod(abs(place), count)
    place = np.clip(np.where(turns % 2 == 1, count - rest, rest) - 0.5, 0, count - 1)
    lower = place.astype(int)
    upper = np.minimum(lower + 1, count - 1)
    weight = (place - lower).astype(np.float32)[:, np.newaxis, np.newaxis]
    return lines[lower] * (1 - weight) + lines[upper] * weight


if __name__ == "__main__":
    main()
