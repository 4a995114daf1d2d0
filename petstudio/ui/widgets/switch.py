"""A switch: on or off, at once."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from petstudio.ui.theme import Theme

_TRACK: Final = QSize(34, 18)
_ROUND: Final = 4  # room for the ring that shows the focus


class Switch(QAbstractButton):
    """Space and a click turn it; place and fill of the knob say how it stands."""

    def __init__(self, theme: Theme, *, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName(name)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(_TRACK.width() + 2 * _ROUND, _TRACK.height() + 2 * _ROUND)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(self.rect()).adjusted(_ROUND, _ROUND, -_ROUND, -_ROUND)
        half = track.height() / 2
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("focus"), 2))
            painter.drawRoundedRect(track.adjusted(-3, -3, 3, 3), half + 3, half + 3)
        is_on, edge = self.isChecked(), "accent" if self.isChecked() else "control"
        painter.setPen(QPen(self._theme.color(edge if self.isEnabled() else "line"), 1.5))
        painter.setBrush(self._theme.color(self._fill()))
        painter.drawRoundedRect(track.adjusted(0.75, 0.75, -0.75, -0.75), half, half)
        knob = QPointF(track.right() - half if is_on else track.left() + half, track.center().y())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("on_accent" if is_on else edge))
        painter.drawEllipse(knob, half - 3.5, half - 3.5)
        painter.end()

    def _fill(self) -> str:
        if not self.isChecked():
            return "surface"
        return "accent" if self.isEnabled() else "disabled"
