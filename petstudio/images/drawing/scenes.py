"""Places behind the pets. One unit is the picture's height; x runs from 0 to its width."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from petstudio.images.drawing.colour import WHITE, Colour, darker, lighter, mix, named, varied
from petstudio.images.drawing.furnishings import (
    cushion,
    frame,
    house_plant,
    plaid,
    planks,
    rounded,
    rug,
    wallpaper,
    window,
)
from petstudio.images.drawing.geometry import Corner, box, ellipse, smooth
from petstudio.images.drawing.outdoors import cloud, fence, flower, hill, weed
from petstudio.images.drawing.surface import Surface
from petstudio.images.drawing.tints import CLOTHS, FLOORS, LAWNS, SKIES, WALLS, rolled

Scene = Callable[[Surface, float, Random], None]


def room(surface: Surface, width: float, dice: Random) -> None:
    """A wall, a floor, and some of window, picture, plant and rug."""
    wall = rolled(WALLS, dice)
    floor = rolled(FLOORS, dice)
    level = dice.uniform(0.58, 0.72)
    shaded(surface, width, 0.0, level, lighter(wall, 0.15), wall)
    wallpaper(surface, width, level, wall, dice)
    if dice.random() < 0.5:
        window(surface, dice.uniform(0.0, width - 0.3), dice)
    if dice.random() < 0.5:
        frame(surface, dice.uniform(0.05, width - 0.2), dice)
    shaded(surface, width, level, 1.0, floor, darker(floor, 0.2))
    planks(surface, width, level, floor, dice)
    surface.fill(box(0, level - 0.035, width, level + 0.005), lighter(wall, 0.55))
    if dice.random() < 0.55:
        house_plant(surface, dice.choice((0.08, width - 0.08)), level + 0.1, dice)
    if dice.random() < 0.6:
        rug(surface, width, dice)


def garden(surface: Surface, width: float, dice: Random) -> None:
    """Sky, hills, a lawn, and some of sun, clouds, fence and flowers."""
    high, low = (varied(named(text), dice) for text in dice.choice(SKIES))
    grass = rolled(LAWNS, dice)
    level = dice.uniform(0.45, 0.62)
    shaded(surface, width, 0.0, level + 0.1, high, low)
    if dice.random() < 0.5:
        sun = ellipse(dice.uniform(0.1, width - 0.1), dice.uniform(0.08, 0.3), 0.08, 0.08)
        surface.soft(sun, (255, 244, 205), 0.06, 0.95)
    for _ in range(dice.randrange(4)):
        cloud(surface, dice.uniform(0, width), dice.uniform(0.06, 0.34), dice)
    for depth in (0.55, 0.3):
        hill(surface, width, level, mix(grass, low, depth), dice)
    shaded(surface, width, level, 1.0, lighter(grass, 0.12), darker(grass, 0.22))
    if dice.random() < 0.4:
        fence(surface, width, level + 0.04, dice)
    for _ in range(dice.randrange(4, 16)):
        flower(surface, dice.uniform(0, width), dice.uniform(level + 0.06, 0.98), dice)


def studio(surface: Surface, width: float, dice: Random) -> None:
    """A plain backdrop, at times with blurred lights."""
    colour = rolled((*WALLS, *CLOTHS), dice)
    shaded(surface, width, 0.0, 1.0, lighter(colour, 0.15), darker(colour, 0.1))
    middle = ellipse(width * dice.uniform(0.3, 0.7), 0.42, 0.5, 0.42)
    surface.soft(middle, lighter(colour, 0.55), 0.3, 0.7)
    for _ in range(dice.choice((0, 0, 9, 14))):
        size = dice.uniform(0.03, 0.09)
        spot = ellipse(dice.uniform(0, width), dice.uniform(0, 0.8), size, size)
        surface.soft(spot, lighter(varied(colour, dice, 3.0), 0.5), 0.01, dice.uniform(0.2, 0.5))
    surface.soft(ellipse(width / 2, 1.0, width * 0.7, 0.13), darker(colour, 0.35), 0.08, 0.5)


def sofa(surface: Surface, width: float, dice: Random) -> None:
    """A sofa with cushions, close enough to fill the picture."""
    wall = rolled(WALLS, dice)
    cloth = rolled(CLOTHS, dice)
    shaded(surface, width, 0.0, 0.5, wall, darker(wall, 0.1))
    top, seat = dice.uniform(0.14, 0.32), dice.uniform(0.62, 0.74)
    split = width * dice.uniform(0.4, 0.6)
    for left, right in ((-0.2, split), (split, width + 0.2)):
        surface.shape(rounded(left, top, right, seat + 0.12, 0.1), cloth, round_=0.8)
    for _ in range(dice.randrange(3)):
        pillow = surface.at(dice.uniform(0, width), seat - 0.14, turn=dice.uniform(-0.5, 0.5))
        cushion(pillow, 0.2, dice)
    surface.shape(rounded(-0.3, seat, width + 0.3, 1.3, 0.08), lighter(cloth, 0.12), round_=0.6)
    if dice.random() < 0.5:
        plaid(surface, width, seat + 0.02, dice)


def evening(surface: Surface, width: float, dice: Random) -> None:
    """A dim room with a lamp."""
    wall = rolled(("#6272a0", "#7a6c98", "#94766c", "#587f8a"), dice)
    level = dice.uniform(0.62, 0.72)
    shaded(surface, width, 0.0, level, darker(wall, 0.15), wall)
    floor = mix(wall, (120, 88, 70), 0.6)
    shaded(surface, width, level, 1.0, floor, darker(floor, 0.3))
    x = dice.choice((0.12, width - 0.12)) + dice.uniform(-0.06, 0.06)
    surface.soft(ellipse(x, 0.32, 0.42, 0.42), (255, 206, 132), 0.3, 0.6)
    surface.fill(box(x - 0.012, 0.3, x + 0.012, level + 0.12), darker(wall, 0.6))
    shade = smooth([(x - 0.06, 0.16), (x + 0.06, 0.16), (x + 0.12, 0.36), (x - 0.12, 0.36)])
    surface.shape(shade, (255, 226, 168), round_=0.4)
    if dice.random() < 0.5:
        rug(surface, width, dice)


def water(surface: Surface, width: float, dice: Random) -> None:
    """Under water: rays, weeds, stones and bubbles."""
    deep = rolled(("#3f8fae", "#4aa3a0", "#5b8fc4", "#6aa88a", "#c9b98c"), dice)
    shaded(surface, width, 0.0, 1.0, lighter(deep, 0.5), darker(deep, 0.2))
    for _ in range(4):
        x = dice.uniform(-0.2, width)
        ray = smooth([(x, -0.1), (x + 0.1, -0.1), (x - 0.1, 1.0), (x - 0.35, 1.0)])
        surface.soft(ray, WHITE, 0.04, 0.16)
    sand = mix(named("#e3cfa4"), deep, 0.25)
    floor: list[Corner] = [(width * i / 5, 0.88 + dice.uniform(-0.04, 0.04)) for i in range(6)]
    surface.shape(
        smooth([(-0.3, 1.3), (-0.2, 0.88), *floor, (width + 0.3, 0.88), (width + 0.3, 1.3)]), sand
    )
    for _ in range(dice.randrange(2, 6)):
        weed(surface, dice.uniform(0, width), deep, dice)
    for _ in range(dice.randrange(3, 9)):
        size = dice.uniform(0.01, 0.03)
        bubble = ellipse(dice.uniform(0, width), dice.uniform(0.05, 0.85), size, size)
        surface.fill(bubble, WHITE, 0.4)


def shaded(
    surface: Surface, width: float, top: float, low: float, first: Colour, last: Colour
) -> None:
    """Fill a band from one colour at its top to another at its lower edge."""
    steps = 14
    for step in range(steps):
        start = top + (low - top) * step / steps
        band = box(-0.5, start, width + 0.5, low + 0.002)
        surface.fill(band, mix(first, last, step / (steps - 1)))


INDOORS_AND_OUT: Final[tuple[Scene, ...]] = (
    *(room,) * 3,
    *(garden,) * 3,
    studio,
    studio,
    sofa,
    sofa,
    evening,
)
