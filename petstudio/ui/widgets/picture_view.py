"""One picture in the inspector, with what it shows written on it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from petstudio.api.language import tr
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.tokens import ON_PICTURE, PICTURE_VEIL
from petstudio.ui.widgets.thumbnail_cache import ThumbnailCache
from petstudio.ui.widgets.tile_painting import fitted

_WIDTH: Final = 300
_SIDE: Final = 448
_RADIUS: Final = 6
_BROKEN: Final = tr("This picture cannot be read.")


class PictureView(QWidget):
    """Keeps its height; the picture is fitted in."""

    def __init__(
        self, theme: Theme, pictures: ThumbnailCache, *, height: int, nothing: str
    ) -> None:
        """`nothing` is what stands there while there is no picture."""
        super().__init__()
        self._theme = theme
        self._pictures = pictures
        self._height = height
        self._nothing = nothing
        self._file: Path | None = None
        self._words = ""
        self._stand_in = QPixmap()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        pictures.changed.connect(self._refresh)

    def show_file(self, file: Path | None, words: str = "", *, spoken: str = "") -> None:
        """Show a file with these words on it; `spoken` is its name."""
        self._file, self._words, self._stand_in = file, words, QPixmap()
        self.setAccessibleName(spoken)
        self.update()

    def show_instead(self, pixmap: QPixmap, words: str) -> None:
        """Show another picture in its place, until `show_file`."""
        self._stand_in, self._words = pixmap, words
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, self._height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)
        painter.fillPath(outline, self._theme.color("hover"))
        pixmap = self._pixmap()
        box = QRectF(self.rect())
        if pixmap is not None and not pixmap.isNull():
            box = self._paint_pixmap(painter, pixmap)
        elif self._file is None or pixmap is not None:
            self._paint_note(painter, self._nothing if self._file is None else _BROKEN)
        if self._words:
            self._paint_words(painter, box)
        painter.end()

    def _pixmap(self) -> QPixmap | None:
        if not self._stand_in.isNull():
            return self._stand_in
        return self._pictures.pixmap(self._file, _SIDE) if self._file else None

    def _paint_pixmap(self, painter: QPainter, pixmap: QPixmap) -> QRectF:
        box = fitted(pixmap, QRectF(self.rect()))
        outline = QPainterPath()
        outline.addRoundedRect(box, _RADIUS, _RADIUS)
        painter.setClipPath(outline)
        painter.drawPixmap(box, pixmap, QRectF(pixmap.rect()))
        painter.setClipping(False)
        return box

    def _paint_note(self, painter: QPainter, text: str) -> None:
        painter.setPen(self._theme.color("text3"))
        painter.setFont(self._theme.font(FontRole.SMALL))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(QRectF(self.rect()).adjusted(20, 0, -20, 0), flags, text)

    def _paint_words(self, painter: QPainter, picture: QRectF) -> None:
        painter.setFont(self._theme.font(FontRole.SMALL, QFont.Weight.DemiBold))
        metrics = painter.fontMetrics()
        text = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, self.width() - 36)
        height = metrics.height() + 6
        width = metrics.horizontalAdvance(text) + 14
        left = max(8.0, min(picture.left() + 8, self.width() - width - 8.0))
        box = QRectF(left, picture.bottom() - height - 8, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(*PICTURE_VEIL))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(ON_PICTURE))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    @Slot()
    def _refresh(self) -> None:
        self.update()
