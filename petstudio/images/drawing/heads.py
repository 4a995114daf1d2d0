"""Heads of the furry pets. A head has radius 1 and its middle at the origin."""

from __future__ import annotations

from random import Random
from typing import Final

from petstudio.images.drawing.colour import INK, WHITE, darker, lighter, mix
from petstudio.images.drawing.ears import draw_ears
from petstudio.images.drawing.faces import Face, Mood
from petstudio.images.drawing.geometry import Points, ellipse, mirrored, path, tufted
from petstudio.images.drawing.kinds import Animal, Pattern
from petstudio.images.drawing.muzzles import draw_muzzle
from petstudio.images.drawing.surface import Surface

_OUTLINES: Final[dict[Animal, Points]] = {
    Animal.CAT: path("0,-0.82 0.5,-0.8 0.92,-0.3 1.06,0.2 0.8,0.62 0.3,0.84 0,0.86"),
    Animal.DOG: path("0,-0.9 0.55,-0.84 0.86,-0.35 0.86,0.15 0.68,0.62 0.35,0.92 0,0.98"),
    Animal.RABBIT: path("0,-0.86 0.45,-0.78 0.78,-0.3 0.9,0.25 0.68,0.68 0.28,0.88 0,0.9"),
    Animal.HAMSTER: path("0,-0.8 0.5,-0.72 0.88,-0.25 1.12,0.3 0.86,0.7 0.36,0.84 0,0.84"),
    Animal.GUINEA_PIG: path("0,-0.84 0.5,-0.76 0.84,-0.25 0.96,0.25 0.8,0.7 0.4,0.92 0,0.95"),
}


_SHAGGY: Final = {Animal.HAMSTER: 0.05, Animal.GUINEA_PIG: 0.08, Animal.CAT: 0.02}


def draw_head(surface: Surface, face: Face) -> None:
    """Draw ears, head, marks and face."""
    dice = Random(face.seed)
    hanging = face.animal is Animal.DOG
    if not hanging:
        draw_ears(surface, face)
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
        draw_ears(surface, face)
    draw_muzzle(surface, face)
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
