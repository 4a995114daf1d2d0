"""Ears of the furry pets, on a head of radius 1 at the origin."""

from __future__ import annotations

from petstudio.images.drawing.colour import darker, mix
from petstudio.images.drawing.faces import Face
from petstudio.images.drawing.geometry import ellipse, path, smooth
from petstudio.images.drawing.kinds import Animal, Pattern
from petstudio.images.drawing.surface import Surface


def draw_ears(surface: Surface, face: Face) -> None:
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
            case Animal.BUDGIE | Animal.GOLDFISH | Animal.TURTLE:
                pass


def _pointed_ear(ear: Surface, face: Face) -> None:
    turned = ear.at(0.58, -0.55, turn=0.12 * face.ear_pose)
    outer = smooth(path("-0.42,0.1 -0.2,-0.4 0.16,-0.86 0.3,-0.86 0.42,-0.35 0.42,0.25"))
    inner = smooth([(-0.2, 0.1), (-0.02, -0.32), (0.2, -0.64), (0.28, -0.3), (0.28, 0.2)])
    turned.shape(outer, face.coat.ear)
    turned.fill(inner, mix(face.coat.ear, face.coat.colours.skin, 0.75))


def _hanging_ear(ear: Surface, face: Face) -> None:
    turned = ear.at(0.62, -0.62, turn=-0.18 * face.ear_pose - 0.1)
    outline = smooth(
        path("-0.25,-0.1 0.1,-0.2 0.42,0.1 0.56,0.75 0.45,1.3 0.2,1.4 -0.02,1.0 -0.06,0.45")
    )
    with turned.part(outline, face.coat.ear, round_=1.2) as inner:
        if face.coat.pattern is Pattern.SPOTS:
            face.coat.paint_head(inner)
        inner.soft(ellipse(0.0, 0.2, 0.2, 0.5), darker(face.coat.ear, 0.35), 0.15, 0.5)


def _long_ear(ear: Surface, face: Face, side: int) -> None:
    lop = face.ear_pose > 0.9 or (side > 0 and face.ear_pose > 0.75)
    turned = ear.at(0.36, -0.62, scale=1.12, turn=2.2 if lop else 0.14 + 0.3 * face.ear_pose)
    outer = smooth(path("-0.2,0.15 -0.28,-0.6 -0.18,-1.25 0.02,-1.5 0.2,-1.25 0.28,-0.6 0.2,0.15"))
    inner = smooth(path("-0.1,-0.05 -0.15,-0.6 -0.08,-1.1 0.02,-1.25 0.1,-1.1 0.15,-0.6 0.1,-0.05"))
    turned.shape(outer, face.coat.ear)
    if not lop:
        turned.fill(inner, mix(face.coat.ear, face.coat.colours.skin, 0.8))


def _round_ear(ear: Surface, face: Face) -> None:
    turned = ear.at(0.66, -0.68, turn=0.2 * face.ear_pose)
    turned.shape(ellipse(0, 0, 0.3, 0.33), darker(face.coat.ear, 0.12))
    turned.fill(ellipse(-0.02, 0.05, 0.18, 0.22), face.coat.colours.skin)


def _petal_ear(ear: Surface, face: Face) -> None:
    turned = ear.at(0.7, -0.55, turn=0.5 + 0.25 * face.ear_pose)
    outline = smooth(path("-0.2,-0.12 0.1,-0.28 0.42,-0.12 0.5,0.16 0.3,0.3 0.0,0.22"))
    turned.shape(outline, darker(face.coat.ear, 0.15))
    turned.fill(ellipse(0.2, 0.04, 0.17, 0.13), mix(face.coat.ear, face.coat.colours.skin, 0.7))
