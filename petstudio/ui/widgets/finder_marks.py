"""How each suggestion of a sweep looks and what it is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from petstudio.api.events import RateRule
from petstudio.api.language import tr
from petstudio.ui.theme import Theme

_ICON_SIDE: Final = 14
_MARK_SIDE: Final = 10


@dataclass(frozen=True, kw_only=True)
class MarkLook:
    """`symbol` is pyqtgraph's name of the form, `series` the place of the colour."""

    word: str
    button: str
    symbol: str
    series: int


LOOKS: Final[Mapping[RateRule, MarkLook]] = MappingProxyType(
    {
        RateRule.VALLEY: MarkLook(word=tr("valley"), button=tr("Valley"), symbol="o", series=2),
        RateRule.STEEPEST: MarkLook(
            word=tr("steepest"), button=tr("Steepest"), symbol="t1", series=1
        ),
        RateRule.MINIMUM: MarkLook(
            word=tr("min / 10"), button=tr("Min / 10"), symbol="d", series=3
        ),
        RateRule.SLIDE: MarkLook(word=tr("slide"), button=tr("Slide"), symbol="s", series=4),
    }
)


def mark_color(theme: Theme, rule: RateRule) -> QColor:
    return QColor(theme.tokens.series[LOOKS[rule].series])


def mark_icon(theme: Theme, rule: RateRule) -> QIcon:
    """Return the mark of the plot for a button, grey where that is disabled."""
    icon = QIcon()
    icon.addPixmap(_pixmap(rule, mark_color(theme, rule)), QIcon.Mode.Normal)
    icon.addPixmap(_pixmap(rule, theme.color("disabled")), QIcon.Mode.Disabled)
    return icon


def _pixmap(rule: RateRule, color: QColor) -> QPixmap:
    scale = 2  # sharp on a dense screen, too
    pixmap = QPixmap(scale * _ICON_SIDE, scale * _ICON_SIDE)
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.translate(_ICON_SIDE / 2, _ICON_SIDE / 2)
    painter.scale(_MARK_SIDE, _MARK_SIDE)
    painter.drawPath(Symbols[LOOKS[rule].symbol])
    painter.end()
    return pixmap
