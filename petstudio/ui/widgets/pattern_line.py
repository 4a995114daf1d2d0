"""A field for a pattern in which the part that becomes the label is tinted."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QAction, QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit

from petstudio.api.language import tr
from petstudio.jobs.pattern_building import GROUP, LABEL, span_of_group
from petstudio.ui.theme import Theme

_TINT: Final = 0.22
_GOOD: Final = tr("The pattern fits")


class PatternLine(QLineEdit):
    """Letters of one width; a mark at the right says that the pattern gave labels."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._mark: QAction | None = None
        self.setProperty("mono", True)
        theme.changed.connect(self._draw_mark)

    def show_mark(self, is_good: bool) -> None:
        """Say whether the pattern, as it stands, was proved."""
        if is_good == (self._mark is not None):
            return
        if self._mark is not None:
            self.removeAction(self._mark)
            self._mark.deleteLater()
            self._mark = None
            return
        self._mark = QAction(self)
        self._mark.setToolTip(_GOOD)
        self.addAction(self._mark, QLineEdit.ActionPosition.TrailingPosition)
        self._draw_mark()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        accent, other = self._theme.color("accent"), QColor(self._theme.tokens.series[2])
        for name, color in ((LABEL, accent), (GROUP, other)):
            self._paint_tint(painter, name, color)
        painter.end()

    def _paint_tint(self, painter: QPainter, name: str, color: QColor) -> None:
        span = span_of_group(self.text(), name)
        if span is None:
            return
        metrics = QFontMetricsF(self.font())
        # The field scrolls: where its cursor is, is the one place that it tells.
        cursor = self.cursorRect()
        origin = cursor.center().x() - metrics.horizontalAdvance(
            self.text()[: self.cursorPosition()]
        )
        left, right = (origin + metrics.horizontalAdvance(self.text()[:at]) for at in span)
        tint = QRectF(left - 1, cursor.top() + 2, right - left + 2, cursor.height() - 4)
        color.setAlphaF(_TINT)
        painter.setBrush(color)
        inner = self.contentsRect().adjusted(6, 0, -6, 0)
        painter.drawRoundedRect(tint.intersected(QRectF(inner)), 3, 3)

    @Slot()
    def _draw_mark(self) -> None:
        if self._mark is not None:
            self._mark.setIcon(self._theme.icon("check-circle-fill", "ok"))
