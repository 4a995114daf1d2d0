"""How the series of a chart look: colour, line and marker always come together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from petstudio.ui.theme import Theme


@dataclass(frozen=True, kw_only=True)
class SeriesLook:
    """`dashes` in widths of the pen, none for a solid line; `marker` as pyqtgraph calls it."""

    dashes: tuple[int, ...] = ()
    marker: str | None = None
    width: float = 2.0


LOOKS: Final = (
    SeriesLook(),
    SeriesLook(dashes=(3, 2), marker="o"),
    SeriesLook(marker="t1"),
    SeriesLook(dashes=(4, 2, 1, 2), marker="d"),
    SeriesLook(dashes=(1, 2), marker="s"),
    SeriesLook(width=1.0),
)


def series_color(theme: Theme, series: int) -> QColor:
    return QColor(theme.tokens.series[series])


def series_pen(theme: Theme, series: int, *, extra: float = 0.0) -> QPen:
    """Return the pen of a series; `extra` pixels make it wider."""
    look = LOOKS[series]
    pen: QPen = pg.mkPen(series_color(theme, series), width=look.width + extra)
    if look.dashes:
        pen.setDashPattern([float(dash) for dash in look.dashes])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen
