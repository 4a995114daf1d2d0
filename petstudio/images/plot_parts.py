"""What a plot shows, as data, and the colours and sizes that it is drawn in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from petstudio.images.plot_canvas import blend
from petstudio.images.plot_scales import Axis

# The window's chart colours on light ground: told apart with each kind of colour blindness.
PALETTE: Final = ("#1C7BDB", "#C75F0B", "#00564A", "#8E2A92", "#65500A", "#7C8692")
BACKGROUND: Final = "#FFFFFF"
GRID: Final = "#DFE4EB"
LINE: Final = "#828C9A"
TEXT: Final = "#1A1E25"
TEXT_2: Final = "#465061"
BAND: Final = "#F0F4FA"

TITLE_SIZE: Final = 18
NAME_SIZE: Final = 14
TICK_SIZE: Final = 13
PAD: Final = 18
GAP: Final = 8

_FAINT: Final = 0.6  # share of the background in a faint curve
_PLAIN_AXIS: Final = Axis()


class Stroke(Enum):
    """How a curve is drawn. A faint one has the colour of the next that is not faint."""

    SOLID = "solid"
    DASHED = "dashed"
    FAINT = "faint"


@dataclass(frozen=True, kw_only=True)
class Series:
    """One curve; a value that is not a finite number leaves a gap."""

    x: Sequence[float]
    y: Sequence[float]
    name: str = ""
    stroke: Stroke = Stroke.SOLID


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A dot with a label beside it; one outside the axes' limits is left out."""

    x: float
    y: float
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Band:
    """A shaded range of the x axis."""

    start: float
    end: float
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class LinePlot:
    """Named series and bands stand in the legend. Letters that are not ASCII lose their accents."""

    title: str = ""
    x_axis: Axis = _PLAIN_AXIS
    y_axis: Axis = _PLAIN_AXIS
    series: tuple[Series, ...] = ()
    marks: tuple[Mark, ...] = ()
    bands: tuple[Band, ...] = ()


def series_colours(series: Sequence[Series]) -> list[str]:
    """Return a colour for each curve."""
    colours = []
    used = 0
    for one in series:
        colour = colour_number(used)
        if one.stroke is Stroke.FAINT:
            colours.append(blend(colour, BACKGROUND, _FAINT))
        else:
            colours.append(colour)
            used += 1
    return colours


def colour_number(number: int) -> str:
    return PALETTE[number % len(PALETTE)]
