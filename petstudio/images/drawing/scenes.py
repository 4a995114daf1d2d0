"""Places behind the pets. One unit is the picture's height; x runs from 0 to its width."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import Final

from petstudio.images.drawing.colour import WHITE, Colour, darker, lighter, mix, named, varied
from petstudio.images.drawing.geometry import Corner, Points, box, ellipse, ribbon, smooth
from petstudio.images.drawing.surface import Surface

Scene = Callable[[Surface, float, Random], None]

_WALLS: Final = ("#e8d5c4", "#cddbd2", "#c9d6e6", "#efd9d0", "#dcd3e4", "#f0e3c2", "#b9c7bd", "#a8b5c8", "#d9b8a6", "#8fa3a8")
_FLOORS: Final = ("#c79d74", "#b58a66", "#d8b58c", "#9c7b64", "#bfae9c", "#8c7466")
_CLOTHS: Final = ("#c8746a", "#6f8fb3", "#7fa48a", "#d8a860", "#a584b0", "#e0c3b0", "#5f7f8c", "#d78f8f")
_SKIES: Final = (("#8ec5ea", "#e6f3f5"), ("#f3b88e", "#fbe7c4"), ("#b7c4d8", "#eef0f0"), ("#7fb4d8", "#f7e3d3"), ("#5d6fa8", "#e8b6a8"))
_GRASS: Final = ("#93b86a", "#7da566", "#a9b862", "#86a889", "#b9b46e")


def room(surface: Surface, width: float, dice: Random) -> None:
    """A wall, a floor, and some of window, picture, shelf plant and rug."""
    wall = varied(named(dice.choice(_WALLS)), dice)
    floor = varied(named(dice.choice(_FLOORS)), dice)
    level = dice.uniform(0.58, 0.72)
    shaded(surface, width, 0.0, level, lighter(wall, 0.15), wall)
    _wallpaper(surface, width, level, wall, dice)
    if dice.random() < 0.5:
        _window(surface, dice.uniform(0.0, width - 0.3), dice)
    if dice.random() < 0.5:
        _frame(surface, dice.uniform(0.05, width - 0.2), dice)
    shaded(surface, width, level, 1.0, floor, darker(floor, 0.2))
    _planks(surface, width, level, floor, dice)
    surface.fill(box(0, level - 0.035, width, level + 0.005), lighter(wall, 0.55))
    if dice.random() < 0.55:
        _house_plant(surface, dice.choice((0.08, width - 0.08)), level + 0.1, dice)
    if dice.random() < 0.6:
        _rug(surface, width, dice)


def garden(surface: Surface, width: float, dice: Random) -> None:
    """Sky, hills, a lawn, and some of sun, clouds, fence and flowers."""
    high, low = (varied(named(text), dice) for text in dice.choice(_SKIES))
    grass = varied(named(dice.choice(_GRASS)), dice)
    level = dice.uniform(0.45, 0.62)
    shaded(surface, width, 0.0, level + 0.1, high, low)
    if dice.random() < 0.5:
        sun = ellipse(dice.uniform(0.1, width - 0.1), dice.uniform(0.08, 0.3), 0.08, 0.08)
        surface.soft(sun, (255, 244, 205), 0.06, 0.95)
    for _ in range(dice.randrange(4)):
        _cloud(surface, dice.uniform(0, width), dice.uniform(0.06, 0.34), dice)
    for depth in (0.55, 0.3):
        _hill(surface, width, level, mix(grass, low, depth), dice)
    shaded(surface, width, level, 1.0, lighter(grass, 0.12), darker(grass, 0.22))
    if dice.random() < 0.4:
        _fence(surface, width, level + 0.04, dice)
    for _ in range(dice.randrange(4, 16)):
        _flower(surface, dice.uniform(0, width), dice.uniform(level + 0.06, 0.98), dice)


def studio(surface: Surface, width: float, dice: Random) -> None:
    """A plain backdrop, at times with blurred lights."""
    colour = varied(named(dice.choice((*_WALLS, *_CLOTHS))), dice)
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
    wall = varied(named(dice.choice(_WALLS)), dice)
    cloth = varied(named(dice.choice(_CLOTHS)), dice)
    shaded(surface, width, 0.0, 0.5, wall, darker(wall, 0.1))
    top, seat = dice.uniform(0.14, 0.32), dice.uniform(0.62, 0.74)
    split = width * dice.uniform(0.4, 0.6)
    for left, right in ((-0.2, split), (split, width + 0.2)):
        surface.shape(_rounded(left, top, right, seat + 0.12, 0.1), cloth, round_=0.8)
    for _ in range(dice.randrange(3)):
        pillow = surface.at(dice.uniform(0, width), seat - 0.14, turn=dice.uniform(-0.5, 0.5))
        cushion(pillow, 0.2, dice)
    surface.shape(_rounded(-0.3, seat, width + 0.3, 1.3, 0.08), lighter(cloth, 0.12), round_=0.6)
    if dice.random() < 0.5:
        _plaid(surface, width, seat + 0.02, dice)


def evening(surface: Surface, width: float, dice: Random) -> None:
    """A dark room with a lamp, or a window on the night."""
    wall = varied(named(dice.choice(("#4d5a78", "#5c5470", "#6b5a58", "#48636b"))), dice)
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
        _rug(surface, width, dice)


def water(surface: Surface, width: float, dice: Random) -> None:
    """Under water: rays, weeds, stones and bubbles."""
    deep = varied(named(dice.choice(("#3f8fae", "#4aa3a0", "#5b8fc4", "#6aa88a", "#c9b98c"))), dice)
    shaded(surface, width, 0.0, 1.0, lighter(deep, 0.5), darker(deep, 0.2))
    for _ in range(4):
        x = dice.uniform(-0.2, width)
        ray = smooth([(x, -0.1), (x + 0.1, -0.1), (x - 0.1, 1.0), (x - 0.35, 1.0)])
        surface.soft(ray, WHITE, 0.04, 0.16)
    sand = mix(named("#e3cfa4"), deep, 0.25)
    floor: list[Corner] = [(width * i / 5, 0.88 + dice.uniform(-0.04, 0.04)) for i in range(6)]
    surface.shape(smooth([(-0.3, 1.3), (-0.2, 0.88), *floor, (width + 0.3, 0.88), (width + 0.3, 1.3)]), sand)
    for _ in range(dice.randrange(2, 6)):
        _weed(surface, dice.uniform(0, width), deep, dice)
    for _ in range(dice.randrange(3, 9)):
        size = dice.uniform(0.01, 0.03)
        bubble = ellipse(dice.uniform(0, width), dice.uniform(0.05, 0.85), size, size)
        surface.fill(bubble, WHITE, 0.4)


def cushion(surface: Surface, size: float, dice: Random) -> None:
    """A square cushion around the origin, `size` to each side."""
    colour = varied(named(dice.choice(_CLOTHS)), dice)
    outline = _rounded(-size, -size * 0.85, size, size * 0.85, size * 0.35)
    with surface.part(outline, colour) as inner:
        pattern = dice.randrange(3)
        for number in range(-3, 4):
            shift = number * size * 0.36
            if pattern == 0:
                inner.stroke([(shift, -size), (shift, size)], lighter(colour, 0.5), size * 0.12)
            for row in range(-2, 3) if pattern == 1 else ():
                dot = ellipse(shift, row * size * 0.36, size * 0.07, size * 0.07)
                inner.fill(dot, lighter(colour, 0.6))


def shaded(
    surface: Surface, width: float, top: float, low: float, first: Colour, last: Colour
) -> None:
    """Fill a band from one colour at its top to another at its lower edge."""
    steps = 14
    for step in range(steps):
        start = top + (low - top) * step / steps
        band = box(-0.5, start, width + 0.5, low + 0.002)
        surface.fill(band, mix(first, last, step / (steps - 1)))


def _rounded(left: float, top: float, right: float, low: float, bend: float) -> Points:
    return smooth(
        [
            (left + bend, top), ((left + right) / 2, top), (right - bend, top),
            (right, top + bend), (right, (top + low) / 2), (right, low - bend),
            (right - bend, low), ((left + right) / 2, low), (left + bend, low),
            (left, low - bend), (left, (top + low) / 2), (left, top + bend),
        ]
    )


def _wallpaper(surface: Surface, width: float, level: float, wall: Colour, dice: Random) -> None:
    pattern, pale = dice.randrange(4), lighter(wall, 0.3)
    step = dice.uniform(0.07, 0.13)
    for number in range(math.ceil(width / step) + 1 if pattern < 2 else 0):
        x = number * step
        if pattern == 0:
            surface.fill(box(x, 0, x + step * 0.4, level), pale, 0.7)
        for row in range(math.ceil(level / step) if pattern == 1 else 0):
            dot = ellipse(x + step * 0.5 * (row % 2), row * step, step * 0.13, step * 0.13)
            surface.fill(dot, pale)


def _planks(surface: Surface, width: float, level: float, floor: Colour, dice: Random) -> None:
    if dice.random() < 0.4:
        return
    vanish, line = dice.uniform(0.3, 0.7) * width, darker(floor, 0.28)
    for number in range(-4, 14):
        x = width * number / 9
        surface.stroke([(vanish + (x - vanish) * 0.6, level), (x, 1.02)], line, 0.009, 0.6)


def _window(surface: Surface, x: float, dice: Random) -> None:
    high, low = (named(text) for text in dice.choice(_SKIES))
    wide, top = dice.uniform(0.26, 0.4), dice.uniform(0.04, 0.12)
    surface.fill(box(x - 0.02, top - 0.02, x + wide + 0.02, top + 0.42), WHITE)
    for step in range(8):
        part = box(x, top + 0.05 * step, x + wide, top + 0.4)
        surface.fill(part, mix(high, low, step / 7))
    surface.fill(box(x + wide / 2 - 0.008, top, x + wide / 2 + 0.008, top + 0.4), WHITE)
    surface.fill(box(x, top + 0.19, x + wide, top + 0.205), WHITE)


def _frame(surface: Surface, x: float, dice: Random) -> None:
    top, wide, high = dice.uniform(0.05, 0.18), dice.uniform(0.14, 0.22), dice.uniform(0.16, 0.24)
    surface.fill(box(x, top, x + wide, top + high), named(dice.choice(("#8a6a50", "#f6f2ea", "#5a5560"))))
    first, last = named(dice.choice(_CLOTHS)), named(dice.choice(_WALLS))
    surface.fill(box(x + 0.02, top + 0.02, x + wide - 0.02, top + high - 0.02), last)
    with surface.part(box(x + 0.02, top + 0.02, x + wide - 0.02, top + high - 0.02), last, round_=0) as inner:
        inner.fill(ellipse(x + wide * 0.3, top + high, wide * 0.5, high * 0.5), first)
        inner.fill(ellipse(x + wide * 0.7, top + high * 0.35, wide * 0.12, wide * 0.12), lighter(first, 0.4))


def _house_plant(surface: Surface, x: float, y: float, dice: Random) -> None:
    leaf = varied(named(dice.choice(("#6f9a66", "#5d8a72", "#8fae6a"))), dice)
    for number in range(9):
        angle = -2.6 + 2.1 * number / 8 + dice.uniform(-0.1, 0.1)
        reach = dice.uniform(0.2, 0.34)
        tip = (x + reach * math.cos(angle), y - 0.1 + reach * math.sin(angle))
        blade = ribbon([(x, y - 0.1), ((x + tip[0]) / 2, (y - 0.14 + tip[1]) / 2), tip], (0.008, 0.032, 0.004))
        surface.shape(blade, varied(leaf, dice), round_=0.5)
    pot = smooth([(x - 0.09, y - 0.13), (x + 0.09, y - 0.13), (x + 0.065, y + 0.05), (x - 0.065, y + 0.05)])
    surface.shape(pot, varied(named(dice.choice(("#c98a68", "#e6ddd0", "#7f93a0"))), dice))


def _rug(surface: Surface, width: float, dice: Random) -> None:
    colour = varied(named(dice.choice(_CLOTHS)), dice)
    middle = width * dice.uniform(0.4, 0.6)
    for ring in range(4):
        share = 1 - 0.22 * ring
        shade = colour if ring % 2 else lighter(colour, 0.45)
        surface.fill(ellipse(middle, 0.9, 0.62 * share, 0.13 * share), shade)


def _cloud(surface: Surface, x: float, y: float, dice: Random) -> None:
    for _ in range(5):
        size = dice.uniform(0.03, 0.07)
        puff = ellipse(x + dice.uniform(-0.12, 0.12), y + dice.uniform(-0.02, 0.02), size * 1.5, size)
        surface.soft(puff, WHITE, 0.02, 0.75)


def _hill(surface: Surface, width: float, level: float, colour: Colour, dice: Random) -> None:
    ridge = [(width * i / 4, level - dice.uniform(0.02, 0.16)) for i in range(5)]
    outline = smooth([(-0.4, level + 0.2), (-0.3, level - 0.05), *ridge, (width + 0.3, level), (width + 0.3, level + 0.2)])
    surface.shape(outline, colour, round_=0.5)


def _fence(surface: Surface, width: float, y: float, dice: Random) -> None:
    colour = named(dice.choice(("#f7f2e8", "#b58d68", "#c9d2d4")))
    step = dice.uniform(0.09, 0.13)
    surface.fill(box(-0.1, y - 0.16, width + 0.1, y - 0.135), darker(colour, 0.12))
    surface.fill(box(-0.1, y - 0.06, width + 0.1, y - 0.035), darker(colour, 0.12))
    for number in range(math.ceil(width / step) + 1):
        x = number * step
        slat = [(x, y), (x, y - 0.2), (x + 0.025, y - 0.235), (x + 0.05, y - 0.2), (x + 0.05, y)]
        surface.fill(smooth(slat), colour)


def _flower(surface: Surface, x: float, y: float, dice: Random) -> None:
    size = 0.012 + 0.025 * max(y - 0.5, 0.0) + dice.uniform(0.0, 0.006)
    colour = named(dice.choice(("#fff6e8", "#f3c14f", "#e88fa2", "#b99be0", "#f2a06a")))
    surface.stroke([(x, y + size * 2.5), (x, y)], (96, 130, 74), size * 0.4)
    for petal in range(5):
        angle = petal * 2 * math.pi / 5
        spot = (x + size * 0.7 * math.cos(angle), y + size * 0.7 * math.sin(angle))
        surface.fill(ellipse(*spot, size * 0.55, size * 0.55), colour)
    surface.fill(ellipse(x, y, size * 0.45, size * 0.45), (248, 206, 96))


def _plaid(surface: Surface, width: float, top: float, dice: Random) -> None:
    colour = varied(named(dice.choice(_CLOTHS)), dice)
    left = dice.uniform(-0.2, width * 0.3)
    right = left + dice.uniform(0.8, 1.3)
    outline = smooth([(left, top), ((left + right) / 2, top - 0.03), (right, top), (right + 0.12, 1.2), (left - 0.12, 1.2)])
    with surface.part(outline, lighter(colour, 0.2), round_=0.5) as inner:
        for number in range(12):
            x, y = left - 0.1 + number * 0.13, top + number * 0.1
            inner.fill(box(x, top - 0.1, x + 0.05, 1.2), darker(colour, 0.1), 0.4)
            inner.fill(box(left - 0.3, y, right + 0.3, y + 0.035), darker(colour, 0.1), 0.4)


def _weed(surface: Surface, x: float, deep: Colour, dice: Random) -> None:
    colour = mix(varied(named(dice.choice(("#6aa35a", "#4f8f6a", "#a8a04f", "#b5655f"))), dice), deep, 0.3)
    for _ in range(3):
        high, bend = dice.uniform(0.25, 0.6), dice.uniform(-0.1, 0.1)
        foot = x + dice.uniform(-0.05, 0.05)
        stem = [(foot, 0.97), (foot + bend, 0.97 - high * 0.5), (foot - bend * 0.6, 0.97 - high)]
        surface.shape(ribbon(stem, (0.018, 0.026, 0.004)), colour, round_=0.5)


INDOORS_AND_OUT: Final[tuple[Scene, ...]] = (room, room, garden, garden, studio, sofa, evening)
