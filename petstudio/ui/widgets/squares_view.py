"""Squares as the network gets them, side by side, with words below where there are any."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from petstudio.jobs.previewing import Square
from petstudio.ui.theme import FontRole, Theme

_GAP: Final = 6
_RADIUS: Final = 5


class SquaresView(QWidget):
    """As many columns as it is told, as high as that makes it."""

    def __init__(
        self,
        theme: Theme,
        *,
        columns: int,
        rows: int,
        name: str,
        spoken: str,
        has_words: bool = False,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._has_words = has_words
        self._columns, self._rows = columns, rows
        self._images: list[QImage] = []
        self._words: Sequence[str] = ()
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)

    @property
    def count(self) -> int:
        return len(self._images)

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self._words)

    def show_squares(self, squares: Sequence[Square], words: Sequence[str] = ()) -> None:
        """Show these; `words` are one for each of them, where there are words."""
        self._images = [_image(square) for square in squares]
        self._words = words
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, self.heightForWidth(300))

    def heightForWidth(self, width: int) -> int:
        side = (width - (self._columns - 1) * _GAP) / self._columns
        return round(self._rows * (side + self._line()) + (self._rows - 1) * _GAP)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        painter.setFont(self._theme.font(FontRole.SMALL))
        side = (self.width() - (self._columns - 1) * _GAP) / self._columns
        for place in range(self._columns * self._rows):
            row, column = divmod(place, self._columns)
            top = row * (side + self._line() + _GAP)
            self._paint_one(painter, place, QRectF(column * (side + _GAP), top, side, side))
        painter.end()

    def _paint_one(self, painter: QPainter, place: int, box: QRectF) -> None:
        outline = QPainterPath()
        outline.addRoundedRect(box, _RADIUS, _RADIUS)
        painter.fillPath(outline, self._theme.color("hover"))
        if place >= len(self._images):
            return
        painter.save()
        painter.setClipPath(outline)
        painter.drawImage(box, self._images[place])
        painter.restore()
        if self._words:
            below = QRectF(box.left(), box.bottom() + 2, box.width(), self._line())
            painter.setPen(self._theme.color("text2"))
            text = painter.fontMetrics().elidedText(
                self._words[place], Qt.TextElideMode.ElideRight, int(box.width())
            )
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)

    def _line(self) -> int:
        height = QFontMetrics(self._theme.font(FontRole.SMALL)).height()
        return height + 4 if self._has_words else 0


def _image(square: Square) -> QImage:
    height, width, _ = square.pixels.shape
    content = square.pixels.tobytes()
    # The image does not keep the bytes; a copy does.
    return QImage(content, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
