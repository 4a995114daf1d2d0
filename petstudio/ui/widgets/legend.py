"""A row of marks with their names, at the right end of its room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from petstudio.ui.theme import FontRole, Theme

_LINE: Final = 22
_GAP: Final = 6
_BETWEEN: Final = 16
_WIDEST: Final = 20  # letters of a name
_LEAST: Final = 12
_AROUND: Final = 2  # pixels beside a name's letters
_LEAST_HEIGHT: Final = 20


@dataclass(frozen=True, kw_only=True)
class LegendEntry:
    """`paint` draws the mark into its box; `short` stands where there is no room for the name."""

    name: str
    paint: Callable[[QPainter, QRectF], None]
    short: str = ""


class Legend(QWidget):
    """Marks are painted as what they explain; long names are cut, and more where room is short."""

    def __init__(self, theme: Theme, *, mark: int = _LINE) -> None:
        super().__init__()
        self._theme = theme
        self._mark = mark
        self._entries: tuple[LegendEntry, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)
        theme.changed.connect(self.update)

    def show_entries(self, entries: Sequence[LegendEntry], spoken: str) -> None:
        self._entries = tuple(entries)
        self.setAccessibleName(spoken)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._taken(self._widest()), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._marks(), self._height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font(FontRole.SMALL))
        is_tight = self.width() < self.sizeHint().width()
        widest = self._share() if is_tight else self._widest()
        left = float(max(0, self.width() - self._taken(widest)))
        for entry in self._entries:
            entry.paint(painter, QRectF(left, 0, self._mark, self.height()))
            left += self._mark + _GAP
            name = self._shown(entry, widest)
            box = QRectF(left, 0, self._room(name), self.height())
            painter.setPen(self._theme.color("text2"))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)
            left = box.right() + _BETWEEN
        painter.end()

    def _share(self) -> int:
        return (self.width() - self._marks()) // max(1, len(self._entries)) - _AROUND

    def _shown(self, entry: LegendEntry, widest: int) -> str:
        if entry.short and widest < _LEAST * self._letters().averageCharWidth():
            return entry.short
        return self._letters().elidedText(entry.name, Qt.TextElideMode.ElideRight, widest)

    def _taken(self, widest: int) -> int:
        names = (self._shown(entry, widest) for entry in self._entries)
        return sum(map(self._room, names)) + self._marks()

    def _marks(self) -> int:
        count = len(self._entries)
        return count * (self._mark + _GAP) + max(0, count - 1) * _BETWEEN

    def _room(self, name: str) -> int:
        return self._letters().horizontalAdvance(name) + _AROUND

    def _height(self) -> int:
        return max(_LEAST_HEIGHT, self._letters().height())

    def _letters(self) -> QFontMetrics:
        return QFontMetrics(self._theme.font(FontRole.SMALL))

    def _widest(self) -> int:
        return _WIDEST * self._letters().averageCharWidth()


def draw_line(painter: QPainter, box: QRectF, pen: QPen) -> None:
    """Draw a piece of a curve across the middle of a mark's box."""
    middle = box.center().y()
    painter.setPen(pen)
    painter.drawLine(QPointF(box.left(), middle), QPointF(box.right(), middle))
