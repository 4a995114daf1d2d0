"""A goldfish seen from the side. Its body is about 2 long to each side of the origin."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from petstudio.images.drawing.colour import INK, WHITE, darker, lighter, mix
from petstudio.images.drawing.geometry import Corner, ellipse, smooth
from petstudio.images.drawing.kinds import Colours, Pattern
from petstudio.images.drawing.placing import Extent
from petstudio.images.drawing.surface import Surface


@dataclass(frozen=True, kw_only=True)
class Fish:
    """`plump` of 0 is a slim comet, 1 a round fantail; `sway` bends the tail."""

    colours: Colours
    pattern: Pattern
    plump: float
    sway: float
    seed: int


FISH_EXTENT: Final = Extent(left=-2.7, top=-1.6, right=1.9, foot=1.6)


def swimming(surface: Surface, fish: Fish) -> None:
    """The whole fish, looking to the right."""
    colours = fish.colours
    high = 0.85 + 0.4 * fish.plump
    _tail(surface, fish)
    back = [(0.7, -high * 0.85), (0.3, -high * 1.5), (-0.8, -high * 1.35), (-1.0, -high * 0.5)]
    _fin(surface, back, fish)
    belly = [(-0.5, high * 0.7), (-1.1, high * 1.45), (-1.35, high * 0.9), (-1.0, high * 0.45)]
    _fin(surface, belly, fish)
    body = smooth(
        [
            (1.75, 0.05),
            (1.2, -high * 0.72),
            (0.2, -high),
            (-1.0, -high * 0.6),
            (-1.7, -0.1),
            (-1.0, high * 0.6),
            (0.2, high),
            (1.25, high * 0.72),
        ]
    )
    with surface.part(body, colours.base, round_=1.2) as inner:
        inner.soft(ellipse(0.1, high, 1.5, high * 0.55), colours.light, 0.25, 0.9)
        _marks(inner, fish)
        _scales(inner, fish)
    _fin(surface, [(0.55, 0.25), (0.0, 0.4), (-0.45, 0.95), (0.2, 0.85)], fish)
    _face(surface, fish)


def _tail(surface: Surface, fish: Fish) -> None:
    sway, long = fish.sway * 0.3, 1.0 + 0.35 * fish.plump
    for up in (-1, 1):
        lobe: list[Corner] = [
            (-1.4, -0.15 * up),
            (-2.2, up * 0.75 + sway),
            (-1.9 - 1.3 * long, up * 1.25 + sway),
            (-1.9 - 0.9 * long, up * 0.6 + sway),
            (-2.3, up * 0.08 + sway * 0.6),
        ]
        _fin(surface, lobe, fish)


def _fin(surface: Surface, corners: list[Corner], fish: Fish) -> None:
    colours = fish.colours
    fin = smooth(corners)
    with surface.part(fin, mix(colours.skin, colours.base, 0.35), round_=0.8) as inner:
        root = corners[0]
        for tip in corners[1:]:
            for bend in (-0.15, 0.15):
                end = (tip[0] + bend, tip[1] + bend)
                inner.stroke([root, end], lighter(colours.skin, 0.45), 0.06, 0.6)


def _marks(inner: Surface, fish: Fish) -> None:
    dice = Random(fish.seed)
    if fish.pattern is Pattern.PLAIN:
        inner.soft(ellipse(0, -1.1, 1.4, 0.5), fish.colours.mark, 0.3, 0.7)
        return
    large = fish.pattern is Pattern.PATCHES
    for _ in range(5 if large else 12):
        size = dice.uniform(0.3, 0.6) if large else dice.uniform(0.08, 0.18)
        spot = ellipse(dice.uniform(-1.5, 1.5), dice.uniform(-1, 0.6), size * 1.3, size)
        inner.soft(spot, fish.colours.mark, 0.08 if large else 0.03, 0.9)


def _scales(inner: Surface, fish: Fish) -> None:
    colour = darker(fish.colours.base, 0.25)
    for row in range(5):
        for column in range(5):
            x, y = -1.2 + column * 0.42 + 0.21 * (row % 2), -0.62 + row * 0.32
            inner.stroke([(x, y), (x - 0.14, y + 0.16), (x, y + 0.32)], colour, 0.05, 0.45)


def _face(surface: Surface, fish: Fish) -> None:
    gill = [(0.78, -0.45), (0.6, 0.05), (0.78, 0.5)]
    surface.stroke(gill, darker(fish.colours.base, 0.45), 0.07, 0.6)
    surface.stroke([(1.72, 0.16), (1.55, 0.26), (1.4, 0.24)], darker(fish.colours.mark, 0.5), 0.07)
    large = 0.24 + 0.06 * fish.plump
    surface.shape(ellipse(1.12, -0.16, large, large), lighter(fish.colours.light, 0.5), round_=0.5)
    surface.fill(ellipse(1.15, -0.16, large * 0.65, large * 0.65), INK)
    surface.fill(ellipse(1.21, -0.24, large * 0.25, large * 0.25), WHITE)
