"""How large the furry pets are, and how far they reach in each pose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from petstudio.images.drawing.geometry import Corner
from petstudio.images.drawing.kinds import Animal
from petstudio.images.drawing.placing import Extent


@dataclass(frozen=True, kw_only=True)
class Build:
    """What the bodies of the furry pets differ in, in head radii.

    `crown` is how far the ears rise over the middle of the head.
    """

    crown: float
    legs: float
    trunk: float
    girth: float
    tail: tuple[Corner, ...]
    tail_width: float
    shaggy: float = 0.0


_UP: Final = ((0, 0), (-0.6, -0.2), (-0.8, -0.9), (-0.55, -1.6))
_CURVED: Final = ((0, 0), (-0.7, 0.1), (-1.2, -0.4), (-1.2, -1.1), (-0.9, -1.4))
BUILDS: Final = {
    Animal.CAT: Build(crown=1.4, legs=1.0, trunk=2.9, girth=0.78, tail=_CURVED, tail_width=0.2),
    Animal.DOG: Build(crown=0.95, legs=1.15, trunk=2.9, girth=0.82, tail=_UP, tail_width=0.17),
    Animal.RABBIT: Build(
        crown=2.3,
        legs=0.45,
        trunk=2.2,
        girth=1.05,
        tail=((0, 0), (-0.3, -0.1)),
        tail_width=0.36,
        shaggy=0.03,
    ),
    Animal.HAMSTER: Build(
        crown=1.0,
        legs=0.3,
        trunk=1.9,
        girth=1.1,
        tail=((0, 0), (-0.2, 0)),
        tail_width=0.12,
        shaggy=0.05,
    ),
    Animal.GUINEA_PIG: Build(
        crown=0.9,
        legs=0.25,
        trunk=2.7,
        girth=1.05,
        tail=((0, 0), (-0.1, 0)),
        tail_width=0.1,
        shaggy=0.09,
    ),
}


def portrait_extent(build: Build) -> Extent:
    return Extent(left=-1.25, top=-1.12 * build.crown, right=1.25, foot=2.1)


def sitting_extent(build: Build) -> Extent:
    return Extent(left=-1.75, top=-0.25 - 1.05 * build.crown, right=1.5, foot=3.0)


def standing_extent(build: Build) -> Extent:
    head = 3.0 - build.legs - 1.95 * build.girth
    return Extent(left=-build.trunk, top=head - 0.98 * build.crown, right=2.4, foot=3.0)


def lying_extent(build: Build) -> Extent:
    reach = 0.6 * build.trunk
    left, right = -1.15 * reach - 0.3, max(0.75 * reach + 1.05, 1.1 * reach + 0.3)
    return Extent(left=left, top=1.35 - build.crown, right=right, foot=3.0)
