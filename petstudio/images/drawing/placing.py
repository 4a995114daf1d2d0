"""Where a pet stands in its picture, and how large it is."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from petstudio.images.drawing.geometry import ellipse
from petstudio.images.drawing.surface import Surface


@dataclass(frozen=True, kw_only=True)
class Extent:
    """How far a pet reaches in its own units; `foot` is where it stands, y grows downwards."""

    left: float
    top: float
    right: float
    foot: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def placed(surface: Surface, width: float, extent: Extent, dice: Random) -> Surface:
    """Return a surface in the pet's units, for a picture of height 1.

    The pet lies mostly in the middle square: that is what is left of a picture that is cropped to
    train on it.
    """
    side = min(width, 1.0)
    fit = min(0.94 / (extent.foot - extent.top), 0.98 / (extent.right - extent.left))
    stand = surface.at(
        width / 2 + side * dice.uniform(-0.09, 0.09),
        0.5 + side * dice.uniform(0.4, 0.47),
        scale=side * fit * dice.uniform(0.8, 1.12),
        turn=dice.uniform(-0.08, 0.08),
        mirror=dice.random() < 0.5,
    )
    return stand.at(-extent.middle, -extent.foot)


def shadow(surface: Surface, extent: Extent) -> None:
    """Darken the ground below a pet."""
    broad = 0.42 * (extent.right - extent.left)
    ground = ellipse(extent.middle, extent.foot - 0.05, broad, 0.22)
    surface.soft(ground, (52, 40, 56), 0.25, 0.5)
