"""How a coat's second colour lies on head, body and limbs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from random import Random

import numpy as np

from petstudio.images.drawing.colour import Colour, mix
from petstudio.images.drawing.geometry import (
    Points,
    along,
    ellipse,
    mirrored,
    ribbon,
    smooth,
    tufted,
)
from petstudio.images.drawing.kinds import Colours, Pattern
from petstudio.images.drawing.surface import Surface


class Part(Enum):
    BODY = "body"
    LEG = "leg"
    TAIL = "tail"


@dataclass(frozen=True, kw_only=True)
class Region:
    """Where a coat is painted: along a guide line, up to `breadth` to both sides of it.

    On a body seen from the front the guide runs down the chest; else it runs along the back.
    """

    part: Part
    guide: Points
    breadth: float
    front: bool = False


@dataclass(frozen=True, kw_only=True)
class Coat:
    """The coat of one animal in one picture; `seed` places its marks."""

    pattern: Pattern
    colours: Colours
    seed: int
    boldness: float = 1.0

    @property
    def mark(self) -> Colour:
        """The colour of the marks: bold ones are clear, faint ones are close to the coat."""
        return mix(self.colours.base, self.colours.mark, self.boldness)

    def colour(self, part: Part) -> Colour:
        """The colour that the part has before its marks are painted."""
        pattern, colours = self.pattern, self.colours
        if pattern is Pattern.SADDLE:
            return colours.base if part is Part.TAIL else colours.light
        if pattern is Pattern.POINTS:
            return self.mark if part is Part.TAIL else colours.base
        if pattern is Pattern.BLAZE and part is Part.LEG:
            return colours.light
        return colours.base

    @property
    def ear(self) -> Colour:
        colours = self.colours
        match self.pattern:
            case Pattern.POINTS:
                return self.mark
            case Pattern.SADDLE:
                return mix(colours.base, colours.mark, 0.35)
            case Pattern.SPOTS:
                dark = Random(self.seed).random() < 0.5
                return self.mark if dark else colours.base
            case _:
                return colours.base

    def paint(self, surface: Surface, region: Region) -> None:
        """Paint the marks of a part; the surface must be cut to the part's outline."""
        dice = Random(f"{self.seed} {region.part.value}")
        match self.pattern:
            case Pattern.TABBY:
                _bars(surface, region, self.mark, dice)
            case Pattern.POINTS:
                _dark_end(surface, region, self.mark)
            case Pattern.SADDLE:
                _saddle(surface, region, self, dice)
            case Pattern.SPOTS:
                _spots(surface, region, self.mark, dice)
            case Pattern.PATCHES:
                _patches(surface, region, self, dice)
            case Pattern.BACK:
                _back(surface, region, self)
            case Pattern.BLAZE:
                _collar(surface, region, self)
            case Pattern.PLAIN:
                pass

    def paint_head(self, surface: Surface) -> None:
        """Paint the marks of a head of radius 1 at the origin."""
        dice = Random(f"{self.seed} head")
        match self.pattern:
            case Pattern.TABBY:
                _tabby_head(surface, self.mark)
            case Pattern.POINTS:
                surface.soft(ellipse(0, 0.36, 0.58, 0.62), self.mark, 0.3, 1.0)
            case Pattern.SADDLE:
                surface.fill(_blaze(0.16), self.colours.light)
            case Pattern.SPOTS:
                _head_spots(surface, self.mark, dice)
            case Pattern.PATCHES:
                _head_patches(surface, self, dice)
            case Pattern.BACK:
                surface.soft(ellipse(0, -0.75, 0.3, 0.55), self.mark, 0.2, 0.7)
            case Pattern.BLAZE:
                surface.fill(_blaze(0.22), self.colours.light)
            case Pattern.PLAIN:
                pass


def _bars(surface: Surface, region: Region, mark: Colour, dice: Random) -> None:
    count = {Part.BODY: 6, Part.TAIL: 6, Part.LEG: 4}[region.part]
    width = region.breadth * (0.15 if region.part is Part.BODY else 0.32)
    for number in range(count):
        share = (number + 0.6 + dice.uniform(-0.15, 0.15)) / count
        point, normal = along(region.guide, share)
        lean = dice.uniform(-0.12, 0.12) * region.breadth
        for side in (-1, 1):
            near = 0.5 if region.front else 0.0
            start, middle, end = (
                point + normal * side * region.breadth * reach
                for reach in (near, near + 0.45, near + dice.uniform(0.75, 1.0))
            )
            bend = normal[::-1] * lean
            corners = [tuple(start), tuple(middle + bend), tuple(end)]
            surface.fill(ribbon(corners, (width * 0.5, width * 0.55, 0.02)), mark, 0.9)


def _dark_end(surface: Surface, region: Region, mark: Colour) -> None:
    if region.part is Part.LEG:
        point, _ = along(region.guide, 1.0)
        size = region.breadth * 2.6
        surface.soft(ellipse(point[0], point[1], size, size), mark, region.breadth * 1.2, 0.95)
    elif region.part is Part.BODY and not region.front:
        outline = ribbon(region.guide, (region.breadth * 0.3,))
        surface.soft(outline, mix(mark, (255, 255, 255), 0.45), region.breadth * 0.4, 0.35)


def _saddle(surface: Surface, region: Region, coat: Coat, dice: Random) -> None:
    reach = region.breadth
    if region.part is Part.TAIL:
        point, _ = along(region.guide, 1.0)
        surface.soft(ellipse(point[0], point[1], reach * 2, reach * 2), coat.colours.light, 0.1)
    if region.part is not Part.BODY:
        return
    inner = reach * dice.uniform(0.45, 0.6)
    for colour, width in ((coat.colours.base, reach * 0.95), (coat.mark, reach * 0.6)):
        if not region.front:
            surface.fill(ribbon(region.guide, (width * 0.5, width, width * 0.9)), colour)
            continue
        for side in (-1, 1):
            shift = side * (inner + reach - width * 0.4)
            spine = region.guide + np.array((shift, 0.0))
            surface.fill(ribbon(spine, (width * 0.4, width * 0.65, width * 0.7)), colour)


def _spots(surface: Surface, region: Region, mark: Colour, dice: Random) -> None:
    count = {Part.BODY: 17, Part.TAIL: 5, Part.LEG: 5}[region.part]
    top = 0.17 if region.part is Part.BODY else 0.42
    for number in range(count):
        point, normal = along(region.guide, (number + dice.random()) / count)
        x, y = point + normal * region.breadth * dice.uniform(-1.0, 1.0)
        size = region.breadth * dice.uniform(0.4, 1.0) * top
        surface.fill(ellipse(x, y, size, size * dice.uniform(0.7, 1.0), dice.random() * 3), mark)


def _patches(surface: Surface, region: Region, coat: Coat, dice: Random) -> None:
    if region.part is not Part.BODY:
        return
    colours = (coat.colours.light, coat.mark, coat.colours.light)
    start = dice.uniform(0.0, 0.25)
    for number, colour in enumerate(colours):
        point, normal = along(region.guide, start + 0.32 * number)
        x, y = point + normal * region.breadth * dice.uniform(-0.6, 0.6)
        outline = ellipse(x, y, region.breadth * 0.62, region.breadth * dice.uniform(0.6, 1.0))
        surface.fill(tufted(outline, region.breadth * 0.14, dice), colour)


def _back(surface: Surface, region: Region, coat: Coat) -> None:
    reach = region.breadth
    if region.part is not Part.BODY:
        return
    if region.front:
        outline = ribbon(region.guide, (reach * 0.45, reach * 0.6, reach * 0.55))
        surface.soft(outline, coat.colours.light, reach * 0.15)
        return
    surface.soft(ribbon(region.guide, (reach * 0.12,)), coat.mark, reach * 0.12, 0.8)
    belly = region.guide + np.array((0.0, reach * 1.15))
    surface.soft(ribbon(belly, (reach * 0.3,)), coat.colours.light, reach * 0.2)


def _collar(surface: Surface, region: Region, coat: Coat) -> None:
    if region.part is Part.BODY:
        point, normal = along(region.guide, 0.0 if region.front else 0.85)
        ends = (
            tuple(point - normal * region.breadth * 2),
            tuple(point + normal * region.breadth * 2),
        )
        surface.fill(ribbon(ends, (region.breadth * 0.42,)), coat.colours.light)


def _blaze(width: float) -> Points:
    return mirrored(
        [(0.0, -1.1), (width * 0.6, -0.9), (width, -0.2), (0.5, 0.25), (0.62, 0.7), (0.0, 1.1)]
    )


def _tabby_head(surface: Surface, mark: Colour) -> None:
    for side in (-1, 1):
        for x, top, low in ((0.0, -0.95, -0.45), (0.22, -0.9, -0.42), (0.42, -0.8, -0.5)):
            brow = ((side * x * 1.15, top), (side * x, low))
            surface.fill(ribbon(brow, (0.07, 0.075, 0.02)), mark, 0.9)
        for y, rise in ((0.12, -0.12), (0.36, 0.0), (0.58, 0.1)):
            cheek = ((side * 1.15, y + rise), (side * 0.88, y + rise * 0.5), (side * 0.66, y))
            surface.fill(ribbon(cheek, (0.075, 0.06, 0.015)), mark, 0.9)


def _head_spots(surface: Surface, mark: Colour, dice: Random) -> None:
    for _ in range(11):
        x, y = dice.uniform(-0.95, 0.95), dice.uniform(-0.95, 0.7)
        size = dice.uniform(0.06, 0.14)
        surface.fill(ellipse(x, y, size, size * dice.uniform(0.7, 1.0), dice.random() * 3), mark)


def _head_patches(surface: Surface, coat: Coat, dice: Random) -> None:
    side = dice.choice((-1, 1))
    surface.fill(tufted(_half_mask(side), 0.07, dice), coat.mark)
    surface.fill(_blaze(dice.uniform(0.12, 0.25)), coat.colours.light)


def _half_mask(side: int) -> Points:
    corners = [(0.05, -1.2), (1.3, -1.2), (1.3, 0.5), (0.6, 0.45), (0.1, 0.0)]
    return smooth([(side * x, y) for x, y in corners])
