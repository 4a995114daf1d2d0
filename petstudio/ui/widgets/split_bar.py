"""The split as a bar with a handle: what trains at the left, what validates at the right."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy

from petstudio.api.language import tr
from petstudio.ui.theme import FontRole, Theme

LEAST_PERCENT: Final = 1
MOST_PERCENT: Final = 90
_HANDLE_WIDTH: Final = 8
_GAP: Final = 2


class SplitBar(QAbstractSlider):
    """A slider over the share of validation pictures, in per cent."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._counts = (0, 0, 0)
        self.setObjectName("data.split")
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setRange(LEAST_PERCENT, MOST_PERCENT)
        self.setSingleStep(1)
        self.setPageStep(5)
        # The handle goes where the arrow points, and the share at its right shrinks.
        self.setInvertedControls(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Share of validation pictures, per cent"))
        theme.changed.connect(self.update)

    def show_counts(self, train: int, valid: int, test: int) -> None:
        """Show what the split gives; counts follow the data, the handle follows the share."""
        self._counts = (train, valid, test)
        self.setAccessibleDescription(
            tr(
                "{train:,} train, {valid:,} validation, {test:,} test pictures",
                train=train,
                valid=valid,
                test=test,
            )
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, max(34, self.fontMetrics().height() + 16))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(True)
        self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = self._edge()
        height = self.height()
        train = QRectF(0, 0, edge - _GAP, height)
        rest = QRectF(edge + _GAP, 0, self.width() - edge - _GAP, height)
        teal = QColor(self._theme.tokens.series[2])
        teal.setAlphaF(0.16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("accent_soft"))
        painter.drawRoundedRect(train, 6, 6)
        painter.setBrush(teal)
        painter.drawRoundedRect(rest, 6, 6)
        if any(self._counts):
            words = tr("Train  {train:,}", train=self._counts[0])
            self._paint_text(painter, train, words, "accent_text")
            self._paint_text(painter, rest, _rest_words(*self._counts[1:]), "text")
        if self.isEnabled():
            self._paint_handle(painter, edge)
        painter.end()

    def _paint_text(self, painter: QPainter, box: QRectF, text: str, token: str) -> None:
        painter.setPen(self._theme.color(token))
        painter.setFont(self._theme.font(FontRole.BODY, QFont.Weight.DemiBold))
        inner = box.adjusted(12, 0, -6, 0)
        shown = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, max(0, int(inner.width()))
        )
        left_middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, left_middle, shown)

    def _paint_handle(self, painter: QPainter, edge: float) -> None:
        box = QRectF(edge - _HANDLE_WIDTH / 2, 3, _HANDLE_WIDTH, self.height() - 6)
        painter.setPen(QPen(self._theme.color("focus" if self.hasFocus() else "accent"), 2))
        painter.setBrush(self._theme.color("accent_soft" if self.hasFocus() else "surface"))
        painter.drawRoundedRect(box, 4, 4)

    def _edge(self) -> float:
        if self.isEnabled() or not any(self._counts):
            share = self.value() / 100
        else:
            share = 1 - self._counts[0] / max(1, sum(self._counts))
        usable = self.width() - _HANDLE_WIDTH
        return _HANDLE_WIDTH / 2 + usable * (1 - share)

    def _follow(self, event: QMouseEvent) -> None:
        usable = max(1, self.width() - _HANDLE_WIDTH)
        share = 1 - (event.position().x() - _HANDLE_WIDTH / 2) / usable
        self.setValue(round(100 * share))


def _rest_words(valid: int, test: int) -> str:
    if test:
        return tr("Valid  {valid:,}   Test  {test:,}", valid=valid, test=test)
    return tr("Valid  {valid:,}", valid=valid)
