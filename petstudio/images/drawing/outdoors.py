"""Things of a garden and of a pond; units as in `furnishings`."""

from __future__ import annotations

import math
from random import Random

from petstudio.images.drawing.colour import WHITE, Colour, darker, mix, named
from petstudio.images.drawing.geometry import box, ellipse, ribbon, smooth
from petstudio.images.drawing.surface import Surface
from petstudio.images.drawing.tints import rolled


def cloud(surface: Surface, x: float, y: float, dice: Random) -> None:
    for _ in range(5):
        size = dice.uniform(0.03, 0.07)
        puff = ellipse(
            x + dice.uniform(-0.12, 0.12), y + dice.uniform(-0.02, 0.02), size * 1.5, size
        )
        surface.soft(puff, WHITE, 0.02, 0.75)


def hill(surface: Surface, width: float, level: float, colour: Colour, dice: Random) -> None:
    ridge = [(width * i / 4, level - dice.uniform(0.02, 0.16)) for i in range(5)]
    outline = smooth(
        [
            (-0.4, level + 0.2),
            (-0.3, level - 0.05),
            *ridge,
            (width + 0.3, level),
            (width + 0.3, level + 0.2),
        ]
    )
    surface.shape(outline, colour, round_=0.5)


def fence(surface: Surface, width: float, y: float, dice: Random) -> None:
    colour = named(dice.choice(("#f7f2e8", "#b58d68", "#c9d2d4")))
    step = dice.uniform(0.09, 0.13)
    surface.fill(box(-0.1, y - 0.16, width + 0.1, y - 0.135), darker(colour, 0.12))
    surface.fill(box(-0.1, y - 0.06, width + 0.1, y - 0.035), darker(colour, 0.12))
    for number in range(math.ceil(width / step) + 1):
        x = number * step
        slat = [(x, y), (x, y - 0.2), (x + 0.025, y - 0.235), (x + 0.05, y - 0.2), (x + 0.05, y)]
        surface.fill(smooth(slat), colour)


def flower(surface: Surface, x: float, y: float, dice: Random) -> None:
    size = 0.012 + 0.025 * max(y - 0.5, 0.0) + dice.uniform(0.0, 0.006)
    colour = named(dice.choice(("#fff6e8", "#f3c14f", "#e88fa2", "#b99be0", "#f2a06a")))
    surface.stroke([(x, y + size * 2.5), (x, y)], (96, 130, 74), size * 0.4)
    for petal in range(5):
        angle = petal * 2 * math.pi / 5
        spot = (x + size * 0.7 * math.cos(angle), y + size * 0.7 * math.sin(angle))
        surface.fill(ellipse(*spot, size * 0.55, size * 0.55), colour)
    surface.fill(ellipse(x, y, size * 0.45, size * 0.45), (248, 206, 96))


def weed(surface: Surface, x: float, deep: Colour, dice: Random) -> None:
    colour = mix(rolled(("#6aa35a", "#4f8f6a", "#a8a04f", "#b5655f"), dice), deep, 0.3)
    for _ in range(3):
        high, bend = dice.uniform(0.25, 0.6), dice.uniform(-0.1, 0.1)
        foot = x + dice.uniform(-0.05, 0.05)
        stem = [(foot, 0.97), (foot + bend, 0.97 - high * 0.5), (foot - bend * 0.6, 0.97 - high)]
        surface.shape(ribbon(stem, (0.018, 0.026, 0.004)), colour, round_=0.5)
