"""A card that is one large button: an icon, a title, a sentence, a hint."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from petstudio.ui.theme import FontRole, Theme

_WIDTH: Final = 260
_PADDING: Final = 16
_MARK: Final = 38
_ICON: Final = 20


class ChoiceCard(QAbstractButton):
    """`words` are title, sentence and hint."""

    def __init__(self, theme: Theme, icon: str, words: tuple[str, str, str], *, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = icon
        self._title, self._sentence, self._hint = words
        self.setObjectName(name)
        self.setAccessibleName(self._title)
        self.setAccessibleDescription(self._sentence)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)

    def set_hint(self, hint: str) -> None:
        self._hint = hint
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, self.heightForWidth(_WIDTH))

    def heightForWidth(self, width: int) -> int:
        """Return what the sentence and the hint need, two lines and one at least."""
        body = self._height_of(self._sentence, FontRole.BODY, width, least=2)
        hint = self._height_of(self._hint, FontRole.SMALL, width, least=1)
        return 2 * _PADDING + _MARK + 12 + body + 12 + hint

    def _height_of(self, text: str, role: FontRole, width: int, *, least: int) -> int:
        metrics = QFontMetrics(self._theme.font(role))
        room = QRect(0, 0, width - 2 * _PADDING, 0)
        wrapped = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, text)
        return max(least * metrics.height(), wrapped.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        inner = self.rect().adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
        self._paint_head(painter, inner)
        below = inner.adjusted(0, _MARK + 12, 0, 0)
        painter.setPen(self._theme.color("text2" if self.isEnabled() else "disabled"))
        painter.setFont(self._theme.font(FontRole.BODY))
        wrapped = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(below, wrapped, self._sentence)
        painter.setPen(self._theme.color("text3" if self.isEnabled() else "disabled"))
        painter.setFont(self._theme.font(FontRole.SMALL))
        painter.drawText(
            below,
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextWordWrap,
            self._hint,
        )
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        over = self.underMouse() and self.isEnabled()
        painter.setPen(QPen(self._theme.color("line" if over else "hair"), 1))
        painter.setBrush(self._theme.color("hover" if over else "surface"))
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("focus"), 2))
            box.adjust(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, 8, 8)

    def _paint_head(self, painter: QPainter, inner: QRect) -> None:
        mark = QRect(inner.left(), inner.top(), _MARK, _MARK)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("accent_soft"))
        painter.drawRoundedRect(mark, 8, 8)
        picture = QRect(0, 0, _ICON, _ICON)
        picture.moveCenter(mark.center())
        self._theme.icon(self._icon_name, "accent_text").paint(painter, picture)
        caret = QRect(inner.right() - 14, mark.center().y() - 7, 14, 14)
        self._theme.icon("caret-right", "text3").paint(painter, caret)
        painter.setPen(self._theme.color("text" if self.isEnabled() else "disabled"))
        painter.setFont(self._theme.font(FontRole.SECTION, QFont.Weight.DemiBold))
        words = QRect(mark.right() + 13, mark.top(), caret.left() - mark.right() - 20, _MARK)
        title = painter.fontMetrics().elidedText(
            self._title, Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
