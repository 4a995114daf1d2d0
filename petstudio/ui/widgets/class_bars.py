"""The classes, each with a bar for its number of pictures."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from petstudio.bridge.models import ClassModel, ClassRow, Index, spoken_label
from petstudio.ui.theme import FontRole, Theme

_NAME_SHARE: Final = 0.45
_BAR_HEIGHT: Final = 8
_ROW_HEIGHT: Final = 27
_LEAST_HEIGHT: Final = 140


class ClassBars(QListView):
    """A list over a ClassModel."""

    def __init__(self, theme: Theme, model: ClassModel) -> None:
        super().__init__()
        self.setObjectName("data.classes")
        self.setAccessibleName("Classes")
        self.setModel(model)
        self.setItemDelegate(_ClassDelegate(theme, self))
        self.setUniformItemSizes(True)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme.changed.connect(self.viewport().update)


class _ClassDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: ClassBars) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        height = self._theme.font(FontRole.BODY).pointSizeF() * 2.1
        return QSize(120, max(_ROW_HEIGHT, round(height)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ClassModel.ROW)
        box = QRectF(option.rect).adjusted(2, 0, -6, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font(FontRole.BODY))
        count = f"{row.count:,}"
        count_width = max(44, painter.fontMetrics().horizontalAdvance(count) + 12)
        name_width = box.width() * _NAME_SHARE
        self._paint_texts(painter, box, row, count, name_width)
        bar = QRectF(
            box.left() + name_width,
            box.center().y() - _BAR_HEIGHT / 2,
            box.width() - name_width - count_width,
            _BAR_HEIGHT,
        )
        self._paint_bar(painter, bar, row)
        painter.restore()

    def _paint_texts(
        self, painter: QPainter, box: QRectF, row: ClassRow, count: str, name_width: float
    ) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self._theme.color("text"))
        name = painter.fontMetrics().elidedText(
            spoken_label(row.name), Qt.TextElideMode.ElideRight, int(name_width) - 10
        )
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignLeft, name)
        painter.setPen(self._theme.color("warn" if row.is_small else "text"))
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignRight, count)

    def _paint_bar(self, painter: QPainter, track: QRectF, row: ClassRow) -> None:
        radius = _BAR_HEIGHT / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("hair"))
        painter.drawRoundedRect(track, radius, radius)
        color = self._theme.tokens.warn_fill if row.is_small else self._theme.tokens.series[0]
        painter.setBrush(QColor(color))
        track.setWidth(max(_BAR_HEIGHT, track.width() * row.share))
        painter.drawRoundedRect(track, radius, radius)
