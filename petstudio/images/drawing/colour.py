"""Colours as three numbers of 0 to 255."""

from __future__ import annotations

import colorsys
from random import Random
from typing import Final

from PIL import ImageColor

Colour = tuple[int, int, int]

WHITE: Final[Colour] = (255, 255, 255)
INK: Final[Colour] = (44, 36, 42)


def named(text: str) -> Colour:
    red, green, blue = ImageColor.getrgb(text)[:3]
    return red, green, blue


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """Return `first` with that share of `second` in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def lighter(colour: Colour, share: float) -> Colour:
    return mix(colour, WHITE, share)


def darker(colour: Colour, share: float) -> Colour:
    return mix(colour, INK, share)


def varied(colour: Colour, dice: Random, amount: float = 1.0) -> Colour:
    """Return a neighbour of the colour: a little other in hue, strength and lightness."""
    hue, light, strength = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    hue = (hue + dice.uniform(-0.02, 0.02) * amount) % 1.0
    light = min(max(light + dice.uniform(-0.05, 0.05) * amount, 0.0), 1.0)
    strength = min(max(strength * (1 + dice.uniform(-0.25, 0.15) * amount), 0.0), 1.0)
    red, green, blue = (round(part * 255) for part in colorsys.hls_to_rgb(hue, light, strength))
    return red, green, blue
