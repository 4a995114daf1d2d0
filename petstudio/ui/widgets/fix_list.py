"""The list of pending fixes: picture, what shall become of it, and a way to take that back."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPainterPath
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from petstudio.api.language import tr
from petstudio.bridge.fix_list import FixListModel, FixRow
from petstudio.bridge.models import Index
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.thumbnail_cache import ThumbnailCache
from petstudio.ui.widgets.tile_painting import middle_of

_PICTURE: Final = 32
_UNDO: Final = 26
_GAP: Final = 8
_UNDO_ICON: Final = "arrow-counter-clockwise"
_NAME: Final = tr("Pending fixes. Delete takes one back.")


class FixList(QListView):
    """Delete, or a click on the arrow at the right, takes a fix back."""

    undo_wanted = Signal(object)
    """The id of the picture whose fix is to be taken back."""
    chosen = Signal(object)
    """The id of the picture that is to be looked at."""

    def __init__(self, theme: Theme, model: FixListModel) -> None:
        super().__init__()
        self._model = model
        self.thumbnails = ThumbnailCache(self)
        self.setObjectName("evaluate.fixes")
        self.setProperty("grid", True)
        self.setAccessibleName(_NAME)
        self.setModel(model)
        self.setItemDelegate(_FixDelegate(theme, self.thumbnails, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.thumbnails.changed.connect(self.viewport().update)
        theme.changed.connect(self.viewport().update)

    def height_of(self, rows: int) -> int:
        """Return what so many rows need."""
        return rows * self.sizeHintForRow(0) if rows else 0

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        place = event.position().toPoint()
        index = self.indexAt(place)
        if index.isValid():
            is_undo = undo_place(self.visualRect(index)).contains(place)
            (self.undo_wanted if is_undo else self.chosen).emit(self._image(index))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and index.isValid():
            self.undo_wanted.emit(self._image(index))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self.chosen.emit(self._image(index))
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, _text: str) -> None:
        """Letters belong to the page."""

    def _image(self, index: QModelIndex) -> int:
        return self._model.row(index.row()).image


def undo_place(row: QRect) -> QRect:
    """Return where the arrow of a row is."""
    return QRect(row.right() - _UNDO, row.center().y() - _UNDO // 2, _UNDO, _UNDO)


class _FixDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, thumbnails: ThumbnailCache, parent: FixList) -> None:
        super().__init__(parent)
        self._theme = theme
        self._thumbnails = thumbnails

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        body = QFontMetrics(self._theme.font(FontRole.BODY)).height()
        small = QFontMetrics(self._theme.font(FontRole.SMALL)).height()
        return QSize(160, max(_PICTURE, body + small) + 6)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: FixRow = index.data(FixListModel.ROW)
        box = QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        square = QRect(box.left(), box.center().y() - _PICTURE // 2 + 1, _PICTURE, _PICTURE)
        self._paint_picture(painter, square, row)
        self._paint_words(painter, box.adjusted(_PICTURE + _GAP, 2, -_UNDO - _GAP, -2), row)
        icon = QRect(0, 0, 16, 16)
        icon.moveCenter(undo_place(box).center())
        self._theme.icon(_UNDO_ICON).paint(painter, icon)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        has_focus = option.state & QStyle.StateFlag.State_HasFocus
        if has_focus or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("selected" if has_focus else "hover"))
            painter.drawRoundedRect(option.rect, 6, 6)

    def _paint_picture(self, painter: QPainter, square: QRect, row: FixRow) -> None:
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(square), 4, 4)
        painter.fillPath(outline, self._theme.color("hover"))
        pixmap = self._thumbnails.pixmap(row.path, 2 * _PICTURE)
        if pixmap is None or pixmap.isNull():
            return
        painter.save()
        painter.setClipPath(outline)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(square, pixmap, middle_of(pixmap, square))
        painter.restore()

    def _paint_words(self, painter: QPainter, box: QRect, row: FixRow) -> None:
        body = self._theme.font(FontRole.BODY, QFont.Weight.Medium)
        small = self._theme.font(FontRole.SMALL)
        right, middle = Qt.TextElideMode.ElideRight, Qt.TextElideMode.ElideMiddle
        below = box.top()
        for text, font, token, mode in (
            (row.title, body, "text", right),
            (row.file, small, "text3", middle),
        ):
            metrics = QFontMetrics(font)
            line = QRect(box.left(), below, box.width(), metrics.height())
            painter.setFont(font)
            painter.setPen(self._theme.color(token))
            painter.drawText(line, 0, metrics.elidedText(text, mode, box.width()))
            below += metrics.height()
