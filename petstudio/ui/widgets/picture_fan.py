"""A few pictures laid out like a hand of cards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from petstudio.ui.theme import Theme
from petstudio.ui.widgets.tile_painting import middle_of

_DEGREES_APART: Final = 8.0
_OVERLAP: Final = 0.08
_MARGIN: Final = 0.42
_BORDER: Final = 3


class PictureFan(QWidget):
    """Shows up to five pictures; decoration only, so it has no accessible name."""

    def __init__(self, theme: Theme, *, side: int) -> None:
        super().__init__()
        self._theme = theme
        self._side = side
        self._pictures: tuple[QPixmap, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_pictures(self, pictures: Sequence[QPixmap]) -> None:
        self._pictures = tuple(pictures)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(5 * self._side, round(self._side * (1 + _MARGIN)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        middle = (len(self._pictures) - 1) / 2
        order = sorted(range(len(self._pictures)), key=lambda i: -abs(i - middle))
        for number in order:
            self._paint_picture(painter, self._pictures[number], number - middle)
        painter.end()

    def _paint_picture(self, painter: QPainter, picture: QPixmap, place: float) -> None:
        painter.save()
        step = self._side * (1 - _OVERLAP)
        drop = abs(place) * self._side * 0.035
        painter.translate(self.width() / 2 + place * step, self.height() / 2 + drop)
        painter.rotate(place * _DEGREES_APART)
        half = self._side / 2
        card = QRectF(-half, -half, self._side, self._side)
        painter.setPen(self._theme.color("hair"))
        painter.setBrush(self._theme.color("surface"))
        painter.drawRoundedRect(card, 7, 7)
        self._fill(painter, picture, card.adjusted(_BORDER, _BORDER, -_BORDER, -_BORDER))
        painter.restore()

    def _fill(self, painter: QPainter, picture: QPixmap, box: QRectF) -> None:
        outline = QPainterPath()
        outline.addRoundedRect(box, 5, 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillPath(outline, self._theme.color("hover"))
        if picture.isNull():
            return
        painter.setClipPath(outline)
        painter.drawPixmap(box, picture, QRectF(middle_of(picture, box.toRect())))
