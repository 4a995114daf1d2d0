"""Outlines as arrays of points, and the map from drawing units to pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
Corner = tuple[float, float]

_STEPS: Final = 6
_SHARES: Final = np.arange(_STEPS) / _STEPS
# How much each of four corners in a row weighs on the way from the second to the third
# (Catmull-Rom).
_WEIGHTS: Final = 0.5 * np.stack(
    (
        -_SHARES + 2 * _SHARES**2 - _SHARES**3,
        2 - 5 * _SHARES**2 + 3 * _SHARES**3,
        _SHARES + 4 * _SHARES**2 - 3 * _SHARES**3,
        -(_SHARES**2) + _SHARES**3,
    ),
    axis=1,
)
_ROUND: Final = 28
_CIRCLE: Final = np.array(
    [(math.cos(turn), math.sin(turn)) for turn in np.arange(_ROUND) * (2 * math.pi / _ROUND)]
)
_HALF_CIRCLE: Final = np.array(
    [(math.cos(turn), math.sin(turn)) for turn in np.arange(1, 6) * (-math.pi / 6)]
)


@dataclass(frozen=True, kw_only=True)
class Affine:
    """`x' = a x + b y + c`, `y' = d x + e y + f`."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0
    e: float = 1.0
    f: float = 0.0

    @property
    def scale(self) -> float:
        """How many pixels one unit is long."""
        return math.sqrt(abs(self.a * self.e - self.b * self.d))

    def apply(self, points: Points) -> Points:
        moved: Points = points @ np.array(((self.a, self.d), (self.b, self.e)))
        moved += (self.c, self.f)
        return moved

    def at(self, x: float, y: float, *, scale: float, turn: float, mirror: bool) -> Affine:
        """Return the map of a drawing placed at (x, y) of this one; `turn` is in radians."""
        cos, sin = math.cos(turn) * scale, math.sin(turn) * scale
        flip = -1.0 if mirror else 1.0
        return Affine(
            a=flip * (self.a * cos + self.b * sin),
            b=self.b * cos - self.a * sin,
            c=self.a * x + self.b * y + self.c,
            d=flip * (self.d * cos + self.e * sin),
            e=self.e * cos - self.d * sin,
            f=self.d * x + self.e * y + self.f,
        )

    def shifted(self, x: float, y: float) -> Affine:
        """Return the same map with the pixels moved."""
        return Affine(a=self.a, b=self.b, c=self.c + x, d=self.d, e=self.e, f=self.f + y)


def path(text: str) -> Points:
    """Read corners such as "0,-1 0.5,0.2", which is shorter than a list of pairs."""
    return np.array([[float(part) for part in corner.split(",")] for corner in text.split()])


def smooth(corners: Sequence[Corner] | Points, *, closed: bool = True) -> Points:
    """Return a soft curve through the corners (Catmull-Rom)."""
    points = np.asarray(corners, dtype=np.float64)
    if closed:
        around = np.concatenate((points[-1:], points, points[:2]))
    else:
        around = np.concatenate((points[:1], points, points[-1:]))
    count = len(around) - 3
    fours = np.stack([around[first : first + count] for first in range(4)], axis=1)
    flat: Points = (_WEIGHTS @ fours).reshape(-1, 2)
    return flat if closed else np.concatenate((flat, points[-1:]))


def mirrored(half: Sequence[Corner] | Points) -> Points:
    """Return a closed soft outline from its right half, given from top to bottom."""
    right = np.asarray(half, dtype=np.float64)
    left = right[::-1] * (-1.0, 1.0)
    return smooth(np.concatenate((right, left[right[::-1, 0] > 0])))


def ellipse(x: float, y: float, rx: float, ry: float, turn: float = 0.0) -> Points:
    cos, sin = math.cos(turn), math.sin(turn)
    outline: Points = _CIRCLE @ np.array(((rx * cos, rx * sin), (-ry * sin, ry * cos)))
    outline += (x, y)
    return outline


def box(left: float, top: float, right: float, bottom: float) -> Points:
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], dtype=np.float64)


def normals(spine: Points) -> Points:
    """Return the unit vectors that stand on the curve, to its right as it is walked."""
    along = np.empty_like(spine)
    along[1:-1] = spine[2:] - spine[:-2]
    along[0], along[-1] = spine[1] - spine[0], spine[-1] - spine[-2]
    length = np.sqrt(along[:, 0] ** 2 + along[:, 1] ** 2) + 1e-9
    return along[:, ::-1] * (-1.0, 1.0) / length[:, None]


def ribbon(corners: Sequence[Corner] | Points, widths: Sequence[float]) -> Points:
    """Return the outline of a stroke along the corners; `widths` are half widths, spread evenly."""
    spine = smooth(corners, closed=False)
    places = np.arange(len(spine)) * ((len(widths) - 1) / (len(spine) - 1))
    half = np.interp(places, range(len(widths)), widths)[:, None]
    side = normals(spine) * half
    start = _cap(spine[0], -side[0])
    end = _cap(spine[-1], side[-1])
    return np.concatenate((spine + side, end, (spine - side)[::-1], start))


def _cap(centre: Points, arm: Points) -> Points:
    arc: Points = _HALF_CIRCLE @ np.array((arm, (-arm[1], arm[0])))
    arc += centre
    return arc


def tufted(outline: Points, depth: float, dice: Random) -> Points:
    """Return the outline with small points of fur all round."""
    middle = outline.mean(axis=0)
    away = outline - middle
    away /= np.sqrt((away**2).sum(axis=1, keepdims=True)) + 1e-9
    push = [depth * dice.uniform(0.3, 1.0) if i % 2 else 0.0 for i in range(len(outline))]
    tufts: Points = outline + away * np.array(push)[:, None]
    return tufts


def along(corners: Sequence[Corner] | Points, share: float) -> tuple[Points, Points]:
    """Return the point at that share of the curve, and the unit vector that stands on it."""
    spine = smooth(corners, closed=False)
    index = min(int(share * (len(spine) - 1)), len(spine) - 1)
    point: Points = spine[index]
    normal: Points = normals(spine)[index]
    return point, normal
