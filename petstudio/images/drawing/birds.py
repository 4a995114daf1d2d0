"""A budgie, perched or on the wing. A head has radius 1 and its middle at the origin."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from petstudio.images.drawing.colour import INK, WHITE, darker, lighter, mix
from petstudio.images.drawing.geometry import Corner, ellipse, path, ribbon, smooth
from petstudio.images.drawing.kinds import Colours
from petstudio.images.drawing.placing import Extent
from petstudio.images.drawing.surface import Surface


@dataclass(frozen=True, kw_only=True)
class Bird:
    colours: Colours
    tilt: float
    asleep: bool
    seed: int


@dataclass(frozen=True, kw_only=True)
class Pose:
    draw: Callable[[Surface, Bird], None]
    extent: Extent


def _perched(surface: Surface, bird: Bird) -> None:
    """From the side, on a branch."""
    colours = bird.colours
    tail = ribbon([(-1.0, 2.6), (-1.7, 4.0), (-2.1, 5.0)], (0.42, 0.3, 0.1))
    surface.shape(tail, colours.skin)
    surface.shape(ribbon([(-0.9, 2.7), (-1.5, 4.0)], (0.3, 0.16)), colours.base)
    body = smooth(path("-0.55,0.4 0.6,0.3 1.0,1.3 0.7,2.5 -0.2,3.2 -1.2,3.1 -1.15,1.6"))
    with surface.part(body, colours.base) as inner:
        inner.soft(ellipse(0.75, 1.5, 0.5, 1.0), lighter(colours.base, 0.4), 0.3, 0.6)
    _wing(surface.at(-0.75, 1.0, turn=0.18), bird)
    _branch(surface, bird)
    for x in (-0.25, 0.3):
        surface.shape(ellipse(x, 3.25, 0.2, 0.17), (201, 160, 152))
    _side_head(surface.at(0.1, 0, turn=bird.tilt), bird)


def _facing(surface: Surface, bird: Bird) -> None:
    """From the front, on a branch."""
    colours = bird.colours
    surface.shape(ribbon([(0, 2.6), (0.1, 4.6)], (0.3, 0.12)), colours.skin)
    body = smooth(path("-0.7,0.3 0.7,0.3 1.12,1.4 0.85,2.6 0,3.25 -0.85,2.6 -1.12,1.4"))
    with surface.part(body, colours.base) as inner:
        inner.soft(ellipse(0, 1.6, 0.5, 0.9), lighter(colours.base, 0.4), 0.3, 0.7)
    for side in (-1, 1):
        fold = [(side * 0.9, 0.8), (side * 1.12, 1.7), (side * 0.7, 2.9)]
        surface.shape(ribbon(fold, (0.12, 0.27, 0.06)), mix(colours.mark, colours.light, 0.35))
    _branch(surface, bird)
    for x in (-0.38, 0.38):
        surface.shape(ellipse(x, 3.22, 0.2, 0.17), (201, 160, 152))
    _front_head(surface.at(0, 0, turn=bird.tilt), bird)


def _flying(surface: Surface, bird: Bird) -> None:
    """Wings raised, from the side."""
    colours = bird.colours
    air = surface.at(0, 1.9, turn=0.1 - bird.tilt)
    _raised_wing(air.at(0.5, -0.1, turn=0.75, scale=0.92), bird, 0.3)
    air.shape(ribbon([(-1.2, 0.55), (-2.4, 1.25), (-3.4, 1.7)], (0.4, 0.34, 0.08)), colours.skin)
    air.shape(ribbon([(-1.2, 0.6), (-2.5, 1.15)], (0.34, 0.14)), colours.base)
    body = smooth(path("1.5,-0.9 1.75,0.0 0.9,0.75 -0.6,1.0 -1.8,0.85 -0.9,-0.1 0.5,-0.8"))
    with air.part(body, colours.base) as inner:
        inner.soft(ellipse(0.9, 0.6, 0.9, 0.35, -0.3), lighter(colours.base, 0.4), 0.3, 0.6)
    _side_head(air.at(1.55, -0.95, scale=0.85, turn=0.1 + bird.tilt), bird)
    _raised_wing(air.at(0.35, 0.05), bird, 0.0)


def _raised_wing(wing: Surface, bird: Bird, shade: float) -> None:
    colours = bird.colours
    for number in range(8):
        angle = 3.3 + 0.19 * number
        reach = 1.7 + 0.16 * number
        tip = (reach * math.cos(angle), reach * math.sin(angle))
        colour = mix(colours.light, colours.mark, 0.75 if number % 2 else 0.45)
        feather = ribbon([(0, 0), (tip[0] * 0.6, tip[1] * 0.6), tip], (0.2, 0.3, 0.14))
        wing.shape(feather, darker(colour, shade), round_=0.6)
    cover = smooth(path("0.45,0.25 0.3,-0.7 -0.25,-1.35 -0.75,-0.9 -0.95,-0.25 -0.4,0.3"))
    wing.shape(cover, darker(colours.base, shade))


def _wing(wing: Surface, bird: Bird) -> None:
    colours = bird.colours
    outline = smooth(path("-0.2,-0.1 0.55,0.0 0.7,0.9 0.2,2.0 -0.6,2.7 -0.6,1.2"))
    with wing.part(outline, mix(colours.light, colours.base, 0.25)) as inner:
        for row in range(6):
            for column in range(4):
                x, y = -0.75 + column * 0.42 + 0.2 * (row % 2), 0.05 + row * 0.36
                scale = [(x, y), (x + 0.2, y + 0.26), (x + 0.4, y)]
                inner.stroke(scale, colours.mark, 0.16, 0.85)
        for number in range(3):
            quill = [(-0.1 + 0.2 * number, 1.7), (-0.5 + 0.1 * number, 2.8)]
            inner.fill(ribbon(quill, (0.1, 0.06)), colours.mark, 0.8)


def _side_head(head: Surface, bird: Bird) -> None:
    colours = bird.colours
    with head.part(ellipse(0, 0, 0.96, 0.92), colours.light) as inner:
        inner.soft(ellipse(0, 1.0, 1.2, 0.4), colours.base, 0.2)
        for number in range(6):
            x = -0.18 - 0.13 * number
            bar = [(x, -1.0), (x - 0.12, -0.3), (x + 0.05, 0.5)]
            inner.stroke(bar, colours.mark, 0.085, 0.8)
        inner.fill(ellipse(0.12, 0.5, 0.22, 0.16), colours.skin)
        for x in (0.35, 0.62):
            inner.fill(ellipse(x, 0.68, 0.09, 0.09), colours.mark)
    head.shape(ellipse(0.84, -0.06, 0.2, 0.15), lighter(colours.skin, 0.3), round_=0.5)
    beak = smooth(path("0.74,-0.02 1.05,0.0 1.16,0.3 0.98,0.52 0.9,0.3 0.72,0.25"))
    head.shape(beak, (232, 186, 104))
    _eye(head.at(0.38, -0.16), bird)


def _front_head(head: Surface, bird: Bird) -> None:
    colours = bird.colours
    with head.part(ellipse(0, 0, 0.95, 0.92), colours.light) as inner:
        inner.soft(ellipse(0, 1.05, 1.2, 0.35), colours.base, 0.2)
        for side in (-1, 1):
            for number in range(4):
                y = -0.75 + 0.2 * number
                bar = [(side * 0.5, y - 0.12), (side * 0.75, y), (side * 1.0, y + 0.02)]
                inner.stroke(bar, colours.mark, 0.08, 0.8)
            inner.fill(ellipse(side * 0.5, 0.5, 0.2, 0.15), colours.skin)
            inner.fill(ellipse(side * 0.24, 0.72, 0.08, 0.08), colours.mark)
    beak = smooth(path("-0.2,0.08 0,0.0 0.2,0.08 0.16,0.32 0,0.52 -0.16,0.32"))
    head.shape(beak, (232, 186, 104))
    head.shape(ellipse(0, 0.05, 0.23, 0.11), lighter(colours.skin, 0.3), round_=0.5)
    for side in (-1, 1):
        _eye(head.at(side * 0.46, -0.12), bird)


def _eye(eye: Surface, bird: Bird) -> None:
    if bird.asleep:
        eye.stroke([(-0.17, 0), (0, 0.09), (0.17, 0)], INK, 0.08)
        return
    eye.fill(ellipse(0, 0, 0.19, 0.19), lighter(bird.colours.light, 0.5))
    eye.fill(ellipse(0, 0, 0.145, 0.145), bird.colours.eye)
    eye.fill(ellipse(0.05, -0.06, 0.05, 0.05), WHITE)


def _branch(surface: Surface, bird: Bird) -> None:
    dice = Random(bird.seed)
    bark = dice.choice(((141, 104, 78), (168, 132, 98), (120, 108, 104)))
    rise = dice.uniform(-0.3, 0.3)
    line: list[Corner] = [(-4.0, 3.4 + rise), (-1.0, 3.45), (1.5, 3.42), (4.0, 3.4 - rise)]
    surface.shape(ribbon(line, (0.2, 0.17, 0.19, 0.14)), bark)
    for _ in range(3):
        x = dice.choice((-1, 1)) * dice.uniform(1.6, 3.4)
        leaf = surface.at(x, 3.4, turn=dice.uniform(-0.9, 0.9))
        leaf.shape(smooth([(0, 0), (0.25, -0.4), (0, -0.95), (-0.25, -0.4)]), (126, 168, 104))


POSES: Final = (
    Pose(draw=_perched, extent=Extent(left=-1.7, top=-0.95, right=1.3, foot=4.3)),
    Pose(draw=_facing, extent=Extent(left=-1.4, top=-0.95, right=1.4, foot=3.8)),
    Pose(draw=_flying, extent=Extent(left=-2.6, top=-0.8, right=2.5, foot=3.4)),
)
