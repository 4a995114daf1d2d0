"""The classes with the keys that give them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from petstudio.api.language import shown_number, tr
from petstudio.bridge.class_key_model import ClassKeyModel, ClassLine
from petstudio.bridge.models import Index, spoken_label
from petstudio.ui.theme import FontRole, Theme

_ROW_HEIGHT: Final = 30
_CAP_WIDTH: Final = 28
_RADIUS: Final = 6
_LEAST_HEIGHT: Final = 90
_TIP: Final = tr("Double click or Enter gives the selected pictures this class")


class ClassKeyList(QListView):
    """A list over a ClassKeyModel; one class is the chosen one."""

    given = Signal(str)
    """The class that the selected pictures shall have."""
    chosen = Signal()
    """Another class is the chosen one."""

    def __init__(self, theme: Theme, model: ClassKeyModel) -> None:
        super().__init__()
        self._classes = model
        self.setObjectName("label.classes")
        self.setAccessibleName(tr("Classes"))
        self.setToolTip(_TIP)
        self.setModel(model)
        self.setItemDelegate(_LineDelegate(theme, self))
        self.setUniformItemSizes(True)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.doubleClicked.connect(self._give)
        self.selectionModel().currentChanged.connect(self.chosen)
        theme.changed.connect(self.viewport().update)

    @property
    def name(self) -> str:
        """The chosen class, empty for none."""
        line = self.currentIndex().data(ClassKeyModel.LINE)
        return line.name if isinstance(line, ClassLine) else ""

    def choose(self, name: str) -> None:
        """Choose a class, as the pictures that are selected have it."""
        row = self._classes.row_of(name)
        self.setCurrentIndex(self._classes.index(row) if row >= 0 else QModelIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._give(self.currentIndex())
            return
        super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _give(self, index: QModelIndex) -> None:
        if index.isValid():
            self.given.emit(index.data(ClassKeyModel.LINE).name)


class _LineDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: ClassKeyList) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        height = QFontMetrics(self._theme.font(FontRole.BODY)).height() + 12
        return QSize(120, max(_ROW_HEIGHT, height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(ClassKeyModel.LINE)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("selected" if is_chosen else "hover"))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(0, 1, -6, -1), _RADIUS, _RADIUS)
        box = option.rect.adjusted(6, 0, -12, 0)
        self._paint_key(painter, box, line)
        self._paint_words(painter, box, line, is_chosen=is_chosen)
        painter.restore()

    def _paint_key(self, painter: QPainter, box: QRect, line: ClassLine) -> None:
        if not line.key:
            return
        font = self._theme.font(FontRole.CAPTION, QFont.Weight.Medium)
        height = QFontMetrics(font).height() + 4
        cap = QRectF(box.left(), box.center().y() - height / 2 + 0.5, _CAP_WIDTH, height)
        painter.setPen(self._theme.color("line"))
        painter.setBrush(self._theme.color("sunken"))
        painter.drawRoundedRect(cap, 4, 4)
        painter.setFont(font)
        painter.setPen(self._theme.color("text2"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, line.key)

    def _paint_words(
        self, painter: QPainter, box: QRect, line: ClassLine, *, is_chosen: bool
    ) -> None:
        weight = QFont.Weight.DemiBold if is_chosen else QFont.Weight.Normal
        font, small = self._theme.font(FontRole.BODY, weight), self._theme.font(FontRole.SMALL)
        room = box.adjusted(_CAP_WIDTH + 10, 0, 0, 0)
        color = self._theme.color
        room = _write_right(painter, room, shown_number(line.count), font, color("text2"), least=44)
        more = tr("+{suggested:,}", suggested=line.suggested) if line.suggested else ""
        room = _write_right(painter, room, more, small, color("ok"), least=0)
        painter.setFont(font)
        painter.setPen(color("text"))
        name = QFontMetrics(font).elidedText(
            spoken_label(line.name), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)


def _write_right(
    painter: QPainter, room: QRect, text: str, font: QFont, color: QColor, *, least: int
) -> QRect:
    """Write at the right end and return what is left of the room."""
    painter.setFont(font)
    painter.setPen(color)
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
    taken = max(least, QFontMetrics(font).horizontalAdvance(text) + 10) if text else least
    return room.adjusted(0, 0, -taken, 0)
