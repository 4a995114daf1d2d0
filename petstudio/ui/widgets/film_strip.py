"""The pictures before and after the one that is looked at."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from petstudio.api.language import tr
from petstudio.bridge.picture_list import Pictures, PictureTuple
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.thumbnail_cache import ThumbnailCache
from petstudio.ui.widgets.tile_painting import middle_of

_HEIGHT: Final = 72
_GAP: Final = 6
_EDGE: Final = 3
_SIDE: Final = 96
_RADIUS: Final = 4


class FilmStrip(QWidget):
    """The current picture is in the middle; the keys for the others belong to the page."""

    chosen = Signal(int)
    """The row of the picture that was clicked."""

    def __init__(self, theme: Theme, thumbnails: ThumbnailCache) -> None:
        super().__init__()
        self._theme = theme
        self._thumbnails = thumbnails
        self._pictures: Pictures = PictureTuple()
        self._row = 0
        self.setObjectName("label.strip")
        self.setAccessibleName(tr("Pictures before and after"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        thumbnails.changed.connect(self.update)
        theme.changed.connect(self.update)

    def show_row(self, pictures: Pictures, row: int) -> None:
        self._pictures, self._row = pictures, row
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for row in self._visible_rows():
            if self._place(row).contains(event.position().toPoint()):
                self.chosen.emit(row)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for row in self._visible_rows():
            self._paint_picture(painter, row)
        painter.end()

    def _paint_picture(self, painter: QPainter, row: int) -> None:
        place = self._place(row).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        shape = QPainterPath()
        shape.addRoundedRect(place.toRectF(), _RADIUS, _RADIUS)
        pixmap = self._thumbnails.pixmap(self._pictures[row].path, _SIDE)
        painter.save()
        painter.fillPath(shape, self._theme.color("hover"))
        if pixmap is not None and not pixmap.isNull():
            painter.setClipPath(shape)
            painter.drawPixmap(place, pixmap, middle_of(pixmap, place))
        painter.restore()
        if row == self._row:
            painter.setPen(QPen(self._theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            edge = self._place(row).toRectF().adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(edge, _RADIUS + 1, _RADIUS + 1)

    def _visible_rows(self) -> range:
        beside = self.width() // (2 * (_HEIGHT + _GAP)) + 1
        return range(max(0, self._row - beside), min(len(self._pictures), self._row + beside + 1))

    def _place(self, row: int) -> QRect:
        left = (self.width() - _HEIGHT) // 2 + (row - self._row) * (_HEIGHT + _GAP)
        return QRect(left, 0, _HEIGHT, _HEIGHT)
