"""Faces of the furry pets. A head has radius 1 and its middle at the origin."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import Final

from petstudio.images.drawing.coats import Coat
from petstudio.images.drawing.colour import INK, WHITE, Colour, darker, lighter, mix
from petstudio.images.drawing.geometry import Corner, Points, ellipse, mirrored, smooth, tufted
from petstudio.images.drawing.kinds import Animal, Pattern
from petstudio.images.drawing.surface import Surface

_OUTLINES: Final[dict[Animal, tuple[Corner, ...]]] = {
    Animal.CAT: ((0, -0.82), (0.5, -0.8), (0.92, -0.3), (1.06, 0.2), (0.8, 0.62), (0.3, 0.84), (0, 0.86)),
    Animal.DOG: ((0, -0.9), (0.55, -0.84), (0.86, -0.35), (0.86, 0.15), (0.68, 0.62), (0.35, 0.92), (0, 0.98)),
    Animal.RABBIT: ((0, -0.86), (0.45, -0.78), (0.78, -0.3), (0.9, 0.25), (0.68, 0.68), (0.28, 0.88), (0, 0.9)),
    Animal.HAMSTER: ((0, -0.8), (0.5, -0.72), (0.88, -0.25), (1.12, 0.3), (0.86, 0.7), (0.36, 0.84), (0, 0.84)),
    Animal.GUINEA_PIG: ((0, -0.84), (0.5, -0.76), (0.84, -0.25), (0.96, 0.25), (0.8, 0.7), (0.4, 0.92), (0, 0.95)),
}
_SHAGGY: Final = {Animal.HAMSTER: 0.05, Animal.GUINEA_PIG: 0.08, Animal.CAT: 0.02}


class Mood(Enum):
    AWAKE = "awake"
    HAPPY = "happy"
    ASLEEP = "asleep"


@dataclass(frozen=True, kw_only=True)
class Face:
    """How one animal looks out of one picture; `yaw` of -1 to 1 turns the face to a side."""

    animal: Animal
    coat: Coat
    mood: Mood
    yaw: float
    ear_pose: float
    seed: int

    def x(self, x: float, depth: float = 1.0) -> float:
        """Return where a feature lies once the head is turned."""
        return x * (1 - 0.1 * abs(self.yaw)) + 0.2 * self.yaw * depth


def draw_head(surface: Surface, face: Face) -> None:
    """Draw ears, head, marks and face."""
    dice = Random(face.seed)
    hanging = face.animal is Animal.DOG
    if not hanging:
        _ears(surface, face)
    outline = mirrored(_OUTLINES[face.animal])
    shaggy = _SHAGGY.get(face.animal, 0.0)
    if shaggy:
        outline = tufted(outline, shaggy, dice)
    colours = face.coat.colours
    with surface.part(outline, colours.base) as inner:
        turned = inner.at(face.x(0.0))
        _fur_light(turned, face)
        face.coat.paint_head(turned)
        if face.animal in (Animal.CAT, Animal.RABBIT) and face.coat.pattern is not Pattern.POINTS:
            turned.soft(ellipse(0, 0.5, 0.42, 0.3), colours.light, 0.1, 0.9)
        for side in (-1, 1):
            blush = ellipse(side * 0.66, 0.34, 0.2, 0.14)
            turned.soft(blush, mix(colours.skin, (240, 130, 130), 0.3), 0.12, 0.45)
    if hanging:
        _ears(surface, face)
    _muzzle(surface, face)
    for side in (-1, 1):
        _eye(surface, face, side)


def _fur_light(surface: Surface, face: Face) -> None:
    light = face.coat.colours.light
    match face.animal:
        case Animal.HAMSTER:
            surface.soft(ellipse(0, 0.62, 0.98, 0.42), light, 0.1)
            surface.soft(ellipse(0, 0.25, 0.26, 0.35), light, 0.1)
        case Animal.DOG:
            surface.fill(ellipse(0, 0.62, 0.56, 0.52), light)
        case Animal.GUINEA_PIG:
            surface.soft(ellipse(0, 0.62, 0.5, 0.4), lighter(face.coat.colours.base, 0.25), 0.15)
        case _:
            surface.soft(ellipse(0, -0.3, 0.6, 0.3), lighter(face.coat.colours.base, 0.3), 0.3, 0.5)


def _ears(surface: Surface, face: Face) -> None:
    for side in (-1, 1):
        ear = surface.at(face.x(0.0, 0.35), 0.0, mirror=side < 0)
        match face.animal:
            case Animal.CAT:
                _pointed_ear(ear, face)
            case Animal.DOG:
                _hanging_ear(ear, face)
            case Animal.RABBIT:
                _long_ear(ear, face, side)
            case Animal.HAMSTER:
                _round_ear(ear, face)
            case Animal.GUINEA_PIG:
                _petal_ear(ear, face)
            case _:
                raise AssertionError(face.animal)


def _pointed_ear(ear: Surface, face: Face) -> None:
    turned = ear.at(0.58, -0.55, turn=0.12 * face.ear_pose)
    outer = smooth([(-0.42, 0.1), (-0.2, -0.4), (0.16, -0.86), (0.3, -0.86), (0.42, -0.35), (0.42, 0.25)])
    inner = smooth([(-0.2, 0.1), (-0.02, -0.32), (0.2, -0.64), (0.28, -0.3), (0.28, 0.2)])
    turned.shape(outer, face.coat.ear)
    turned.fill(inner, mix(face.coat.ear, face.coat.colours.skin, 0.75))


def _hanging_ear(ear: Surface, face: Face) -> None:
    turned = ear.at(0.62, -0.62, turn=-0.18 * face.ear_pose - 0.1)
    outline = smooth([(-0.25, -0.1), (0.1, -0.2), (0.42, 0.1), (0.56, 0.75), (0.45, 1.3), (0.2, 1.4), (-0.02, 1.0), (-0.06, 0.45)])
    with turned.part(outline, face.coat.ear, round_=1.2) as inner:
        if face.coat.pattern is Pattern.SPOTS:
            face.coat.paint_head(inner)
        inner.soft(ellipse(0.0, 0.2, 0.2, 0.5), darker(face.coat.ear, 0.35), 0.15, 0.5)


def _long_ear(ear: Surface, face: Face, side: int) -> None:
    lop = face.ear_pose > 0.75 or (side > 0 and face.ear_pose > 0.5)
    turned = ear.at(0.36, -0.62, turn=2.2 if lop else 0.14 + 0.3 * face.ear_pose)
    outer = smooth([(-0.2, 0.15), (-0.28, -0.6), (-0.18, -1.25), (0.02, -1.5), (0.2, -1.25), (0.28, -0.6), (0.2, 0.15)])
    inner = smooth([(-0.1, -0.05), (-0.15, -0.6), (-0.08, -1.1), (0.02, -1.25), (0.1, -1.1), (0.15, -0.6), (0.1, -0.05)])
    turned.shape(outer, face.coat.ear)
    if not lop:
        turned.fill(inner, mix(face.coat.ear, face.coat.colours.skin, 0.8))


def _round_ear(ear: Surface, face: Face) -> None:
    turned = ear.at(0.66, -0.68, turn=0.2 * face.ear_pose)
    turned.shape(ellipse(0, 0, 0.3, 0.33), darker(face.coat.ear, 0.12))
    turned.fill(ellipse(-0.02, 0.05, 0.18, 0.22), face.coat.colours.skin)


def _petal_ear(ear: Surface, face: Face) -> None:
    turned = ear.at(0.7, -0.55, turn=0.5 + 0.25 * face.ear_pose)
    outline = smooth([(-0.2, -0.12), (0.1, -0.28), (0.42, -0.12), (0.5, 0.16), (0.3, 0.3), (0.0, 0.22)])
    turned.shape(outline, darker(face.coat.ear, 0.15))
    turned.fill(ellipse(0.2, 0.04, 0.17, 0.13), mix(face.coat.ear, face.coat.colours.skin, 0.7))


def _eye(surface: Surface, face: Face, side: int) -> None:
    place = {
        Animal.CAT: (0.43, 0.0),
        Animal.DOG: (0.38, -0.12),
        Animal.RABBIT: (0.5, -0.06),
        Animal.HAMSTER: (0.46, -0.06),
        Animal.GUINEA_PIG: (0.56, -0.1),
    }[face.animal]
    eye = surface.at(face.x(side * place[0], 1.0), place[1])
    if face.mood is Mood.AWAKE:
        _open_eye(eye, face)
        return
    bend = 0.1 if face.mood is Mood.ASLEEP else -0.12
    eye.stroke([(-0.2, 0), (0, bend), (0.2, 0)], INK, 0.085)


def _open_eye(eye: Surface, face: Face) -> None:
    colour = face.coat.colours.eye
    if face.animal is Animal.CAT:
        eye.fill(ellipse(0, 0, 0.27, 0.26), darker(colour, 0.65))
        eye.fill(ellipse(0, 0.01, 0.235, 0.225), colour)
        eye.fill(ellipse(0, 0.09, 0.17, 0.12), lighter(colour, 0.35))
        width = 0.06 + 0.1 * ((face.seed >> 3) % 5) / 4
        eye.fill(ellipse(0, 0, width, 0.19), INK)
    else:
        size = 0.2 if face.animal is Animal.DOG else 0.19
        eye.fill(ellipse(0, 0, size, size * 1.08), darker(colour, 0.7))
        eye.fill(ellipse(0, 0.05, size * 0.75, size * 0.7), colour)
        eye.fill(ellipse(0, 0, size * 0.6, size * 0.65), INK)
    eye.fill(ellipse(0.07, -0.09, 0.075, 0.075), WHITE)
    eye.fill(ellipse(-0.07, 0.09, 0.035, 0.035), WHITE, 0.8)


def _muzzle(surface: Surface, face: Face) -> None:
    spot = surface.at(face.x(0.0, 1.25))
    match face.animal:
        case Animal.DOG:
            _dog_muzzle(spot, face)
        case Animal.CAT:
            _cat_muzzle(spot, face)
        case _:
            _rodent_muzzle(spot, face)


def _cat_muzzle(spot: Surface, face: Face) -> None:
    colours = face.coat.colours
    nose = smooth([(-0.11, 0.27), (0, 0.25), (0.11, 0.27), (0.05, 0.37), (0, 0.4), (-0.05, 0.37)])
    spot.fill(nose, colours.skin)
    line = mix(colours.skin, INK, 0.7)
    _smile(spot, 0.4, 0.2, line)
    for side in (-1, 1):
        for rise in (-0.08, 0.04, 0.16):
            ends = [(side * 0.32, 0.44 + rise * 0.4), (side * 0.8, 0.4 + rise), (side * 1.25, 0.42 + rise * 2)]
            spot.stroke(ends, lighter(colours.light, 0.4), 0.035, 0.75)


def _dog_muzzle(spot: Surface, face: Face) -> None:
    colours = face.coat.colours
    if face.mood is Mood.HAPPY:
        tongue = smooth([(-0.14, 0.66), (0.14, 0.66), (0.16, 0.95), (0, 1.08), (-0.16, 0.95)])
        spot.shape(tongue, (236, 128, 134))
    for side in (-1, 1):
        spot.shape(ellipse(side * 0.22, 0.52, 0.28, 0.23), lighter(colours.light, 0.1), round_=0.6)
    _smile(spot, 0.42, 0.3, mix(colours.light, INK, 0.75))
    nose = smooth([(-0.2, 0.2), (0, 0.14), (0.2, 0.2), (0.16, 0.36), (0, 0.44), (-0.16, 0.36)])
    spot.fill(nose, mix(INK, colours.mark, 0.2))
    spot.fill(ellipse(-0.06, 0.22, 0.07, 0.035), WHITE, 0.55)


def _rodent_muzzle(spot: Surface, face: Face) -> None:
    colours = face.coat.colours
    if face.animal is Animal.RABBIT:
        spot.fill(smooth([(-0.09, 0.55), (0.09, 0.55), (0.08, 0.72), (-0.08, 0.72)]), WHITE)
    for side in (-1, 1):
        cheek = ellipse(side * 0.15, 0.46, 0.19, 0.15)
        spot.shape(cheek, lighter(colours.light, 0.2), round_=0.5)
    broad = 0.14 if face.animal is Animal.GUINEA_PIG else 0.1
    nose = smooth([(-broad, 0.28), (0, 0.25), (broad, 0.28), (0.04, 0.38), (0, 0.4), (-0.04, 0.38)])
    spot.fill(nose, darker(colours.skin, 0.1))
    _smile(spot, 0.4, 0.16, mix(colours.skin, INK, 0.7))
    for side in (-1, 1):
        for rise in (-0.06, 0.08):
            ends = [(side * 0.3, 0.46), (side * 0.68, 0.44 + rise), (side * 1.0, 0.48 + rise * 2.5)]
            spot.stroke(ends, lighter(colours.light, 0.4), 0.03, 0.6)


def _smile(spot: Surface, top: float, width: float, colour: Colour) -> None:
    spot.stroke([(0, top - 0.02), (0, top + 0.12)], colour, 0.05)
    for side in (-1, 1):
        low = top + 0.12 + width * 0.45
        curve = [(0, top + 0.12), (side * width * 0.5, low), (side * width * 1.1, top + 0.1)]
        spot.stroke(curve, colour, 0.05)


def turned(points: Points, angle: float) -> Points:
    cos, sin = math.cos(angle), math.sin(angle)
    x, y = points[:, 0], points[:, 1]
    points = points.copy()
    points[:, 0], points[:, 1] = x * cos - y * sin, x * sin + y * cos
    return points
