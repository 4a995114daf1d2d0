"""The legend of the rate plan: a line for each layer group that is drawn."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from petstudio.api.language import tr
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.text import plain_tip

# Of the head, the middle and the first group: blue, teal, thin grey.
LINES: Final = ((0, 2.0), (2, 2.0), (5, 1.5))
_MARK: Final = 22
_GAP: Final = 6
_BETWEEN: Final = 16
_WIDEST: Final = 20  # letters of a name


class PlanLegend(QWidget):
    """Painted with the pens of the plot; the groups without a line are its tool tip."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._names: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_groups(self, names: tuple[str, ...], others: str) -> None:
        """Name the lines in the order of LINES; `others` says what has none."""
        self._names = names
        self.setAccessibleName(
            tr("Lines, from the highest: {groups}", groups=", ".join(names)) if names else ""
        )
        self.setAccessibleDescription(others)
        self.setToolTip(plain_tip(others))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        letters = self._letters()
        widest = self._widest()
        words = sum(min(letters.horizontalAdvance(n), widest) + 2 for n in self._names)
        marks = len(self._names) * (_MARK + _GAP + _BETWEEN)
        return QSize(words + marks, max(20, letters.height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(len(self._names) * (_MARK + _GAP + _BETWEEN), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font(FontRole.SMALL))
        left, middle = 0, self.height() / 2
        is_tight = self.width() < self.sizeHint().width()
        share = self.width() // max(1, len(self._names)) - _MARK - _GAP - _BETWEEN
        widest = share if is_tight else self._widest()
        for name, (series, width) in zip(self._names, LINES, strict=False):
            painter.setPen(QPen(QColor(self._theme.tokens.series[series]), width))
            painter.drawLine(QPointF(left, middle), QPointF(left + _MARK, middle))
            short = self._letters().elidedText(name, Qt.TextElideMode.ElideRight, widest)
            room = self._letters().horizontalAdvance(short) + 2
            painter.setPen(self._theme.color("text2"))
            box = QRect(left + _MARK + _GAP, 0, room, self.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, short)
            left = box.right() + 1 + _BETWEEN

    def _letters(self) -> QFontMetrics:
        return QFontMetrics(self._theme.font(FontRole.SMALL))

    def _widest(self) -> int:
        return _WIDEST * self._letters().averageCharWidth()
