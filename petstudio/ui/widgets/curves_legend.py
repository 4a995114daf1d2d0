"""The legend of the curves: a piece of each line, and the run that it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from petstudio.api.language import tr
from petstudio.bridge.run_curves import RunCurve
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.series_look import series_pen

_MARK: Final = 22
_GAP: Final = 6
_BETWEEN: Final = 16
_WIDEST: Final = 18  # letters of a name
_LEAST: Final = 12


class CurvesLegend(QWidget):
    """Painted with the pens of the plot; long names are cut, and cut more where room is short."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._names: dict[int, str] = {}
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_curves(self, curves: Mapping[int, RunCurve]) -> None:
        """Name the lines, by their series."""
        self._names = {series: f"{c.number} {c.name}" for series, c in sorted(curves.items())}
        spoken = ", ".join(self._names.values())
        self.setAccessibleName(tr("Lines: {runs}", runs=spoken) if spoken else tr("No lines"))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        letters, widest = self._letters(), self._widest()
        words = sum(min(letters.horizontalAdvance(n) + 2, widest) for n in self._names.values())
        return QSize(words + self._marks(), max(20, letters.height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._marks(), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font(FontRole.SMALL))
        is_tight = self.width() < self.sizeHint().width()
        share = (self.width() - self._marks()) // max(1, len(self._names))
        widest = share if is_tight else self._widest()
        left, middle = max(0, self.width() - self._taken(widest)), self.height() / 2
        for series, name in self._names.items():
            painter.setPen(series_pen(self._theme, series))
            painter.drawLine(QPointF(left, middle), QPointF(left + _MARK, middle))
            short = self._shown(name, widest)
            room = self._letters().horizontalAdvance(short) + 2
            painter.setPen(self._theme.color("text2"))
            box = QRect(left + _MARK + _GAP, 0, room, self.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, short)
            left = box.right() + 1 + _BETWEEN

    def _shown(self, name: str, widest: int) -> str:
        """Return the name as far as there is room; where that is short, the number alone."""
        if widest < _LEAST * self._letters().averageCharWidth():
            return name.partition(" ")[0]
        return self._letters().elidedText(name, Qt.TextElideMode.ElideRight, widest)

    def _taken(self, widest: int) -> int:
        letters = self._letters()
        shown = (self._shown(name, widest) for name in self._names.values())
        return sum(letters.horizontalAdvance(name) + 2 for name in shown) + self._marks()

    def _marks(self) -> int:
        return len(self._names) * (_MARK + _GAP + _BETWEEN)

    def _letters(self) -> QFontMetrics:
        return QFontMetrics(self._theme.font(FontRole.SMALL))

    def _widest(self) -> int:
        return _WIDEST * self._letters().averageCharWidth()
