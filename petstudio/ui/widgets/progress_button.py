"""A button that turns into the progress of what it does."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPainterPath, QPaintEvent

from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.button import Button, ButtonKind

_RADIUS: Final = 6
_PADDING: Final = 14


class ProgressButton(Button):
    """While it shows progress it cannot be pressed."""

    def __init__(
        self, theme: Theme, text: str, *, kind: ButtonKind = "primary", icon: str = "", name: str
    ) -> None:
        super().__init__(theme, text, kind=kind, icon=icon, name=name)
        self._theme = theme
        self._words = ""
        self._share = 0.0

    @property
    def words(self) -> str:
        """What the progress says; empty while there is none."""
        return self._words

    def show_progress(self, words: str, share: float) -> None:
        """Show a sentence such as "412 of 1,204" over a part from 0 to 1."""
        self._words, self._share = words, min(max(share, 0.0), 1.0)
        self.setEnabled(False)
        self.setAccessibleDescription(words)
        self.updateGeometry()
        self.update()

    def end_progress(self) -> None:
        """Be a button again; whether it can be pressed is said by `set_ready`."""
        self._words = ""
        self.setAccessibleDescription("")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        width = QFontMetrics(self._words_font()).horizontalAdvance(self._words) + 2 * _PADDING
        return QSize(max(hint.width(), width), hint.height()) if self._words else hint

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._words:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        shape = QPainterPath()
        shape.addRoundedRect(box, _RADIUS, _RADIUS)
        painter.fillPath(shape, self._theme.color("accent_soft"))
        painter.setClipPath(shape)
        filled = QRectF(box)
        filled.setWidth(self._share * box.width())
        painter.fillRect(filled, self._theme.color("selected"))
        filled.setTop(box.bottom() - 3)
        painter.fillRect(filled, self._theme.color("accent"))
        painter.setFont(self._words_font())
        painter.setPen(self._theme.color("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._words)
        painter.end()

    def _words_font(self) -> QFont:
        return self._theme.font(FontRole.BODY, QFont.Weight.DemiBold)
