"""The inside of a plot: bands, grid, curves, axes, and marked points with their labels."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeVar

import numpy as np
from PIL import Image, ImageDraw

from petstudio.images.plot_canvas import Box, Canvas, Point
from petstudio.images.plot_labels import CURVE, place_labels
from petstudio.images.plot_parts import (
    BACKGROUND,
    BAND,
    GAP,
    GRID,
    LINE,
    NAME_SIZE,
    TEXT,
    TEXT_2,
    TICK_SIZE,
    Band,
    LinePlot,
    Mark,
    Series,
    Stroke,
    colour_number,
    series_colours,
)
from petstudio.images.plot_scales import Scale, Tick, Values

N = TypeVar("N", float, Values)

WIDTHS: Final = {Stroke.SOLID: 2.4, Stroke.DASHED: 2.4, Stroke.FAINT: 1.2}

_DASH: Final = (8.0, 5.0)  # pixels drawn, pixels left out
_RADIUS: Final = 5.0
_LEADER: Final = 20.0  # a label farther away than this is tied to its dot by a line
_BEYOND: Final = 20.0  # frames outside the frame that a curve is followed


@dataclass(frozen=True, kw_only=True)
class Area:
    """The frame on the canvas, with the scales that fill it."""

    canvas: Canvas
    frame: Box
    x: Scale
    y: Scale

    def draw_ground(
        self, bands: Sequence[Band], x_ticks: Sequence[Tick], y_ticks: Sequence[Tick]
    ) -> None:
        left, top, right, bottom = self.frame
        for band in bands:
            start, end = np.clip(self.x.places([band.start, band.end]), 0, 1)
            if end > start:
                self.canvas.box(Box(self._across(start), top, self._across(end), bottom), BAND)
        for tick in x_ticks:
            if tick.text:
                across = self._across(tick.place)
                self.canvas.line([(across, top), (across, bottom)], GRID, 1)
        for tick in y_ticks:
            if tick.text:
                down = self._down(tick.place)
                self.canvas.line([(left, down), (right, down)], GRID, 1)

    def draw_curves(self, series: Sequence[Series]) -> None:
        layer = self.canvas.layer()
        for one, colour in zip(series, series_colours(series), strict=True):
            for points in self._pieces(one):
                draw_stroke(layer, points, colour, one.stroke)
        left, top, right, bottom = self.frame
        half = WIDTHS[Stroke.SOLID] / 2  # a curve along a limit is not cut in two
        self.canvas.paste(layer, Box(left - half, top - half, right + half, bottom + half))

    def draw_axes(self, x_ticks: Sequence[Tick], y_ticks: Sequence[Tick], label: str) -> None:
        left, top, right, bottom = self.frame
        self.canvas.line([(left, top), (left, bottom), (right, bottom)], LINE, 1)
        for tick in x_ticks:
            across = self._across(tick.place)
            self.canvas.line([(across, bottom), (across, bottom + _length(tick))], LINE, 1)
            self._write((across, bottom + GAP), tick.text, "ma")
        for tick in y_ticks:
            down = self._down(tick.place)
            self.canvas.line([(left - _length(tick), down), (left, down)], LINE, 1)
            self._write((left - GAP, down), tick.text, "rm")
        middle = ((left + right) / 2, bottom + GAP + TICK_SIZE + GAP)
        self.canvas.text(middle, label, NAME_SIZE, TEXT_2, anchor="ma")

    def draw_marks(self, plot: LinePlot, size: tuple[int, int]) -> None:
        """Draw after everything else, since the labels look for a place that is still free."""
        shown = [(mark, point) for mark in plot.marks if (point := self._inside(mark))]
        points = [point for _, point in shown]
        solid = sum(one.stroke is not Stroke.FAINT for one in plot.series)
        busy = self._busy(plot.series, points, size)
        widths = [self.canvas.text_width(mark.label, TICK_SIZE) + 8 for mark, _ in shown]
        boxes = place_labels(busy, self.frame, points, [(w, TICK_SIZE + 5.0) for w in widths])
        for number, ((mark, point), box) in enumerate(zip(shown, boxes, strict=True)):
            self._draw_mark(mark, point, box, colour_number(solid + number))

    def _draw_mark(self, mark: Mark, point: Point, box: Box, colour: str) -> None:
        near = box.nearest(point)
        if mark.label and math.dist(point, near) > _LEADER:
            self.canvas.line([point, near], LINE, 1)
        self.canvas.dot(point, _RADIUS + 1.5, BACKGROUND)
        self.canvas.dot(point, _RADIUS, colour)
        middle = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
        self.canvas.text(middle, mark.label, TICK_SIZE, TEXT, anchor="mm")

    def _busy(
        self, series: Sequence[Series], points: Sequence[Point], size: tuple[int, int]
    ) -> Image.Image:
        busy = Image.new("L", size)
        draw = ImageDraw.Draw(busy)
        for piece in (piece for one in series for piece in self._pieces(one)):
            draw.line(piece, fill=CURVE, width=4)
        for point in points:
            draw.circle(point, _RADIUS + 2, fill=CURVE)
        return busy

    def _pieces(self, series: Series) -> Iterator[list[Point]]:
        """Give the runs of points between gaps."""
        x = self._across(np.clip(self.x.places(series.x), -_BEYOND, _BEYOND))
        y = self._down(np.clip(self.y.places(series.y), -_BEYOND, _BEYOND))
        known = np.isfinite(x) & np.isfinite(y)
        edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]])))
        for start, end in edges.reshape(-1, 2).tolist():
            yield list(zip(x[start:end].tolist(), y[start:end].tolist(), strict=True))

    def _inside(self, mark: Mark) -> Point | None:
        x, y = float(self.x.places(mark.x)), float(self.y.places(mark.y))
        if not (0 <= x <= 1 and 0 <= y <= 1):
            return None
        return self._across(x), self._down(y)

    def _across(self, place: N) -> N:
        return self.frame.left + place * (self.frame.right - self.frame.left)

    def _down(self, place: N) -> N:
        return self.frame.bottom - place * (self.frame.bottom - self.frame.top)

    def _write(self, point: Point, text: str, anchor: str) -> None:
        self.canvas.text(point, text, TICK_SIZE, TEXT_2, anchor=anchor)


def draw_stroke(canvas: Canvas, points: list[Point], colour: str, stroke: Stroke) -> None:
    """Draw a run of points as the stroke says; a single point is a dot."""
    width = WIDTHS[stroke]
    if len(points) == 1:
        canvas.dot(points[0], width, colour)
    for piece in _dashes(points) if stroke is Stroke.DASHED else [points]:
        if len(piece) > 1:
            canvas.line(piece, colour, width)


def _dashes(points: Sequence[Point]) -> Iterator[list[Point]]:
    """Cut a run of points into dashes of equal length."""
    left, is_drawn, piece = _DASH[0], True, [points[0]]
    for start, end in pairwise(points):
        length, done = math.dist(start, end), 0.0
        while length - done > left:
            done += left
            share = done / length
            cut = (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
            if is_drawn:
                yield [*piece, cut]
            is_drawn = not is_drawn
            left, piece = _DASH[0 if is_drawn else 1], [cut]
        left -= length - done
        piece.append(end)
    if is_drawn:
        yield piece


def _length(tick: Tick) -> float:
    return 5.0 if tick.text else 3.0
