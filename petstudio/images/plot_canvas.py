"""A picture to draw a plot on, in pixels of the finished picture; edges come out smooth."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

from PIL import Image, ImageDraw, ImageFont

_FINER: Final = 3  # everything is drawn so much larger and shrunk at the end
_ELLIPSIS: Final = "..."

Point: TypeAlias = tuple[float, float]


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def nearest(self, point: Point) -> Point:
        """Return the point of the box that is nearest to another point."""
        return (
            min(max(point[0], self.left), self.right),
            min(max(point[1], self.top), self.bottom),
        )


class Canvas:
    """Text is ASCII, as Pillow's own font knows little more; accents are taken off letters."""

    def __init__(self, size: tuple[int, int], background: str) -> None:
        self._image = Image.new("RGB", (size[0] * _FINER, size[1] * _FINER), background)
        self._draw = ImageDraw.Draw(self._image)
        self._fonts: dict[float, ImageFont.FreeTypeFont | ImageFont.ImageFont] = {}

    def finished(self) -> Image.Image:
        return self._image.reduce(_FINER)

    def layer(self) -> Canvas:
        """Return a copy to draw on; `paste` takes a part of it back."""
        width, height = self._image.size
        copy = Canvas((width // _FINER, height // _FINER), "white")
        copy._image.paste(self._image)
        return copy

    def paste(self, layer: Canvas, box: Box) -> None:
        corners = [round(value * _FINER) for value in box]
        part = layer._image.crop((corners[0], corners[1], corners[2], corners[3]))
        self._image.paste(part, (corners[0], corners[1]))

    def box(self, box: Box, colour: str) -> None:
        self._draw.rectangle([value * _FINER for value in box], fill=colour)

    def line(self, points: Sequence[Point], colour: str, width: float) -> None:
        fine = [(x * _FINER, y * _FINER) for x, y in points]
        self._draw.line(fine, fill=colour, width=max(1, round(width * _FINER)), joint="curve")

    def dot(self, point: Point, radius: float, colour: str) -> None:
        self._draw.circle((point[0] * _FINER, point[1] * _FINER), radius * _FINER, fill=colour)

    def text(self, place: Point, text: str, size: float, colour: str, *, anchor: str) -> None:
        """`anchor` is Pillow's: l, m, r for the x of `place`, then a, m, s, d for its y."""
        fine = (place[0] * _FINER, place[1] * _FINER)
        self._draw.text(fine, plain(text), fill=colour, font=self._font(size), anchor=anchor)

    def text_width(self, text: str, size: float) -> float:
        return self._draw.textlength(plain(text), font=self._font(size)) / _FINER

    def fitting(self, text: str, size: float, width: float) -> str:
        """Return the text, cut short where it is wider."""
        if self.text_width(text, size) <= width:
            return text
        while text and self.text_width(text + _ELLIPSIS, size) > width:
            text = text[:-1]
        return text + _ELLIPSIS

    def _font(self, size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
        if size not in self._fonts:
            self._fonts[size] = ImageFont.load_default(size * _FINER)
        return self._fonts[size]


def plain(text: str) -> str:
    """Return the text in the letters of Pillow's own font, on one line."""
    spread = unicodedata.normalize("NFKD", " ".join(text.split()))
    letters = "".join(letter for letter in spread if not unicodedata.combining(letter))
    return letters.encode("ascii", "replace").decode("ascii")


def blend(colour: str, other: str, share: float) -> str:
    """Return the colour with `share` of the other in it."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(own + (to - own) * share):02X}" for own, to in pairs)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))
