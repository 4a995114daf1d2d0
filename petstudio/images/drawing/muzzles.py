"""Noses, mouths and whiskers of the furry pets, on a head of radius 1 at the origin."""

from __future__ import annotations

from petstudio.images.drawing.colour import INK, WHITE, Colour, darker, lighter, mix
from petstudio.images.drawing.faces import Face, Mood
from petstudio.images.drawing.geometry import ellipse, path, smooth
from petstudio.images.drawing.kinds import Animal
from petstudio.images.drawing.surface import Surface


def draw_muzzle(surface: Surface, face: Face) -> None:
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
    nose = smooth(path("-0.11,0.27 0,0.25 0.11,0.27 0.05,0.37 0,0.4 -0.05,0.37"))
    spot.fill(nose, colours.skin)
    line = mix(colours.skin, INK, 0.7)
    _smile(spot, 0.4, 0.2, line)
    for side in (-1, 1):
        for rise in (-0.08, 0.04, 0.16):
            ends = [
                (side * 0.32, 0.44 + rise * 0.4),
                (side * 0.8, 0.4 + rise),
                (side * 1.25, 0.42 + rise * 2),
            ]
            spot.stroke(ends, lighter(colours.light, 0.4), 0.035, 0.75)


def _dog_muzzle(spot: Surface, face: Face) -> None:
    colours = face.coat.colours
    if face.mood is Mood.HAPPY:
        tongue = smooth([(-0.14, 0.66), (0.14, 0.66), (0.16, 0.95), (0, 1.08), (-0.16, 0.95)])
        spot.shape(tongue, (236, 128, 134))
    for side in (-1, 1):
        spot.shape(ellipse(side * 0.22, 0.52, 0.28, 0.23), lighter(colours.light, 0.1), round_=0.6)
    _smile(spot, 0.42, 0.3, mix(colours.light, INK, 0.75))
    nose = smooth(path("-0.2,0.2 0,0.14 0.2,0.2 0.16,0.36 0,0.44 -0.16,0.36"))
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
