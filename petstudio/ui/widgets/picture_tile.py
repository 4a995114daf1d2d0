"""Draws the tiles of a picture grid: a picture, and below it what is said about it."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from petstudio.api.language import tr
from petstudio.bridge.picture_list import Picture, PictureListModel, TileMark
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.tokens import ON_PICTURE, PICTURE_VEIL
from petstudio.ui.widgets.thumbnail_cache import ThumbnailCache
from petstudio.ui.widgets.tile_cache import TileCache
from petstudio.ui.widgets.tile_painting import middle_of, paint_bar, write_elided

_RADIUS: Final = 6
_CARD_RADIUS: Final = 8
_INSET: Final = 4
_TICK: Final = 18
_CHIP_PADDING: Final = 6
_EXCLUDED_OPACITY: Final = 0.35
_BAR_HEIGHT: Final = 4
_SIDES: Final = (96, 160, 224, 320, 448, 640)
"""Thumbnails are made in few sizes, so that dragging the size of the tiles asks for few anew."""
_AnyIndex = QModelIndex | QPersistentModelIndex
_State = QStyle.StateFlag
_SEEN: Final = _State.State_Selected | _State.State_HasFocus | _State.State_MouseOver


class TileStyle(Enum):
    """TILE has a chip below the picture, CARD a frame and two lines of words, BAR one and a bar."""

    TILE = auto()
    CARD = auto()
    BAR = auto()


class PictureTileDelegate(QStyledItemDelegate):
    """State is told by form first: edges, dashes, a chip, a tick; colour comes with it."""

    def __init__(
        self, theme: Theme, thumbnails: ThumbnailCache, style: TileStyle, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._thumbnails = thumbnails
        self._style = style
        self._text_height = 0
        self._tiles = TileCache()
        theme.changed.connect(self._tiles.clear)
        self.stand_ins: dict[int, QPixmap] = {}
        """Pixmaps by key that are drawn instead of the pictures, such as heat maps."""

    def text_height(self) -> int:
        """Return how much room the words need below a picture."""
        small = QFontMetrics(self._theme.font(FontRole.SMALL)).height()
        body = QFontMetrics(self._theme.font(FontRole.BODY)).height()
        room = {TileStyle.TILE: 16, TileStyle.CARD: small + 14, TileStyle.BAR: 25}
        self._text_height = body + room[self._style]
        return self._text_height

    def sizeHint(self, option: QStyleOptionViewItem, _index: _AnyIndex) -> QSize:
        return option.rect.size()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        picture: Picture = index.data(PictureListModel.PICTURE)
        size, state = option.rect.size(), option.state & _SEEN
        frame = self._frame(size)
        pixmap = self.stand_ins.get(picture.key) or self._pixmap(picture, frame)
        stamp = None if pixmap is None else pixmap.cacheKey()
        tile = self._tiles.tile(
            (picture, state.value, stamp),
            size,
            painter.device().devicePixelRatio(),
            lambda canvas: self._draw(canvas, QRect(QPoint(), size), state, picture, pixmap),
        )
        painter.drawPixmap(option.rect.topLeft(), tile)

    def _frame(self, size: QSize) -> QRect:
        """Return the place of the picture within a tile."""
        inset = self._inset
        height = size.height() - self._text_height
        return QRect(inset, inset, size.width() - 2 * inset, height)

    @property
    def _inset(self) -> int:
        return 3 if self._style is TileStyle.TILE else _INSET

    def _draw(
        self,
        painter: QPainter,
        box: QRect,
        state: QStyle.StateFlag,
        picture: Picture,
        pixmap: QPixmap | None,
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, box, state)
        frame = self._frame(box.size())
        self._paint_picture(painter, frame, picture, pixmap)
        self._paint_edge(painter, frame, picture)
        words = self._text_height - 2 * self._inset
        below = QRect(frame.left(), frame.bottom() + 1, frame.width(), words)
        if self._style is TileStyle.CARD:
            self._paint_mark(painter, frame, picture)
            self._paint_lines(painter, below.adjusted(4, 4, -4, 0), picture)
        elif self._style is TileStyle.BAR:
            self._paint_title_and_bar(painter, below.adjusted(4, 4, -4, -2), picture)
        else:
            self._paint_chip(painter, below.adjusted(0, 4, 0, 0), picture)
        if state & _State.State_Selected:
            self._paint_tick(painter, frame)

    def _paint_ground(self, painter: QPainter, tile: QRect, state: QStyle.StateFlag) -> None:
        is_selected = bool(state & _State.State_Selected)
        is_focused = bool(state & _State.State_HasFocus)
        is_hovered = bool(state & _State.State_MouseOver)
        is_card = self._style is not TileStyle.TILE
        fill = "selected" if is_selected else "hover" if is_hovered else "surface"
        edge = "focus" if is_selected or is_focused else "hair"
        if not (is_card or is_selected or is_focused or is_hovered):
            return
        width = 2 if edge == "focus" else 1
        has_edge = is_card or edge == "focus"
        painter.setPen(QPen(self._theme.color(edge), width) if has_edge else Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(fill))
        box = QRectF(tile).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.drawRoundedRect(box, _CARD_RADIUS, _CARD_RADIUS)

    def _paint_picture(
        self, painter: QPainter, frame: QRect, picture: Picture, pixmap: QPixmap | None
    ) -> None:
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(frame), _RADIUS, _RADIUS)
        if pixmap is None:
            painter.fillPath(shape, self._theme.color("hover"))
        elif pixmap.isNull():
            self._paint_unreadable(painter, frame)
        else:
            painter.save()
            painter.setClipPath(shape)
            if picture.mark is TileMark.EXCLUDED:
                painter.setOpacity(_EXCLUDED_OPACITY)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(frame, pixmap, middle_of(pixmap, frame))
            painter.restore()

    def _pixmap(self, picture: Picture, frame: QRect) -> QPixmap | None:
        wanted = round(1.3 * max(frame.width(), frame.height()))
        side = next((side for side in _SIDES if side >= wanted), _SIDES[-1])
        return self._thumbnails.pixmap(picture.path, side)

    def _paint_unreadable(self, painter: QPainter, frame: QRect) -> None:
        painter.setPen(QPen(self._theme.color("control"), 1, Qt.PenStyle.DashLine))
        painter.setBrush(self._theme.color("sunken"))
        painter.drawRoundedRect(QRectF(frame).adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        icon = QRect(0, 0, 20, 20)
        icon.moveCenter(frame.center())
        self._theme.icon("warning", "warn").paint(painter, icon.translated(0, -10))
        painter.setPen(self._theme.color("text2"))
        painter.setFont(self._theme.font(FontRole.SMALL))
        below = frame.adjusted(4, frame.height() // 2 + 4, -4, 0)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, tr("cannot read"))

    def _paint_edge(self, painter: QPainter, frame: QRect, picture: Picture) -> None:
        if picture.mark is TileMark.SUGGESTED:
            pen = QPen(self._theme.color("accent"), 1.5)
        elif picture.mark is TileMark.PENDING:
            pen = QPen(self._theme.color("warn_fill"), 2, Qt.PenStyle.DashLine)
        else:
            return
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(frame).adjusted(1, 1, -1, -1), _RADIUS - 1, _RADIUS - 1)

    def _paint_mark(self, painter: QPainter, frame: QRect, picture: Picture) -> None:
        if not picture.mark_text:
            return
        is_pending = picture.mark is TileMark.PENDING
        font = self._theme.font(FontRole.SMALL, QFont.Weight.DemiBold)
        metrics = QFontMetrics(font)
        text = metrics.elidedText(
            picture.mark_text, Qt.TextElideMode.ElideRight, frame.width() - 24
        )
        chip = QRect(0, 0, metrics.horizontalAdvance(text) + 12, metrics.height() + 6)
        chip.moveBottomLeft(frame.bottomLeft())
        chip.translate(6, -6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("warn_fill") if is_pending else QColor(*PICTURE_VEIL))
        painter.drawRoundedRect(chip, 4, 4)
        ink = self._theme.color("on_warn_fill") if is_pending else QColor(ON_PICTURE)
        write_elided(painter, chip, text, font, ink, Qt.AlignmentFlag.AlignCenter)

    def _paint_lines(self, painter: QPainter, room: QRect, picture: Picture) -> None:
        bold = self._theme.font(FontRole.BODY, QFont.Weight.DemiBold)
        small = self._theme.font(FontRole.SMALL)
        first = QRect(room.topLeft(), QSize(room.width(), QFontMetrics(bold).height()))
        second = first.translated(0, first.height())
        loud = self._theme.color("err" if picture.is_wrong else "text2")
        text, quiet = self._theme.color("text"), self._theme.color("text3")
        self._paint_pair(painter, first, (picture.title, bold, text), (picture.note, bold, loud))
        self._paint_pair(
            painter, second, (picture.subtitle, small, quiet), (picture.subnote, small, quiet)
        )

    def _paint_title_and_bar(self, painter: QPainter, room: QRect, picture: Picture) -> None:
        bold = self._theme.font(FontRole.BODY, QFont.Weight.DemiBold)
        bold.setItalic(picture.is_unsure)
        line = QRect(room.topLeft(), QSize(room.width(), QFontMetrics(bold).height()))
        ink = self._theme.color("warn" if picture.is_unsure else "text")
        note = (picture.note, self._theme.font(FontRole.BODY), self._theme.color("text2"))
        self._paint_pair(painter, line, (picture.title, bold, ink), note)
        if picture.share is not None:
            bar = QRectF(room.left(), line.bottom() + 5, room.width(), _BAR_HEIGHT)
            tokens = self._theme.tokens
            fill = tokens.warn_fill if picture.is_unsure else tokens.series[0]
            paint_bar(painter, bar, picture.share, QColor(fill), self._theme.color("hair"))

    def _paint_pair(
        self,
        painter: QPainter,
        room: QRect,
        left: tuple[str, QFont, QColor],
        right: tuple[str, QFont, QColor],
    ) -> None:
        """Write both ends of a line; the left one gives way."""
        metrics = QFontMetrics(right[1])
        taken = metrics.horizontalAdvance(right[0]) + 6 if right[0] else 0
        write_elided(painter, room, *right, Qt.AlignmentFlag.AlignRight)
        rest = room.adjusted(0, 0, -taken, 0)
        write_elided(painter, rest, *left, Qt.AlignmentFlag.AlignLeft)

    def _paint_chip(self, painter: QPainter, room: QRect, picture: Picture) -> None:
        small = self._theme.font(FontRole.SMALL)
        font = self._theme.font(FontRole.SMALL, QFont.Weight.DemiBold)
        metrics = QFontMetrics(font)
        line = QRect(room.topLeft(), QSize(room.width(), metrics.height() + 4))
        quiet = self._theme.color("text3")
        write_elided(painter, line, picture.note, small, quiet, Qt.AlignmentFlag.AlignRight)
        taken = QFontMetrics(small).horizontalAdvance(picture.note) + 8 if picture.note else 0
        line.setWidth(line.width() - taken)
        words = picture.mark_text or picture.title
        if picture.mark in (TileMark.NO_LABEL, TileMark.EXCLUDED, TileMark.NONE):
            ink = self._theme.color("text" if picture.mark is TileMark.NONE else "text3")
            write_elided(painter, line, words, small, ink, Qt.AlignmentFlag.AlignLeft)
            return
        line.setWidth(min(line.width(), metrics.horizontalAdvance(words) + 2 * _CHIP_PADDING + 2))
        ink = self._paint_chip_ground(painter, QRectF(line), picture.mark)
        inner = line.adjusted(_CHIP_PADDING, 0, -_CHIP_PADDING, 0)
        write_elided(painter, inner, words, font, ink, Qt.AlignmentFlag.AlignLeft)

    def _paint_chip_ground(self, painter: QPainter, chip: QRectF, mark: TileMark) -> QColor:
        """Draw what is behind the words, and return the colour of these."""
        color = self._theme.color
        inner = chip.adjusted(0.5, 0.5, -0.5, -0.5)
        if mark is TileMark.CONFIRMED:
            pen, fill, ink = QPen(Qt.PenStyle.NoPen), color("accent"), color("on_accent")
        elif mark is TileMark.SUGGESTED:
            pen, fill, ink = QPen(color("accent"), 1.2), color("surface"), color("accent_text")
        else:
            pen = QPen(color("warn"), 1, Qt.PenStyle.DashLine)
            fill, ink = color("warn_soft"), color("warn")
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawRoundedRect(inner, 4, 4)
        return ink

    def _paint_tick(self, painter: QPainter, frame: QRect) -> None:
        box = QRect(0, 0, _TICK, _TICK)
        box.moveTopRight(frame.topRight())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("accent"))
        painter.drawRoundedRect(box, 4, 4)
        self._theme.icon("check-bold", "on_accent").paint(painter, box.adjusted(3, 3, -3, -3))
