"""Where the labels of marked points go: beside their points, on no curve and on no other label."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from petstudio.images.plot_canvas import Box, Point

_DISTANCES: Final = (9, 22, 40, 60, 84)
_DIRECTIONS: Final = tuple(
    math.radians(degrees) for degrees in (0, -45, 45, -90, 90, 180, 225, 135)
)
_COVERED: Final = 4000.0  # a label wholly on another is as bad as one so many pixels away
_CROSSED: Final = 100.0  # the same, for the way from the point to its label

CURVE: Final = 100  # how much it matters that something is covered, out of 255
_LABEL: Final = 255


def place_labels(
    busy: Image.Image, frame: Box, points: Sequence[Point], sizes: Sequence[Point]
) -> list[Box]:
    """Return a box for each label.

    `busy` (mode L) is 0 where nothing is drawn and CURVE where a curve is; the labels are drawn
    into it. `sizes` are their widths and heights.
    """
    return [_place(busy, frame, point, size) for point, size in zip(points, sizes, strict=True)]


def _place(busy: Image.Image, frame: Box, point: Point, size: Point) -> Box:
    boxes = [(cost, box) for cost, box in _candidates(point, size) if _is_inside(box, frame)]
    if not boxes:  # wider than the frame: to the right of the point, come what may
        boxes = list(itertools.islice(_candidates(point, size), 1))
    best = min(boxes, key=lambda found: found[0] + _harm(busy, point, found[1]))[1]
    ImageDraw.Draw(busy).rectangle(best, fill=_LABEL)
    return best


def _candidates(point: Point, size: Point) -> Iterator[tuple[float, Box]]:
    width, height = size
    for distance in _DISTANCES:
        for order, angle in enumerate(_DIRECTIONS):
            across, down = math.cos(angle), math.sin(angle)
            # The side of the box that faces the point lies at the distance.
            left = point[0] + distance * across + width * (across - 1) / 2
            top = point[1] + distance * down + height * (down - 1) / 2
            yield distance + order, Box(left, top, left + width, top + height)


def _is_inside(box: Box, frame: Box) -> bool:
    return (
        box.left >= frame.left
        and box.top >= frame.top
        and box.right <= frame.right
        and box.bottom <= frame.bottom
    )


def _harm(busy: Image.Image, point: Point, box: Box) -> float:
    corners = (round(box.left), round(box.top), round(box.right), round(box.bottom))
    covered = float(np.asarray(busy.crop(corners)).mean()) / _LABEL
    end = box.nearest(point)
    steps = np.linspace(0, 1, 20)[:, None]
    way = np.round(np.array(point) * (1 - steps) + np.array(end) * steps).astype(int)
    crossed = sum(busy.getpixel((x, y)) == _LABEL for x, y in way.tolist())
    return _COVERED * covered + _CROSSED * crossed
