"""How the cells of the table of runs are drawn: tick, swatch, star and pin, words, changes."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from petstudio.bridge.run_columns import RunColumn
from petstudio.bridge.run_row import RunRow
from petstudio.bridge.runs_model import RunsModel
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.text import plain_tip

ROOM_FOR_TICK: Final = 40
ROOM_FOR_MARKS: Final = 56
_PADDING: Final = 11
_TICK: Final = 18
_SWATCH: Final = 10
_ICON: Final = 14
_GAP: Final = 6

_Index = QModelIndex | QPersistentModelIndex


class RunsDelegate(QStyledItemDelegate):
    """Asks the model what is ticked, best, pinned and the baseline."""

    def __init__(self, theme: Theme, model: RunsModel, parent: QAbstractItemView) -> None:
        super().__init__(parent)
        self._theme = theme
        self._runs = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = self._runs.row_at(index.row())
        if row is None:
            return
        box: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option, box)
        match index.column():
            case RunColumn.TICK:
                self._paint_tick(painter, row, box)
            case RunColumn.RUN:
                self._paint_name(painter, row, box)
            case _:
                self._paint_words(painter, row, index, box)
        painter.restore()

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        _option: QStyleOptionViewItem,
        index: _Index,
    ) -> bool:
        row = self._runs.row_at(index.row())
        if row is None:
            return False
        is_name = index.column() == RunColumn.RUN
        text = _tip(row) if is_name else str(index.data() or "")
        QToolTip.showText(event.globalPos(), plain_tip(text), view)
        return True

    def editorEvent(
        self,
        _event: QEvent,
        _model: QAbstractItemModel,
        _option: QStyleOptionViewItem,
        _index: _Index,
    ) -> bool:
        # The table ticks by itself, wherever in the cell the click falls.
        return False

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, box: QRect) -> None:
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_selected:
            painter.fillRect(box, self._theme.color("selected"))
        view = option.widget
        has_focus = is_selected and view is not None and view.hasFocus()
        painter.setPen(QPen(self._theme.color("focus" if has_focus else "hair"), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if has_focus:
            painter.drawLine(box.topLeft(), box.topRight())

    def _paint_tick(self, painter: QPainter, row: RunRow, box: QRect) -> None:
        is_ticked = self._runs.series_of(row.number) is not None
        square = QRectF(0, 0, _TICK, _TICK)
        square.moveCenter(QRectF(box).center())
        token = "accent" if is_ticked else "control"
        painter.setPen(QPen(self._theme.color(token), 1))
        painter.setBrush(self._theme.color("accent" if is_ticked else "surface"))
        painter.drawRoundedRect(square, 4, 4)
        if is_ticked:
            inner = square.adjusted(3, 3, -3, -3).toAlignedRect()
            self._theme.icon("check-bold", "on_accent").paint(painter, inner)

    def _paint_name(self, painter: QPainter, row: RunRow, box: QRect) -> None:
        left = box.left() + _PADDING
        series = self._runs.series_of(row.number)
        if series is not None:
            swatch = QRectF(left, box.center().y() - _SWATCH / 2 + 0.5, _SWATCH, _SWATCH)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.tokens.series[series]))
            painter.drawRoundedRect(swatch, 3, 3)
        left += _SWATCH + _GAP
        marks = {
            ("star-fill", "warn_fill"): self._runs.is_best(row),
            ("push-pin-fill", "text2"): row.notes.is_pinned,
        }
        for (icon, token), is_shown in marks.items():
            if is_shown:
                place = QRect(left, box.center().y() - _ICON // 2, _ICON, _ICON)
                self._theme.icon(icon, token).paint(painter, place)
                left += _ICON + _GAP
        words = QRect(left, box.top(), box.right() - _PADDING - left, box.height())
        self._write(painter, words, row.title, "text", QFont.Weight.Medium)

    def _paint_words(self, painter: QPainter, row: RunRow, index: _Index, box: QRect) -> None:
        words = box.adjusted(_PADDING, 0, -_PADDING, 0)
        alignment = Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole))
        token = "text"
        if index.column() == RunColumn.CHANGE:
            change = self._runs.change(row)
            is_none = math.isnan(change) or abs(change) < 0.05
            token = "text2" if is_none else "ok" if change > 0 else "err"
        self._write(painter, words, str(index.data() or ""), token, alignment=alignment)

    def _write(
        self,
        painter: QPainter,
        box: QRect,
        text: str,
        token: str,
        weight: QFont.Weight = QFont.Weight.Normal,
        *,
        alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignVCenter,
    ) -> None:
        painter.setFont(self._theme.font(FontRole.BODY, weight))
        painter.setPen(self._theme.color(token))
        letters = painter.fontMetrics()
        shown = letters.elidedText(text, Qt.TextElideMode.ElideRight, max(0, box.width()))
        painter.drawText(box, alignment, shown)


def _tip(row: RunRow) -> str:
    parts = (row.title, ", ".join(row.notes.tags), row.notes.note)
    return "\n".join(part for part in parts if part)
