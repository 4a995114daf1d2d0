"""Phosphor icons by name, in a colour of the theme.

The font is the one that qtawesome brings along, and an icon looks as qtawesome would draw it.
Importing that library, which loads thirteen fonts, would cost the first window 0.15 s.
"""

from __future__ import annotations

import json
import logging
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

_BEARING: Final = 0.875  # the part of the icon's height that the glyph takes

logger = logging.getLogger(__name__)


def draw_icon(name: str, color: str, disabled: str) -> QIcon:
    """Return the icon; an unknown name gives an empty one and a line in the log."""
    code = _codes().get(name)
    if code is None:
        logger.warning("There is no icon named %s", name)
        return QIcon()
    engine = _GlyphEngine(chr(int(code, 16)), QColor(color), QColor(disabled))
    # WORKAROUND: PySide6 6.11. An icon that was made of an engine holds it as its child in Python
    # too; collected in a cycle, the engine goes first, and the icon then frees it once more. A copy
    # of the icon holds it in C++ alone.
    return QIcon(QIcon(engine))


class _GlyphEngine(QIconEngine):
    def __init__(self, glyph: str, color: QColor, disabled: QColor) -> None:
        super().__init__()
        self._glyph = glyph
        self._color = color
        self._disabled = disabled

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        font = QFont(_family())
        font.setPixelSize(max(1, round(_BEARING * rect.height())))
        painter.save()
        painter.setPen(self._disabled if mode is QIcon.Mode.Disabled else self._color)
        painter.setFont(font)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._glyph)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap


@cache
def _codes() -> dict[str, str]:
    codes = json.loads(_font_file("phosphor-charmap-*.json").read_text("ascii"))
    assert isinstance(codes, dict)
    return codes


@cache
def _family() -> str:
    number = QFontDatabase.addApplicationFontFromData(_font_file("phosphor-*.ttf").read_bytes())
    return QFontDatabase.applicationFontFamilies(number)[0]


def _font_file(pattern: str) -> Path:
    library = find_spec("qtawesome")  # finds the folder without importing what is in it
    assert library is not None
    assert library.origin is not None
    return next(iter((Path(library.origin).parent / "fonts").glob(pattern)))
