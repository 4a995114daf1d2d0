"""A turtle from the side or from above. Its shell is about 2 long to each side of the origin."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from petstudio.images.drawing.colour import INK, WHITE, darker, lighter, mix
from petstudio.images.drawing.geometry import Points, ellipse, path, ribbon, smooth
from petstudio.images.drawing.kinds import Colours
from petstudio.images.drawing.placing import Extent
from petstudio.images.drawing.surface import Surface


@dataclass(frozen=True, kw_only=True)
class Turtle:
    """`dome` of 0 is a flat shell, 1 a high one; `stretch` is how far the neck is out."""

    colours: Colours
    dome: float
    stretch: float
    asleep: bool


WALKING: Final = Extent(left=-2.2, top=-1.6, right=3.0, foot=1.4)
FROM_ABOVE: Final = Extent(left=-2.3, top=-2.0, right=2.8, foot=2.0)


def walking(surface: Surface, turtle: Turtle) -> None:
    """From the side, looking to the right; its feet stand at y = 1.4."""
    colours = turtle.colours
    for x in (-0.75, 1.35):
        surface.shape(ribbon([(x, 0.5), (x + 0.12, 1.12)], (0.34, 0.3)), darker(colours.skin, 0.2))
    surface.shape(ribbon([(-1.7, 0.6), (-2.3, 0.85)], (0.22, 0.04)), colours.skin)
    _side_head(surface, turtle)
    for x in (-1.25, 0.95):
        with surface.part(ribbon([(x, 0.5), (x, 1.12)], (0.42, 0.36)), colours.skin) as leg:
            _freckles(leg, turtle, x, 0.9)
        for toe in (-0.2, 0.0, 0.2):
            surface.fill(ellipse(x + toe, 1.38, 0.08, 0.07), colours.light)
    _shell_from_side(surface, turtle)


def _shell_from_side(surface: Surface, turtle: Turtle) -> None:
    colours = turtle.colours
    top = -1.15 - 0.5 * turtle.dome
    crown = [(-0.8, top * 0.9), (0.2, top), (1.2, top * 0.72)]
    ends = [(1.85, -0.1), (2.0, 0.5), (0.0, 0.75), (-2.0, 0.5), (-1.7, -0.4)]
    with surface.part(smooth([*crown, *ends]), colours.base, round_=1.3) as inner:
        for number, share in enumerate((0.52, 0.64, 0.68, 0.6, 0.4)):
            _plate(inner, -1.55 + 0.78 * number, top * share, 0.36, turtle)
            _plate(inner, -1.9 + 0.95 * number, 0.0, 0.34, turtle)
    rim = [(-2.05, 0.52), (0, 0.76), (2.05, 0.52)]
    surface.shape(ribbon(rim, (0.15, 0.19, 0.15)), colours.light)


def from_above(surface: Surface, turtle: Turtle) -> None:
    """Swimming or resting, seen from above, looking to the right."""
    colours = turtle.colours
    for side in (-1, 1):
        front = [(1.1, side * 0.9), (1.7, side * 1.6), (1.3, side * 2.3)]
        surface.shape(ribbon(front, (0.3, 0.36, 0.1)), colours.skin)
        rear = [(-1.2, side * 0.8), (-1.9, side * 1.25), (-2.2, side * 1.5)]
        surface.shape(ribbon(rear, (0.28, 0.3, 0.12)), colours.skin)
    surface.shape(ribbon([(-1.7, 0), (-2.5, 0.1)], (0.2, 0.03)), colours.skin)
    neck = 1.9 + 0.5 * turtle.stretch
    surface.shape(ribbon([(1.4, 0), (neck, 0)], (0.35, 0.4)), colours.skin)
    with surface.part(ellipse(neck + 0.25, 0, 0.62, 0.52), colours.skin) as head:
        _freckles(head, turtle, neck, 0.0)
    for side in (-1, 1):
        _eye(surface.at(neck + 0.5, side * 0.3, scale=0.85), turtle)
    high = 1.35 + 0.2 * turtle.dome
    with surface.part(ellipse(0, 0, 1.95, high), colours.light) as inner:
        inner.fill(ellipse(0, 0, 1.8, high - 0.15), colours.base)
        for x in (-1.15, -0.05, 1.05):
            _plate(inner, x, 0, 0.55, turtle)
            for side in (-1, 1):
                _plate(inner, x + 0.1, side * 0.92, 0.42, turtle)
        inner.soft(ellipse(-0.4, -0.5, 0.8, 0.4), WHITE, 0.4, 0.2)


def _side_head(surface: Surface, turtle: Turtle) -> None:
    colours = turtle.colours
    x, y = 2.15 + 0.45 * turtle.stretch, -0.35 - 0.45 * turtle.stretch
    surface.shape(ribbon([(1.3, 0.35), (1.8, 0.2), (x, y + 0.1)], (0.36, 0.34, 0.36)), colours.skin)
    head = surface.at(x + 0.15, y)
    with head.part(
        smooth(path("-0.5,-0.25 0,-0.56 0.5,-0.4 0.72,0.05 0.5,0.38 -0.2,0.45 -0.55,0.2")),
        colours.skin,
    ) as inner:
        inner.soft(ellipse(0.1, 0.45, 0.7, 0.2), colours.light, 0.15, 0.8)
        _freckles(inner, turtle, -0.3, -0.25)
    head.stroke([(0.68, 0.16), (0.42, 0.24), (0.16, 0.14)], darker(colours.mark, 0.4), 0.06)
    head.soft(ellipse(0.1, 0.16, 0.12, 0.09), (236, 140, 130), 0.08, 0.5)
    _eye(head.at(0.32, -0.12), turtle)


def _eye(eye: Surface, turtle: Turtle) -> None:
    if turtle.asleep:
        eye.stroke([(-0.15, 0), (0, 0.08), (0.15, 0)], INK, 0.07)
        return
    eye.fill(ellipse(0, 0, 0.19, 0.2), lighter(turtle.colours.light, 0.6))
    eye.fill(ellipse(0.03, 0, 0.14, 0.16), turtle.colours.eye)
    eye.fill(ellipse(0.08, -0.07, 0.055, 0.055), WHITE)


def _freckles(surface: Surface, turtle: Turtle, x: float, y: float) -> None:
    colour = mix(turtle.colours.skin, turtle.colours.mark, 0.6)
    for dx, dy, size in ((0, 0, 0.09), (0.22, -0.14, 0.07), (-0.12, 0.2, 0.06), (0.2, 0.16, 0.05)):
        surface.fill(ellipse(x + dx, y + dy, size, size), colour)


def _plate(surface: Surface, x: float, y: float, size: float, turtle: Turtle) -> None:
    colours = turtle.colours
    surface.fill(_hexagon(x, y, size), darker(colours.mark, 0.15))
    surface.fill(_hexagon(x, y, size * 0.84), mix(colours.mark, colours.base, 0.35))
    surface.fill(
        _hexagon(x - size * 0.06, y - size * 0.08, size * 0.5), lighter(colours.base, 0.15)
    )


def _hexagon(x: float, y: float, size: float) -> Points:
    corners = [
        (x + size * math.cos(math.pi / 3 * turn), y + size * 0.92 * math.sin(math.pi / 3 * turn))
        for turn in range(6)
    ]
    return smooth(corners)
