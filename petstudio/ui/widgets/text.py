"""Labels that show text as it is: file and class names are never markup."""

from __future__ import annotations

import html
from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

TextKind = Literal[
    "body", "page", "sentence", "dialog", "section", "strong", "label", "small", "caption",
    "figure", "mono",
]  # fmt: skip
Tone = Literal["text", "text2", "text3", "ok", "warn", "err", "accent_text"]


class Text(QLabel):
    """A plain label; `kind` gives size and weight, `tone` the colour."""

    def __init__(
        self,
        text: str = "",
        *,
        kind: TextKind = "body",
        tone: Tone | None = None,
        wraps: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setProperty("kind", kind)
        self.setWordWrap(wraps)
        if tone is not None:
            self.setProperty("tone", tone)

    def set_tone(self, tone: Tone) -> None:
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            restyle(self)


class ElidedText(Text):
    """One line that gives way: cut at the right (or in the middle), whole as tool tip."""

    def __init__(
        self,
        text: str = "",
        *,
        kind: TextKind = "body",
        tone: Tone | None = None,
        in_the_middle: bool = False,
    ) -> None:
        super().__init__(kind=kind, tone=tone)
        middle, right = Qt.TextElideMode.ElideMiddle, Qt.TextElideMode.ElideRight
        self._mode = middle if in_the_middle else right
        self.full_text = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.set_full_text(text)

    def set_full_text(self, text: str) -> None:
        self.full_text = " ".join(text.split())
        self._elide()
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.full_text) + 4
        return QSize(width, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self.full_text, self._mode, max(self.width(), 24))
        self.setText(shown)
        self.setToolTip(plain_tip(self.full_text) if shown != self.full_text else "")


def plain_tip(text: str) -> str:
    """Return the text for a tool tip, where Qt would read some file names as markup."""
    return f"<span>{html.escape(text)}</span>" if text else ""


def restyle(widget: QWidget) -> None:
    """Let the style sheet look at the widget's properties again."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
