"""A file name in which the part that became the label is tinted."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from petstudio.ui.theme import FontRole, Theme


class TintedName(QWidget):
    """One name on a line of its own."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._path = ""
        self._span = (0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_name(self, path: str, span: tuple[int, int]) -> None:
        self._path, self._span = path, span
        self.setAccessibleName(path)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self._theme.font(FontRole.MONO, QFont.Weight.DemiBold))
        return QSize(round(metrics.horizontalAdvance(self._path)) + 8, round(metrics.height()) + 6)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_tinted_name(painter, self._theme, QRectF(self.rect()), self._path, self._span)
        painter.end()


def paint_tinted_name(
    painter: QPainter, theme: Theme, box: QRectF, path: str, span: tuple[int, int]
) -> None:
    """Draw the name from the left edge of the box, elided in the middle when it is too long."""
    plain = theme.font(FontRole.MONO)
    strong = theme.font(FontRole.MONO, QFont.Weight.DemiBold)
    start, end = span
    x = box.left()
    parts = (path[:start], path[start:end], path[end:])
    for part, font, width in _fit(parts, (plain, strong, plain), box.width()):
        cell = QRectF(x, box.top(), width, box.height())
        if font is strong and part:
            _paint_tint(painter, theme, cell, QFontMetricsF(font).height())
        painter.setFont(font)
        painter.setPen(theme.color("accent_text" if font is strong else "text2"))
        painter.drawText(cell, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, part)
        x += width


def _paint_tint(painter: QPainter, theme: Theme, cell: QRectF, height: float) -> None:
    tint = QRectF(cell.left() - 1, cell.center().y() - height / 2 - 1, cell.width() + 2, height + 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("accent_soft"))
    painter.drawRoundedRect(tint, 3, 3)


def _fit(
    parts: tuple[str, str, str], fonts: tuple[QFont, QFont, QFont], width: float
) -> list[tuple[str, QFont, float]]:
    """Shorten what stands before the label first, then after it, then the label itself.

    Each part comes back with its font and its width.
    """
    texts = list(parts)
    metrics = [QFontMetricsF(font) for font in fonts]
    lengths = [m.horizontalAdvance(text) for m, text in zip(metrics, texts, strict=True)]
    for number in (0, 2, 1):
        excess = sum(lengths) - width
        if excess <= 0:
            break
        room = max(0.0, lengths[number] - excess)
        shorter = metrics[number].elidedText(texts[number], Qt.TextElideMode.ElideMiddle, room)
        texts[number] = shorter
        lengths[number] = metrics[number].horizontalAdvance(shorter)
    return list(zip(texts, fonts, lengths, strict=True))
