"""The command palette: type a few letters of a command, a page, a class or a project."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from petstudio.api.language import tr
from petstudio.bridge.models import Index
from petstudio.bridge.palette_model import Offer, PaletteModel
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.text import Text

_HINT: Final = tr("Find a command, page, class or project")
_NOTHING: Final = tr("Nothing has these letters in this order.")
_SPOKEN: Final = tr("Command palette")
_LINES: Final = 10
_ICON: Final = 16
_PADDING: Final = 12
_GAP: Final = 10
_STEPS: Final = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class CommandPalette(QFrame):
    """Opens over the window; Enter or a click takes a line, Esc takes none."""

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._model = PaletteModel()
        self.field = QLineEdit()
        self.list = QListView()
        self._nothing = Text(_NOTHING, tone="text3")
        self.setObjectName("palette")
        self.setProperty("card", True)
        self.setAccessibleName(_SPOKEN)
        self._build(theme)
        self.field.textChanged.connect(self._narrow)
        self.list.clicked.connect(self._take)
        self.field.installEventFilter(self)

    def open(self, offers: Iterable[Offer], place: QPoint, width: int) -> None:
        """Offer these; `place` is the upper left corner on the screen."""
        self._model.offer(offers)
        self.field.clear()
        self._choose_first()
        line = self.list.sizeHintForRow(0)
        self.list.setFixedHeight(_LINES * line + 4)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move(place)
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def hideEvent(self, _event: QEvent) -> None:
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._press(event) or super().eventFilter(watched, event)
        return super().eventFilter(watched, event)

    def _build(self, theme: Theme) -> None:
        self.field.setObjectName("palette.field")
        self.field.setPlaceholderText(_HINT)
        self.field.setAccessibleName(_HINT)
        self.list.setObjectName("palette.list")
        self.list.setAccessibleName(_SPOKEN)
        self.list.setModel(self._model)
        self.list.setItemDelegate(_OfferDelegate(theme, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.field)
        layout.addWidget(self._nothing)
        layout.addWidget(self.list)

    def _press(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.list.event(event)  # the arrows move in the list while letters go to the field
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.list.currentIndex())
        elif key == Qt.Key.Key_Escape:
            self.hide()
        else:
            return False
        return True

    @Slot(str)
    def _narrow(self, text: str) -> None:
        self._model.narrow(text)
        self._choose_first()

    def _choose_first(self) -> None:
        is_empty = not self._model.rowCount()
        self._nothing.setVisible(is_empty)
        self.list.setVisible(not is_empty)
        if not is_empty:
            self.list.setCurrentIndex(self._model.index(0))

    @Slot(QModelIndex)
    def _take(self, index: QModelIndex) -> None:
        offer = index.data(PaletteModel.OFFER)
        if isinstance(offer, Offer):
            self.hide()
            offer.do()


class _OfferDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QListView) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        line = QFontMetrics(self._theme.font(FontRole.BODY)).height()
        return QSize(200, self._theme.row_height(line))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        offer = index.data(PaletteModel.OFFER)
        painter.save()
        self._paint_ground(painter, option)
        box = option.rect.adjusted(_PADDING, 0, -_PADDING, 0)
        top = box.center().y() - _ICON // 2 + 1
        self._theme.icon(offer.icon, "text2").paint(painter, box.left(), top, _ICON, _ICON)
        room = box.adjusted(_ICON + _GAP, 0, 0, 0)
        room = self._write_right(painter, room, offer.keys or offer.kind)
        font = self._theme.font(FontRole.BODY, QFont.Weight.Medium)
        painter.setFont(font)
        painter.setPen(self._theme.color("text"))
        text = QFontMetrics(font).elidedText(offer.text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        state = option.state
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            is_chosen = bool(state & QStyle.StateFlag.State_Selected)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("selected" if is_chosen else "hover"))
            painter.drawRoundedRect(option.rect.toRectF(), 6, 6)

    def _write_right(self, painter: QPainter, room: QRect, text: str) -> QRect:
        font = self._theme.font(FontRole.SMALL)
        painter.setFont(font)
        painter.setPen(self._theme.color("text3"))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
        return room.adjusted(0, 0, -QFontMetrics(font).horizontalAdvance(text) - _GAP, 0)
