"""A picture under the brush: filled outlines, soft spots, and parts with round shading."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from petstudio.images.drawing.colour import WHITE, Colour
from petstudio.images.drawing.geometry import Affine, Corner, Points, ribbon

_COARSE: Final = 4


@dataclass(frozen=True, kw_only=True)
class Light:
    """Where the light comes from (-1 left, 1 right) and what it does to a round shape."""

    side: float = -0.6
    shadow: Colour = (120, 96, 132)
    depth: float = 0.75
    gleam: float = 0.28


@dataclass(frozen=True)
class _Box:
    left: int
    top: int
    right: int
    bottom: int

    @property
    def size(self) -> tuple[int, int]:
        return self.right - self.left, self.bottom - self.top

    @property
    def edges(self) -> tuple[int, int, int, int]:
        return self.left, self.top, self.right, self.bottom


class Surface:
    """Draws in its own units on an image that several surfaces may share."""

    def __init__(self, image: Image.Image, place: Affine, light: Light) -> None:
        self.image = image
        self.place = place
        self.light = light
        self._draw = ImageDraw.Draw(image)

    def at(
        self,
        x: float = 0.0,
        y: float = 0.0,
        *,
        scale: float = 1.0,
        turn: float = 0.0,
        mirror: bool = False,
    ) -> Surface:
        """Return a surface on the same image with its own origin, scale and turn (radians)."""
        place = self.place.at(x, y, scale=scale, turn=turn, mirror=mirror)
        return Surface(self.image, place, self.light)

    def fill(self, outline: Points, colour: Colour, alpha: float = 1.0) -> None:
        pixels = self.place.apply(outline)
        if alpha >= 1.0:
            self._draw.polygon(pixels.ravel().tolist(), fill=colour)
            return
        area = self._clip(pixels)
        if area is not None:
            self.image.paste(colour, area.edges, _mask(pixels, area, round(255 * alpha)))

    def stroke(
        self, corners: Sequence[Corner] | Points, colour: Colour, width: float, alpha: float = 1.0
    ) -> None:
        """Draw a soft line whose ends are thinner than its middle."""
        self.fill(ribbon(corners, (width * 0.3, width * 0.5, width * 0.3)), colour, alpha)

    def soft(self, outline: Points, colour: Colour, blur: float, alpha: float = 1.0) -> None:
        """Fill an outline whose edge fades over about `blur` units."""
        pixels = self.place.apply(outline)
        radius = blur * self.place.scale
        area = self._clip(pixels, margin=2 * radius)
        if area is None:
            return
        coarse = _Coarse.of(pixels, radius, inside=round(255 * alpha))
        self.image.paste(colour, area.edges, coarse.over(area))

    @contextlib.contextmanager
    def part(self, outline: Points, colour: Colour, *, round_: float = 1.0) -> Iterator[Surface]:
        """Fill an outline with round shading; what is drawn inside the block stays inside it."""
        pixels = self.place.apply(outline)
        area = self._clip(pixels)
        if area is None:
            yield Surface(Image.new("RGB", (1, 1)), self.place, self.light)
            return
        layer = Image.new("RGB", area.size, colour)
        yield Surface(layer, self.place.shifted(-area.left, -area.top), self.light)
        shaded = self._shade(layer, pixels, area, round_) if round_ > 0 else layer
        self.image.paste(shaded, area.edges, _mask(pixels, area, 255))

    def shape(self, outline: Points, colour: Colour, *, round_: float = 1.0) -> None:
        """Fill an outline with one colour and round shading."""
        with self.part(outline, colour, round_=round_):
            pass

    def _shade(self, layer: Image.Image, pixels: Points, area: _Box, round_: float) -> Image.Image:
        breadth = float(np.ptp(pixels, axis=0).min())
        radius = max(breadth * 0.13, 2.0)
        down, right = radius * 1.1, -self.light.side * radius * 1.1
        depth, gleam = self.light.depth * round_, self.light.gleam * round_
        dark = _Coarse.of(pixels, radius, outside=round(255 * min(depth, 1.0)))
        shadow = ImageChops.multiply(layer, Image.new("RGB", layer.size, self.light.shadow))
        layer.paste(shadow, mask=dark.over(area, right, down))
        bright = _Coarse.of(pixels, radius, outside=round(255 * min(gleam, 1.0)))
        layer.paste(WHITE, (0, 0, *layer.size), bright.over(area, -right, -down))
        return layer

    def _clip(self, pixels: Points, margin: float = 0.0) -> _Box | None:
        low, high = pixels.min(axis=0) - margin, pixels.max(axis=0) + margin
        left, top = max(math.floor(low[0]), 0), max(math.floor(low[1]), 0)
        right = min(math.ceil(high[0]) + 1, self.image.width)
        bottom = min(math.ceil(high[1]) + 1, self.image.height)
        return _Box(left, top, right, bottom) if left < right and top < bottom else None


def _mask(pixels: Points, area: _Box, value: int) -> Image.Image:
    mask = Image.new("L", area.size)
    inside = pixels - (area.left, area.top)
    ImageDraw.Draw(mask).polygon(inside.ravel().tolist(), fill=value)
    return mask


@dataclass(frozen=True)
class _Coarse:
    """A blurred mask of an outline, at a quarter of the size; `origin` is its corner in pixels.

    It is not cut at the picture's edge, so that shading does not follow that edge.
    """

    image: Image.Image
    origin: Points

    @classmethod
    def of(cls, pixels: Points, radius: float, *, inside: int = 0, outside: int = 0) -> _Coarse:
        margin = 2.5 * radius + 2 * _COARSE
        origin = pixels.min(axis=0) - margin
        width, height = np.ceil((pixels.max(axis=0) + margin - origin) / _COARSE).astype(int)
        mask = Image.new("L", (int(width), int(height)), outside)
        small = (pixels - origin) / _COARSE
        ImageDraw.Draw(mask).polygon(small.ravel().tolist(), fill=inside)
        return cls(mask.filter(ImageFilter.BoxBlur(max(radius / _COARSE, 0.5) * 1.5)), origin)

    def over(self, area: _Box, right: float = 0.0, down: float = 0.0) -> Image.Image:
        """Return the mask at full size over `area`, looked up that many pixels further on."""
        left = (area.left + right - self.origin[0]) / _COARSE
        top = (area.top + down - self.origin[1]) / _COARSE
        width, height = area.size
        part = (left, top, left + width / _COARSE, top + height / _COARSE)
        return self.image.resize(area.size, Image.Resampling.BILINEAR, box=part)
