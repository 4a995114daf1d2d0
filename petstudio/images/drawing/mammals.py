"""Bodies of the furry pets in several poses. The ground lies at y = 3; a head has radius 1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from petstudio.images.drawing.builds import (
    BUILDS,
    Build,
    lying_extent,
    portrait_extent,
    sitting_extent,
    standing_extent,
)
from petstudio.images.drawing.coats import Coat, Part, Region
from petstudio.images.drawing.colour import Colour, darker, lighter
from petstudio.images.drawing.faces import Face, Mood
from petstudio.images.drawing.geometry import (
    Corner,
    Points,
    ellipse,
    mirrored,
    path,
    ribbon,
    smooth,
    tufted,
)
from petstudio.images.drawing.heads import draw_head
from petstudio.images.drawing.kinds import Animal, Pattern
from petstudio.images.drawing.placing import Extent
from petstudio.images.drawing.surface import Surface


@dataclass(frozen=True, kw_only=True)
class Mammal:
    """One furry pet as it is in one picture."""

    face: Face
    tilt: float
    seed: int

    @property
    def build(self) -> Build:
        return BUILDS[self.face.animal]

    @property
    def coat(self) -> Coat:
        return self.face.coat


@dataclass(frozen=True, kw_only=True)
class Pose:
    """One way to hold a body, and how far the body of a build then reaches."""

    draw: Callable[[Surface, Mammal], None]
    extent: Callable[[Build], Extent]


def _portrait(surface: Surface, mammal: Mammal) -> None:
    """Head and shoulders, close."""
    shoulders = mirrored(path("0,0.5 0.7,0.7 1.25,1.5 1.5,2.6 1.6,3.6 0,3.8"))
    guide = smooth([(0, 0.9), (0, 3.4)], closed=False)
    _body(surface, mammal, shoulders, Region(part=Part.BODY, guide=guide, breadth=1.45, front=True))
    _head(surface, mammal, 0, 0, 1.12)


def _sitting(surface: Surface, mammal: Mammal) -> None:
    """The whole animal from the front."""
    wide = mammal.build.girth
    _tail(surface, mammal, (-0.9 * wide, 2.55), 1.0)
    for side in (-1, 1):
        haunch = ellipse(side * 1.0 * wide, 2.35, 0.55, 0.62)
        surface.shape(haunch, darker(mammal.coat.colour(Part.BODY), 0.06))
    trunk = mirrored(
        [(0, 0.4), (0.6, 0.7), (0.95 * wide, 1.4), (1.3 * wide, 2.3), (1.0 * wide, 2.85), (0, 2.95)]
    )
    guide = smooth([(0, 0.9), (0, 2.8)], closed=False)
    region = Region(part=Part.BODY, guide=guide, breadth=1.15 * wide, front=True)
    _body(surface, mammal, trunk, region)
    for side in (-1, 1):
        foot = ellipse(side * 1.02 * wide, 2.82, 0.42, 0.2)
        surface.shape(foot, _paw(mammal))
        if mammal.build.legs > 0.6:
            _leg(surface, mammal, [(side * 0.42, 1.4), (side * 0.4, 2.7)], 0.24)
        else:
            _hand(surface, mammal, side)
    _head(surface, mammal, 0, -0.25, 1.05)


def _standing(surface: Surface, mammal: Mammal) -> None:
    """From the side, looking at us."""
    build = mammal.build
    stride = Random(mammal.seed).uniform(-0.3, 0.3) * build.legs
    back, low = 3 - build.legs - build.girth, 3 - build.legs
    front, rear = 0.8, 0.8 - build.trunk
    _tail(surface, mammal, (rear + 0.15, back - build.girth * 0.35), 1.0)
    for x, step in ((rear + 0.7, -stride), (front - 0.1, stride)):
        _leg(surface, mammal, [(x, low - 0.3), (x + 0.15 + step, 2.72)], 0.22, far=True)
    girth, middle = build.girth, (front + rear) / 2
    trunk = smooth(
        [
            (front + 0.1, back - 0.95 * girth),
            (middle, back - 0.82 * girth),
            (rear + 0.1, back - 0.88 * girth),
            (rear - 0.36, back - 0.3 * girth),
            (rear - 0.3, back + 0.5 * girth),
            (rear + 0.25, low + 0.14),
            (middle, low + 0.05),
            (front + 0.05, low + 0.18),
            (front + 0.5, back + 0.3 * girth),
            (front + 0.55, back - 0.5 * girth),
        ]
    )
    spine = smooth(
        [(rear - 0.2, back - 0.6 * build.girth), (front + 0.3, back - 0.7 * build.girth)],
        closed=False,
    )
    _body(surface, mammal, trunk, Region(part=Part.BODY, guide=spine, breadth=build.girth * 1.25))
    for x, step in ((rear + 0.2, stride), (front + 0.1, -stride)):
        _leg(surface, mammal, [(x, low - 0.2), (x + step, 2.75)], 0.26)
    _head(surface, mammal, front + 0.55, back - build.girth * 0.95, 0.98)


def _lying(surface: Surface, mammal: Mammal) -> None:
    """Like a loaf, paws in front."""
    build = mammal.build
    reach = build.trunk * 0.6
    trunk = smooth(
        [
            (-reach, 1.5),
            (-reach * 0.5, 0.85),
            (reach * 0.4, 0.8),
            (reach, 1.5),
            (reach * 1.1, 2.6),
            (0, 2.98),
            (-reach * 1.15, 2.7),
        ]
    )
    spine = smooth([(-reach, 1.45), (-reach * 0.4, 0.95), (reach, 1.2)], closed=False)
    _body(surface, mammal, trunk, Region(part=Part.BODY, guide=spine, breadth=1.5))
    hip = -reach * 0.65
    thigh = [(hip - 0.35, 1.75), (hip + 0.35, 1.65), (hip + 0.75, 2.15), (hip + 0.6, 2.75)]
    surface.stroke(thigh, darker(mammal.coat.colour(Part.BODY), 0.6), 0.07, 0.35)
    surface.shape(ellipse(hip + 0.45, 2.82, 0.45, 0.19), _paw(mammal))
    _tail(surface, mammal, (-reach * 1.0, 2.7), 0.8, flat=True)
    for x in (reach * 0.55, reach * 1.0):
        surface.shape(ellipse(x, 2.8, 0.4, 0.2), _paw(mammal))
    _head(surface, mammal, reach * 0.75, 1.35, 1.0)


def _body(surface: Surface, mammal: Mammal, outline: Points, region: Region) -> None:
    if mammal.build.shaggy:
        outline = tufted(outline, mammal.build.shaggy, Random(mammal.seed))
    coat = mammal.coat
    with surface.part(outline, coat.colour(Part.BODY)) as inner:
        if region.front:
            chest = ribbon(region.guide, (region.breadth * 0.35, region.breadth * 0.42))
            light = lighter(coat.colours.light, 0.1)
            inner.soft(chest, light, region.breadth * 0.2, 0.7)
        coat.paint(inner, region)


def _leg(
    surface: Surface, mammal: Mammal, corners: list[Corner], width: float, *, far: bool = False
) -> None:
    colour = mammal.coat.colour(Part.LEG)
    outline = ribbon(corners, (width * 1.15, width * 0.95, width))
    guide = smooth(corners, closed=False)
    with surface.part(outline, darker(colour, 0.16) if far else colour) as inner:
        mammal.coat.paint(inner, Region(part=Part.LEG, guide=guide, breadth=width))
    x, y = corners[-1]
    surface.shape(ellipse(x + 0.05, y + 0.12, width * 1.25, width * 0.7), _paw(mammal))


def _hand(surface: Surface, mammal: Mammal, side: int) -> None:
    arm = ribbon([(side * 0.75, 1.35), (side * 0.32, 1.6)], (0.2, 0.16))
    surface.shape(arm, mammal.coat.colour(Part.LEG))
    surface.shape(ellipse(side * 0.24, 1.62, 0.16, 0.13), _paw(mammal))


def _tail(
    surface: Surface, mammal: Mammal, start: Corner, scale: float, *, flat: bool = False
) -> None:
    squeeze = 0.25 if flat else 1.0
    corners = [(start[0] + x * scale, start[1] + y * scale * squeeze) for x, y in mammal.build.tail]
    width = mammal.build.tail_width
    outline = ribbon(corners, (width * 0.9, width, width * 0.8))
    with surface.part(outline, mammal.coat.colour(Part.TAIL)) as inner:
        guide = smooth(corners, closed=False)
        mammal.coat.paint(inner, Region(part=Part.TAIL, guide=guide, breadth=width))


def _paw(mammal: Mammal) -> Colour:
    coat = mammal.coat
    if coat.pattern is Pattern.POINTS:
        return coat.mark
    if mammal.face.animal is Animal.HAMSTER:
        return coat.colours.skin
    return lighter(coat.colours.light, 0.1)


def _head(surface: Surface, mammal: Mammal, x: float, y: float, scale: float) -> None:
    head = surface.at(x, y, scale=scale, turn=mammal.tilt)
    head.soft(ellipse(0.0, 0.35, 0.9, 0.85), darker(mammal.coat.colours.base, 0.5), 0.25, 0.35)
    draw_head(head, mammal.face)


POSES: Final = (
    Pose(draw=_portrait, extent=portrait_extent),
    Pose(draw=_sitting, extent=sitting_extent),
    Pose(draw=_standing, extent=standing_extent),
    Pose(draw=_lying, extent=lying_extent),
)
MOODS: Final = (Mood.AWAKE, Mood.AWAKE, Mood.AWAKE, Mood.HAPPY, Mood.ASLEEP)
