"""Things in a room. One unit is the picture's height; x runs from 0 to its width."""

from __future__ import annotations

import math
from random import Random

from petstudio.images.drawing.colour import WHITE, Colour, darker, lighter, mix, named, varied
from petstudio.images.drawing.geometry import Points, box, ellipse, ribbon, smooth
from petstudio.images.drawing.surface import Surface
from petstudio.images.drawing.tints import CLOTHS, SKIES, WALLS, rolled


def cushion(surface: Surface, size: float, dice: Random) -> None:
    """A square cushion around the origin, `size` to each side."""
    colour = rolled(CLOTHS, dice)
    outline = rounded(-size, -size * 0.85, size, size * 0.85, size * 0.35)
    with surface.part(outline, colour) as inner:
        pattern = dice.randrange(3)
        for number in range(-3, 4):
            shift = number * size * 0.36
            if pattern == 0:
                inner.stroke([(shift, -size), (shift, size)], lighter(colour, 0.5), size * 0.12)
            for row in range(-2, 3) if pattern == 1 else ():
                dot = ellipse(shift, row * size * 0.36, size * 0.07, size * 0.07)
                inner.fill(dot, lighter(colour, 0.6))


def rounded(left: float, top: float, right: float, low: float, bend: float) -> Points:
    return smooth(
        [
            (left + bend, top),
            ((left + right) / 2, top),
            (right - bend, top),
            (right, top + bend),
            (right, (top + low) / 2),
            (right, low - bend),
            (right - bend, low),
            ((left + right) / 2, low),
            (left + bend, low),
            (left, low - bend),
            (left, (top + low) / 2),
            (left, top + bend),
        ]
    )


def wallpaper(surface: Surface, width: float, level: float, wall: Colour, dice: Random) -> None:
    pattern, pale = dice.randrange(4), lighter(wall, 0.3)
    step = dice.uniform(0.07, 0.13)
    for number in range(math.ceil(width / step) + 1 if pattern < 2 else 0):
        x = number * step
        if pattern == 0:
            surface.fill(box(x, 0, x + step * 0.4, level), pale, 0.7)
        for row in range(math.ceil(level / step) if pattern == 1 else 0):
            dot = ellipse(x + step * 0.5 * (row % 2), row * step, step * 0.13, step * 0.13)
            surface.fill(dot, pale)


def planks(surface: Surface, width: float, level: float, floor: Colour, dice: Random) -> None:
    if dice.random() < 0.4:
        return
    vanish, line = dice.uniform(0.3, 0.7) * width, darker(floor, 0.28)
    for number in range(-4, 14):
        x = width * number / 9
        surface.stroke([(vanish + (x - vanish) * 0.6, level), (x, 1.02)], line, 0.009, 0.6)


def window(surface: Surface, x: float, dice: Random) -> None:
    high, low = (named(text) for text in dice.choice(SKIES))
    wide, top = dice.uniform(0.26, 0.4), dice.uniform(0.04, 0.12)
    surface.fill(box(x - 0.02, top - 0.02, x + wide + 0.02, top + 0.42), WHITE)
    for step in range(8):
        part = box(x, top + 0.05 * step, x + wide, top + 0.4)
        surface.fill(part, mix(high, low, step / 7))
    surface.fill(box(x + wide / 2 - 0.008, top, x + wide / 2 + 0.008, top + 0.4), WHITE)
    surface.fill(box(x, top + 0.19, x + wide, top + 0.205), WHITE)


def frame(surface: Surface, x: float, dice: Random) -> None:
    top, wide, high = dice.uniform(0.05, 0.18), dice.uniform(0.14, 0.22), dice.uniform(0.16, 0.24)
    surface.fill(
        box(x, top, x + wide, top + high), named(dice.choice(("#8a6a50", "#f6f2ea", "#5a5560")))
    )
    first, last = named(dice.choice(CLOTHS)), named(dice.choice(WALLS))
    surface.fill(box(x + 0.02, top + 0.02, x + wide - 0.02, top + high - 0.02), last)
    with surface.part(
        box(x + 0.02, top + 0.02, x + wide - 0.02, top + high - 0.02), last, round_=0
    ) as inner:
        inner.fill(ellipse(x + wide * 0.3, top + high, wide * 0.5, high * 0.5), first)
        inner.fill(
            ellipse(x + wide * 0.7, top + high * 0.35, wide * 0.12, wide * 0.12),
            lighter(first, 0.4),
        )


def house_plant(surface: Surface, x: float, y: float, dice: Random) -> None:
    leaf = rolled(("#6f9a66", "#5d8a72", "#8fae6a"), dice)
    for number in range(9):
        angle = -2.6 + 2.1 * number / 8 + dice.uniform(-0.1, 0.1)
        reach = dice.uniform(0.2, 0.34)
        tip = (x + reach * math.cos(angle), y - 0.1 + reach * math.sin(angle))
        blade = ribbon(
            [(x, y - 0.1), ((x + tip[0]) / 2, (y - 0.14 + tip[1]) / 2), tip], (0.008, 0.032, 0.004)
        )
        surface.shape(blade, varied(leaf, dice), round_=0.5)
    pot = smooth(
        [(x - 0.09, y - 0.13), (x + 0.09, y - 0.13), (x + 0.065, y + 0.05), (x - 0.065, y + 0.05)]
    )
    surface.shape(pot, rolled(("#c98a68", "#e6ddd0", "#7f93a0"), dice))


def rug(surface: Surface, width: float, dice: Random) -> None:
    colour = rolled(CLOTHS, dice)
    middle = width * dice.uniform(0.4, 0.6)
    for ring in range(4):
        share = 1 - 0.22 * ring
        shade = colour if ring % 2 else lighter(colour, 0.45)
        surface.fill(ellipse(middle, 0.9, 0.62 * share, 0.13 * share), shade)


def plaid(surface: Surface, width: float, top: float, dice: Random) -> None:
    colour = rolled(CLOTHS, dice)
    left = dice.uniform(-0.2, width * 0.3)
    right = left + dice.uniform(0.8, 1.3)
    outline = smooth(
        [
            (left, top),
            ((left + right) / 2, top - 0.03),
            (right, top),
            (right + 0.12, 1.2),
            (left - 0.12, 1.2),
        ]
    )
    with surface.part(outline, lighter(colour, 0.2), round_=0.5) as inner:
        for number in range(12):
            x, y = left - 0.1 + number * 0.13, top + number * 0.1
            inner.fill(box(x, top - 0.1, x + 0.05, 1.2), darker(colour, 0.1), 0.4)
            inner.fill(box(left - 0.3, y, right + 0.3, y + 0.035), darker(colour, 0.1), 0.4)
