"""The rail at the left: one entry for each page that is there."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QVBoxLayout

from petstudio.api.language import tr
from petstudio.ui.page import Badge, PageKey
from petstudio.ui.theme import FontRole, Theme

_ENTRY: Final = QSize(68, 60)
_ICON_SIDE: Final = 24
_PILL: Final = 18
_MOST_SHOWN: Final = 999
_PILL_COLORS: Final = {
    Badge.OPEN: ("accent", "on_accent"),
    Badge.PENDING: ("warn_fill", "on_warn_fill"),
    Badge.FAILED: ("warn_fill", "on_warn_fill"),
}


class Rail(QFrame):
    """Shows where one is; a click asks for another page."""

    page_chosen = Signal(object)
    """The PageKey."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._group = QButtonGroup(self)
        self._keys: list[PageKey] = []
        self._above = 0
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(8, 12, 8, 12)
        self._layout.setSpacing(4)
        self._layout.addStretch(1)
        self.setObjectName("rail")
        self._group.idClicked.connect(self._tell)
        theme.changed.connect(self.update)

    def add_page(self, key: PageKey, title: str, icon: str, *, at_bottom: bool = False) -> None:
        """Add an entry below the others, or below all of them at the bottom of the rail."""
        entry = RailEntry(self._theme, title, icon)
        entry.setObjectName(f"rail.{key.value}")
        self._group.addButton(entry, len(self._keys))
        self._keys.append(key)
        place = -1 if at_bottom else self._above
        self._above += not at_bottom
        self._layout.insertWidget(place, entry, 0, Qt.AlignmentFlag.AlignHCenter)

    def show_tip(self, key: PageKey, tip: str) -> None:
        self._entry(key).setToolTip(tip)

    def show_page(self, key: PageKey) -> None:
        self._entry(key).setChecked(True)

    def show_badge(self, key: PageKey, badge: Badge, count: int) -> None:
        self._entry(key).show_badge(badge, count)

    def _entry(self, key: PageKey) -> RailEntry:
        entry = self._group.button(self._keys.index(key))
        assert isinstance(entry, RailEntry)
        return entry

    @Slot(int)
    def _tell(self, number: int) -> None:
        self.page_chosen.emit(self._keys[number])


class RailEntry(QAbstractButton):
    """A large icon over a small label, with a mark at its corner."""

    def __init__(self, theme: Theme, title: str, icon: str) -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = icon
        self._badge = Badge.NONE
        self._count = 0
        self.setText(title)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_badge(Badge.NONE)

    def show_badge(self, badge: Badge, count: int = 0) -> None:
        self._badge, self._count = badge, count
        self.setAccessibleName(_spoken(self.text(), badge, count))
        self.update()

    def sizeHint(self) -> QSize:
        # As wide as when it is the current page, whose letters are bolder.
        metrics = QFontMetrics(self._theme.font(FontRole.SMALL, QFont.Weight.DemiBold))
        width = max(_ENTRY.width(), metrics.horizontalAdvance(self.text()) + 12)
        return QSize(width, max(_ENTRY.height(), _ICON_SIDE + metrics.height() + 18))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()  # where there is little room the page gives way, not the rail

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        token = "accent_text" if self.isChecked() else "text2"
        name = f"{self._icon_name}-fill" if self.isChecked() else self._icon_name
        block = _ICON_SIDE + 3 + QFontMetrics(self._label_font()).height()
        top = (self.height() - block) // 2
        left = (self.width() - _ICON_SIDE) // 2
        self._theme.icon(name, token).paint(painter, left, top, _ICON_SIDE, _ICON_SIDE)
        painter.setPen(QColor(getattr(tokens, token)))
        painter.setFont(self._label_font())
        below = QRectF(0, top + _ICON_SIDE + 3, self.width(), block - _ICON_SIDE)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, self.text())
        self._paint_badge(painter, QPointF(left + _ICON_SIDE + 4, top + 2))
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        box = QRectF(self.rect())
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("selected" if self.isChecked() else "hover"))
            painter.drawRoundedRect(box, 8, 8)
        if self.isChecked():
            painter.setBrush(self._theme.color("accent"))
            painter.drawRoundedRect(QRectF(0, 14, 3, self.height() - 28), 1.5, 1.5)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 7, 7)

    def _paint_badge(self, painter: QPainter, center: QPointF) -> None:
        if self._badge is Badge.DONE:
            spot = QRectF(center.x() - 6, center.y() - 6, 12, 12).toRect()
            self._theme.icon("check-circle-fill", "ok").paint(painter, spot)
        elif self._badge is Badge.RUNNING:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("accent"))
            painter.drawEllipse(center, 4.5, 4.5)
        elif self._badge in _PILL_COLORS:
            self._paint_pill(painter, center)

    def _paint_pill(self, painter: QPainter, center: QPointF) -> None:
        text = f"{self._count}" if self._count <= _MOST_SHOWN else f"{self._count // 1000}k+"
        font = self._theme.font(FontRole.CAPTION, QFont.Weight.Bold)
        fill, ink = _PILL_COLORS[self._badge]
        width = max(_PILL, QFontMetrics(font).horizontalAdvance(text) + 10)
        right = min(center.x() + 8 + width / 2, self.width())
        pill = QRectF(right - width, max(0.0, center.y() - _PILL / 2), width, _PILL)
        painter.setPen(QPen(self._theme.color("rail"), 2))
        painter.setBrush(self._theme.color(fill))
        painter.drawRoundedRect(pill.adjusted(-1, -1, 1, 1), _PILL / 2 + 1, _PILL / 2 + 1)
        painter.setPen(self._theme.color(ink))
        painter.setFont(font)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)

    def _label_font(self) -> QFont:
        weight = QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Medium
        return self._theme.font(FontRole.SMALL, weight)


def _spoken(page: str, badge: Badge, count: int) -> str:
    match badge:
        case Badge.NONE:
            return page
        case Badge.DONE:
            return tr("{page}, done", page=page)
        case Badge.RUNNING:
            return tr("{page}, running", page=page)
        case Badge.OPEN:
            return tr("{page}, {count:,} left", page=page, count=count)
        case Badge.PENDING:
            return tr("{page}, {count:,} pending", page=page, count=count)
        case Badge.FAILED:
            return tr("{page}, {count:,} failed", page=page, count=count)
