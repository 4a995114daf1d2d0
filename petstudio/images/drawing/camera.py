"""What a camera makes of a drawing: light, vignette, blur, noise and the final size."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import Final

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from petstudio.images.drawing.surface import Light


class Tone(Enum):
    """The light of a picture; the value holds red, green, blue gain and brightness."""

    DAY = (1.0, 1.0, 1.0, 1.0)
    BRIGHT = (1.03, 1.02, 1.0, 1.1)
    WARM = (1.08, 1.0, 0.84, 1.0)
    COOL = (0.9, 0.98, 1.1, 0.98)
    DIM = (0.94, 0.94, 1.02, 0.74)
    LAMP = (1.12, 0.97, 0.76, 0.88)


@dataclass(frozen=True, kw_only=True)
class Shot:
    """How one picture is taken. `blur` is in pixels of the finished picture, `noise` in levels."""

    tone: Tone
    light: Light
    vignette: float
    blur: float
    noise: float
    haze: float
    quality: int


_TONES: Final = (
    *(Tone.DAY,) * 5,
    *(Tone.BRIGHT,) * 3,
    Tone.WARM,
    Tone.WARM,
    Tone.COOL,
    Tone.DIM,
    Tone.LAMP,
)


def roll_shot(dice: Random) -> Shot:
    side = dice.choice((-1, 1)) * dice.uniform(0.3, 1.0)
    light = Light(side=side, depth=dice.uniform(0.6, 0.85), gleam=dice.uniform(0.18, 0.34))
    return Shot(
        tone=dice.choice(_TONES),
        light=light,
        vignette=dice.choice((0.0, 0.0, dice.uniform(0.12, 0.32))),
        blur=dice.choice((0.0, 0.0, 0.0, dice.uniform(0.4, 1.1))),
        noise=dice.choice((0.0, 0.0, 0.0, dice.uniform(2, 5), dice.uniform(5, 9))),
        haze=dice.choice((*(0.0,) * 6, dice.uniform(0.1, 0.3))),
        quality=dice.randrange(80, 93),
    )


def take(image: Image.Image, size: tuple[int, int], shot: Shot, dice: Random) -> Image.Image:
    """Return the drawing as a photograph of that size."""
    picture = image.resize(size, Image.Resampling.BOX)
    if shot.blur:
        picture = picture.filter(ImageFilter.GaussianBlur(shot.blur))
    picture = _lit(picture, shot)
    if shot.vignette:
        picture = _vignetted(picture, shot.vignette)
    return _noisy(picture, shot.noise, dice) if shot.noise else picture


def _lit(picture: Image.Image, shot: Shot) -> Image.Image:
    *gains, brightness = shot.tone.value
    table: list[int] = []
    for gain in gains:
        lift = 140 * shot.haze
        factor = gain * brightness * (1 - shot.haze)
        table.extend(min(round(level * factor + lift * brightness), 255) for level in range(256))
    return picture.point(table)


def _vignetted(picture: Image.Image, strength: float) -> Image.Image:
    # radial_gradient is 0 in the middle and 255 at the corners' distance.
    edge = Image.radial_gradient("L").resize(picture.size, Image.Resampling.BILINEAR)
    mask = edge.point(lambda value: 255 - value * value / 255 * strength)
    return ImageChops.multiply(picture, Image.merge("RGB", (mask, mask, mask)))


def _noisy(picture: Image.Image, level: float, dice: Random) -> Image.Image:
    pixels = np.asarray(picture, dtype=np.int16)
    grains = np.frombuffer(dice.randbytes(2 * pixels.size), dtype=np.uint8)
    pairs = grains.reshape(2, *pixels.shape).astype(np.int16)
    # The difference of two even numbers of 0 to 255 has a spread of 104 levels.
    grain = (pairs[0] - pairs[1]) * level / 104
    return Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8))
