"""The colours of places and things, as #rrggbb."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

from petstudio.images.drawing.colour import Colour, named, varied

WALLS: Final = (
    "#e8d5c4",
    "#cddbd2",
    "#c9d6e6",
    "#efd9d0",
    "#dcd3e4",
    "#f0e3c2",
    "#b9c7bd",
    "#a8b5c8",
    "#d9b8a6",
    "#8fa3a8",
)
FLOORS: Final = ("#c79d74", "#b58a66", "#d8b58c", "#9c7b64", "#bfae9c", "#8c7466")
CLOTHS: Final = (
    "#c8746a",
    "#6f8fb3",
    "#7fa48a",
    "#d8a860",
    "#a584b0",
    "#e0c3b0",
    "#5f7f8c",
    "#d78f8f",
)
SKIES: Final = (
    ("#8ec5ea", "#e6f3f5"),
    ("#f3b88e", "#fbe7c4"),
    ("#b7c4d8", "#eef0f0"),
    ("#7fb4d8", "#f7e3d3"),
    ("#5d6fa8", "#e8b6a8"),
)
LAWNS: Final = ("#93b86a", "#7da566", "#a9b862", "#86a889", "#b9b46e")


def rolled(tints: Sequence[str], dice: Random) -> Colour:
    """Return a neighbour of one of the colours."""
    return varied(named(dice.choice(tints)), dice)
