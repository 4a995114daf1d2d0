"""Line plots as pictures, drawn with Pillow alone: for the command line and for documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PIL import Image

from petstudio.api.errors import InputError
from petstudio.api.language import tr
from petstudio.config.atomic import write_with
from petstudio.images.plot_area import Area, draw_stroke
from petstudio.images.plot_canvas import Box, Canvas
from petstudio.images.plot_parts import (
    BACKGROUND,
    BAND,
    GAP,
    NAME_SIZE,
    PAD,
    TEXT,
    TEXT_2,
    TICK_SIZE,
    TITLE_SIZE,
    Band,
    LinePlot,
    Mark,
    Series,
    Stroke,
    series_colours,
)
from petstudio.images.plot_scales import Axis, scale_of

__all__ = ["Axis", "Band", "LinePlot", "Mark", "Series", "Stroke", "draw_plot", "save_plot"]

SIZE: Final = (900, 520)
SMALLEST: Final = (240, 180)

_SAMPLE: Final = 26  # pixels of line before a name in the legend
_ROW: Final = 22
_PIXELS_PER_TICK: Final = (80, 44)  # across, down


def save_plot(path: Path, plot: LinePlot, size: tuple[int, int] = SIZE) -> None:
    """Draw the plot into a PNG file; an older file stays until the new one is whole.

    Raises:
        InputError: the name does not end in .png.
        MachineError: the file cannot be written.
    """
    if path.suffix.lower() != ".png":
        raise InputError(
            tr("A plot is a PNG picture, and {path} is not the name of one.", path=path.name),
            cure=tr("Give the file a name that ends in .png."),
        )
    picture = draw_plot(plot, size).quantize(256, dither=Image.Dither.NONE)
    write_with(path, lambda stream: picture.save(stream, "PNG", optimize=True))


def draw_plot(plot: LinePlot, size: tuple[int, int] = SIZE) -> Image.Image:
    """Return the plot as an RGB picture of this width and height."""
    if size[0] < SMALLEST[0] or size[1] < SMALLEST[1]:
        raise ValueError(f"{size} is too small for a plot")
    canvas = Canvas(size, BACKGROUND)
    x = scale_of(plot.x_axis, [*(s.x for s in plot.series), [mark.x for mark in plot.marks]])
    y = scale_of(plot.y_axis, [*(s.y for s in plot.series), [mark.y for mark in plot.marks]])
    top = _draw_head(canvas, plot, size[0])
    bottom = size[1] - PAD - TICK_SIZE - GAP - (NAME_SIZE + GAP if plot.x_axis.label else 0)
    y_ticks = y.ticks(max(2, int((bottom - top) / _PIXELS_PER_TICK[1])))
    widest = max((canvas.text_width(tick.text, TICK_SIZE) for tick in y_ticks), default=0)
    frame = Box(PAD + widest + GAP, top, size[0] - PAD - GAP, bottom)
    x_ticks = x.ticks(max(2, int((frame.right - frame.left) / _PIXELS_PER_TICK[0])))
    area = Area(canvas=canvas, frame=frame, x=x, y=y)
    area.draw_ground(plot.bands, x_ticks, y_ticks)
    area.draw_axes(x_ticks, y_ticks, plot.x_axis.label)
    area.draw_curves(plot.series)
    area.draw_marks(plot, size)
    return canvas.finished()


def _draw_head(canvas: Canvas, plot: LinePlot, width: int) -> float:
    """Draw title, legend and the y axis's label; return where the frame may begin."""
    top = float(PAD)
    if plot.title:
        title = canvas.fitting(plot.title, TITLE_SIZE, width - 2 * PAD)
        canvas.text((PAD, top), title, TITLE_SIZE, TEXT, anchor="la")
        top += TITLE_SIZE + 1.5 * GAP
    top = _draw_legend(canvas, plot, top, width)
    if plot.y_axis.label:
        canvas.text((PAD, top), plot.y_axis.label, NAME_SIZE, TEXT_2, anchor="la")
        top += NAME_SIZE
    return top + GAP


def _draw_legend(canvas: Canvas, plot: LinePlot, top: float, width: int) -> float:
    """Draw one row of names, or more where they do not fit; return where the next row begins."""
    left, is_empty = float(PAD), True
    for full_name, colour, stroke in _entries(plot):
        name = canvas.fitting(full_name, NAME_SIZE, width - 2 * PAD - _SAMPLE - GAP)
        needed = _SAMPLE + GAP + canvas.text_width(name, NAME_SIZE)
        if not is_empty and left + needed > width - PAD:
            left, top = float(PAD), top + _ROW
        middle = top + NAME_SIZE / 2
        if stroke is None:
            canvas.box(Box(left, top, left + _SAMPLE, top + NAME_SIZE), colour)
        else:
            draw_stroke(canvas, [(left, middle), (left + _SAMPLE, middle)], colour, stroke)
        canvas.text((left + _SAMPLE + GAP, middle), name, NAME_SIZE, TEXT, anchor="lm")
        left, is_empty = left + needed + 2.5 * GAP, False
    return top if is_empty else top + _ROW + GAP / 2


def _entries(plot: LinePlot) -> Iterator[tuple[str, str, Stroke | None]]:
    """Give name, colour and stroke of what the legend names; a band has no stroke."""
    for series, colour in zip(plot.series, series_colours(plot.series), strict=True):
        if series.name:
            yield series.name, colour, series.stroke
    for band in plot.bands:
        if band.name:
            yield band.name, BAND, None
