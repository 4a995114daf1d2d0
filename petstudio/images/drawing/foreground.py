"""Things in front of a pet, and the glass of a fish bowl; units as in `scenes`."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import Final

from petstudio.images.drawing.colour import WHITE, darker, lighter, named, varied
from petstudio.images.drawing.furnishings import cushion
from petstudio.images.drawing.geometry import box, ellipse, ribbon, smooth
from petstudio.images.drawing.surface import Surface
from petstudio.images.drawing.tints import rolled

Cover = Callable[[Surface, float, Random], None]


def grass(surface: Surface, width: float, dice: Random) -> None:
    """Blades along the lower edge."""
    colour = named(dice.choice(("#6f9a52", "#88a85a", "#5f8a62", "#a5a45a")))
    high = dice.uniform(0.12, 0.3)
    for _ in range(round(34 * width)):
        x, bend = dice.uniform(-0.05, width + 0.05), dice.uniform(-0.08, 0.08)
        top = 1.0 - high * dice.uniform(0.5, 1.1)
        blade = [(x, 1.05), (x + bend * 0.4, (1.0 + top) / 2), (x + bend, top)]
        surface.fill(ribbon(blade, (0.02, 0.016, 0.003)), varied(colour, dice))


def pillow(surface: Surface, width: float, dice: Random) -> None:
    """A cushion at a lower corner."""
    size = dice.uniform(0.2, 0.3)
    x = dice.choice((dice.uniform(0.0, 0.25), width - dice.uniform(0.0, 0.25)))
    cushion(surface.at(x, 1.0 - size * 0.45, turn=dice.uniform(-0.4, 0.4)), size, dice)


def flower_pot(surface: Surface, width: float, dice: Random) -> None:
    """A pot with a plant, at one side."""
    x, y = dice.choice((0.14, width - 0.14)) + dice.uniform(-0.06, 0.1), 0.86
    leaf = named(dice.choice(("#5f8f5a", "#7fa562", "#4f8270")))
    for _ in range(11):
        angle = dice.uniform(-2.8, -0.35)
        reach = dice.uniform(0.18, 0.36)
        middle = (x + reach * 0.55 * math.cos(angle), y + reach * 0.6 * math.sin(angle))
        tip = (x + reach * math.cos(angle), y + reach * math.sin(angle))
        surface.shape(ribbon([(x, y), middle, tip], (0.008, 0.034, 0.004)), varied(leaf, dice))
    clay = rolled(("#c98560", "#e3d7c8", "#7c91a3", "#b9a1c4"), dice)
    pot = smooth([(x - 0.14, 0.84), (x + 0.14, 0.84), (x + 0.1, 1.1), (x - 0.1, 1.1)])
    surface.shape(pot, clay)
    surface.shape(ribbon([(x - 0.14, 0.85), (x + 0.14, 0.85)], (0.035,)), lighter(clay, 0.15))


def bars(surface: Surface, width: float, dice: Random) -> None:
    """The bars of a bed or a cage."""
    wood = dice.random() < 0.6
    colour = varied(named("#d9b58a" if wood else "#b9bec6"), dice)
    thick = 0.02 if wood else 0.009
    step = dice.uniform(0.2, 0.28) if wood else dice.uniform(0.12, 0.17)
    start = dice.uniform(0.0, step)
    for number in range(math.ceil(width / step) + 1):
        x = start + number * step
        surface.shape(box(x - thick, -0.1, x + thick, 1.1), colour, round_=0.8)
    y = dice.choice((0.06, 0.92))
    surface.shape(box(-0.1, y - thick * 1.3, width + 0.1, y + thick * 1.3), lighter(colour, 0.1))


def blanket(surface: Surface, width: float, dice: Random) -> None:
    """A blanket over the lower part."""
    colour = varied(
        named(dice.choice(("#d98a80", "#7d9cc0", "#8fb398", "#e3bd7a", "#b59cc4"))), dice
    )
    top = dice.uniform(0.75, 0.86)
    edge = [(width * i / 5, top + dice.uniform(-0.04, 0.04)) for i in range(6)]
    outline = smooth([(-0.3, 1.3), (-0.2, top), *edge, (width + 0.2, top), (width + 0.3, 1.3)])
    with surface.part(outline, colour) as inner:
        for number in range(12):
            x = width * number / 11
            inner.stroke([(x, top - 0.1), (x + 0.06, 1.1)], lighter(colour, 0.4), 0.02, 0.6)
    surface.stroke(edge, lighter(colour, 0.5), 0.035)


def carton(surface: Surface, width: float, dice: Random) -> None:
    """The front of a cardboard box."""
    colour = varied(named("#c9a273"), dice)
    top, left = dice.uniform(0.75, 0.86), width * dice.uniform(0.05, 0.2)
    right = width - width * dice.uniform(0.05, 0.2)
    for x, lean in ((left, -0.12), (right, 0.12)):
        flap = box(-0.01, 0, 0.16, 0.02)
        surface.at(x, top, turn=math.pi / 2 + lean * 3).fill(flap, darker(colour, 0.2))
    surface.shape(box(left, top, right, 1.2), colour, round_=0.5)
    surface.fill(
        box((left + right) / 2 - 0.05, top, (left + right) / 2 + 0.05, 1.2), lighter(colour, 0.3)
    )


def leaves(surface: Surface, width: float, dice: Random) -> None:
    """A branch close to the camera, out of focus."""
    colour = rolled(("#5f8f5a", "#8aa860", "#c98a5a", "#4f7f78"), dice)
    side = dice.choice((0.0, width))
    for _ in range(9):
        x, y = side + dice.uniform(-0.22, 0.22), dice.uniform(0.0, 1.0)
        turn = dice.uniform(0, 2 * math.pi)
        tip = (x + 0.2 * math.cos(turn), y + 0.2 * math.sin(turn))
        leaf = ribbon([(x, y), ((x + tip[0]) / 2, (y + tip[1]) / 2), tip], (0.01, 0.055, 0.005))
        surface.soft(leaf, varied(colour, dice), 0.012, 0.92)


def bowl_back(surface: Surface, size: float, dice: Random) -> None:
    """The water of a bowl around the origin, drawn before the fish."""
    tint = rolled(("#a9d6e2", "#b9dcd0", "#c3d3ea"), dice)
    surface.soft(ellipse(0, size * 0.98, size * 0.9, size * 0.12), (60, 50, 60), size * 0.1, 0.45)
    with surface.part(ellipse(0, 0, size, size * 0.96), lighter(tint, 0.5), round_=0.4) as inner:
        inner.fill(box(-size, -size * 0.5, size, size), tint)
        for _ in range(26):
            stone = (dice.uniform(-0.7, 0.7) * size, dice.uniform(0.76, 0.95) * size)
            grey = rolled(("#cdbfae", "#a8b0b8", "#e2cfa8", "#d99f8a"), dice)
            inner.fill(ellipse(*stone, size * 0.08, size * 0.06), grey)
        for side in (-1, 1):
            foot = side * size * dice.uniform(0.4, 0.65)
            stem = [(foot, size * 0.8), (foot * 1.15, 0.1 * size), (foot, -0.35 * size)]
            inner.shape(ribbon(stem, (0.03 * size, 0.05 * size, 0.01 * size)), (112, 168, 106))


def bowl_front(surface: Surface, size: float) -> None:
    """The gleam and rim of a bowl, drawn over the fish."""
    surface.stroke(
        [(-size, -size * 0.5), (0, -size * 0.46), (size, -size * 0.5)], WHITE, size * 0.05, 0.5
    )
    gleam = [(-size * 0.82, -size * 0.2), (-size * 0.86, size * 0.1), (-size * 0.7, size * 0.5)]
    surface.stroke(gleam, WHITE, size * 0.11, 0.65)
    surface.fill(ellipse(-size * 0.6, -size * 0.34, size * 0.06, size * 0.08, 0.6), WHITE, 0.6)
    rim = ellipse(0, -size * 0.93, size * 0.55, size * 0.09)
    surface.fill(rim, WHITE, 0.55)
    surface.fill(ellipse(0, -size * 0.92, size * 0.48, size * 0.055), (190, 214, 222), 0.8)


COVERS: Final[tuple[Cover, ...]] = (grass, pillow, flower_pot, bars, blanket, carton, leaves)
