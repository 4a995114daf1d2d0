"""A tile with a large number and a word, which opens the pictures that it counts."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from petstudio.api.language import shown_number, tr
from petstudio.bridge.run_comparison import ComparedPart
from petstudio.ui.theme import FontRole, Theme

_RADIUS: Final = 8
_PADDING: Final = 14
_TOKENS: Final = {
    ComparedPart.FIXED: ("ok_soft", "ok"),
    ComparedPart.BROKEN: ("err_soft", "err"),
    ComparedPart.BOTH_WRONG: ("hover", "text"),
    ComparedPart.BOTH_RIGHT: ("hover", "text"),
}
_WORDS: Final = {
    ComparedPart.FIXED: tr("fixed"),
    ComparedPart.BROKEN: tr("broken"),
    ComparedPart.BOTH_WRONG: tr("both wrong"),
    ComparedPart.BOTH_RIGHT: tr("both right"),
}
_UNKNOWN: Final = ("hover", "text3")
_NONE: Final = "…"


class ComparisonTile(QAbstractButton):
    """Not to be pressed while it counts nothing."""

    def __init__(self, theme: Theme, part: ComparedPart) -> None:
        super().__init__()
        self._theme = theme
        self._part = part
        self._count: int | None = None
        self.setObjectName(f"runs.tile.{part.name.lower()}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)
        self.show_count(None)

    @property
    def count(self) -> int | None:
        return self._count

    def show_count(self, count: int | None) -> None:
        """Show how many pictures there are; None while that is not known."""
        self._count = count
        self.setEnabled(bool(count))
        number = tr("not compared yet") if count is None else shown_number(count)
        self.setAccessibleName(f"{_WORDS[self._part]}: {number}")
        self.setToolTip(tr("Open the pictures") if count else "")
        self.update()

    def sizeHint(self) -> QSize:
        number, word = self._heights()
        return QSize(120, number + word + 2 * _PADDING)

    def minimumSizeHint(self) -> QSize:
        number, word = self._heights()
        return QSize(84, number + word + 12)

    def paintEvent(self, _event: QPaintEvent) -> None:
        ground, ink = _TOKENS[self._part] if self._count is not None else _UNKNOWN
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        is_lit = self.isEnabled() and (self.underMouse() or self.hasFocus())
        edge = self._theme.color("focus" if self.hasFocus() else ink)
        painter.setPen(QPen(edge, 2 if self.hasFocus() else 1) if is_lit else Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(ground))
        painter.drawRoundedRect(box, _RADIUS, _RADIUS)
        self._paint_words(painter, box, ink)

    def _paint_words(self, painter: QPainter, box: QRectF, ink: str) -> None:
        number, word = self._heights()
        top = box.center().y() - (number + word) / 2
        left, width = box.left() + _PADDING, box.width() - 2 * _PADDING
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self._theme.color(ink))
        painter.setFont(self._theme.font(FontRole.FIGURE, QFont.Weight.DemiBold))
        shown = _NONE if self._count is None else shown_number(self._count)
        painter.drawText(QRectF(left, top, width, number), flags, shown)
        painter.setPen(self._theme.color("text2" if ink == "text" else ink))
        painter.setFont(self._theme.font(FontRole.SMALL))
        painter.drawText(QRectF(left, top + number, width, word), flags, _WORDS[self._part])

    def _heights(self) -> tuple[int, int]:
        number = QFontMetrics(self._theme.font(FontRole.FIGURE, QFont.Weight.DemiBold))
        word = QFontMetrics(self._theme.font(FontRole.SMALL))
        return number.height(), word.height() + 2
