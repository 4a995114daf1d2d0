"""The picture that is looked at, with its label, its size and its side."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from petstudio.bridge.models import ProofRow, spoken_label
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.tokens import ON_PICTURE, PICTURE_VEIL
from petstudio.ui.widgets.text import ElidedText, Text
from petstudio.ui.widgets.thumbnail_cache import ThumbnailCache

_PICTURE_HEIGHT: Final = 240
_PICTURE_SIDE: Final = 448
_NOTHING: Final = "Choose a picture in the table to look at it."
_BROKEN: Final = "This picture cannot be read."


class PreviewPanel(QWidget):
    """Follows the row that is chosen in the table."""

    def __init__(self, theme: Theme, pictures: ThumbnailCache) -> None:
        super().__init__()
        self._picture = _Picture(theme, pictures)
        self._name = ElidedText(kind="strong", in_the_middle=True)
        self._folder = ElidedText(kind="small", tone="text3", in_the_middle=True)
        self._facts = Text(kind="small", tone="text2", wraps=True)
        self._facts.setObjectName("data.preview.facts")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(Text("Preview", kind="section"))
        layout.addSpacing(4)
        layout.addWidget(self._picture)
        layout.addWidget(self._name)
        layout.addWidget(self._folder)
        layout.addWidget(self._facts)
        layout.addStretch(1)
        self.show_row(None)

    @Slot(object)
    def show_row(self, row: ProofRow | None) -> None:
        self._picture.show_row(row)
        folder, _, name = row.path.rpartition("/") if row else ("", "", "")
        self._name.set_full_text(name)
        self._folder.set_full_text(folder)
        self._folder.setVisible(bool(folder))
        self._facts.setText(_facts(row))


class _Picture(QWidget):
    def __init__(self, theme: Theme, pictures: ThumbnailCache) -> None:
        super().__init__()
        self._theme = theme
        self._pictures = pictures
        self._row: ProofRow | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        pictures.changed.connect(self._refresh)

    def show_row(self, row: ProofRow | None) -> None:
        self._row = row
        self.setAccessibleName(row.path if row else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, _PICTURE_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), 6, 6)
        painter.fillPath(outline, self._theme.color("hover"))
        row = self._row
        pixmap = self._pictures.pixmap(row.file, _PICTURE_SIDE) if row else None
        box = QRectF(self.rect())
        if pixmap is not None and not pixmap.isNull():
            box = self._paint_pixmap(painter, pixmap)
        elif row is None or pixmap is not None:
            self._paint_note(painter, _NOTHING if row is None else _BROKEN)
        if row is not None and row.label:
            self._paint_label(painter, spoken_label(row.label), box)
        painter.end()

    def _paint_pixmap(self, painter: QPainter, pixmap: QPixmap) -> QRectF:
        size = pixmap.deviceIndependentSize()
        factor = min(self.width() / size.width(), self.height() / size.height())
        box = QRectF(0, 0, size.width() * factor, size.height() * factor)
        box.moveCenter(QRectF(self.rect()).center())
        outline = QPainterPath()
        outline.addRoundedRect(box, 6, 6)
        painter.setClipPath(outline)
        painter.drawPixmap(box, pixmap, QRectF(pixmap.rect()))
        painter.setClipping(False)
        return box

    def _paint_note(self, painter: QPainter, text: str) -> None:
        painter.setPen(self._theme.color("text3"))
        painter.setFont(self._theme.font(FontRole.SMALL))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(QRectF(self.rect()).adjusted(20, 0, -20, 0), flags, text)

    def _paint_label(self, painter: QPainter, label: str, picture: QRectF) -> None:
        painter.setFont(self._theme.font(FontRole.SMALL, QFont.Weight.DemiBold))
        metrics = painter.fontMetrics()
        text = metrics.elidedText(label, Qt.TextElideMode.ElideRight, self.width() - 36)
        height = metrics.height() + 6
        width = metrics.horizontalAdvance(text) + 14
        left = max(8.0, min(picture.left() + 8, self.width() - width - 8.0))
        box = QRectF(left, picture.bottom() - height - 8, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(*PICTURE_VEIL))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(ON_PICTURE))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    @Slot()
    def _refresh(self) -> None:
        self.update()


def _facts(row: ProofRow | None) -> str:
    if row is None:
        return ""
    label = spoken_label(row.label) if row.label else "no label"
    return f"{label}, {row.side.lower()}" if row.side else label
