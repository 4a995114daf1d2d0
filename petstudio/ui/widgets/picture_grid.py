"""A grid of pictures that scrolls a million of them like a hundred."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QPixmap

from petstudio.bridge.picture_list import Picture, PictureListModel, Pictures
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.picture_tile import PictureTileDelegate, TileStyle
from petstudio.ui.widgets.thumbnail_cache import ThumbnailCache
from petstudio.ui.widgets.tile_layout import TileLayout
from petstudio.ui.widgets.tile_view import TileView

SMALLEST_TILE: Final = 96
LARGEST_TILE: Final = 320
_SIZE_STEP: Final = 1.2

_AnyIndex = QModelIndex | QPersistentModelIndex


class PictureGrid(TileView):
    """Shows Pictures and says what is selected; what a key means is the page's business.

    The owner calls `look_in` when the project changes, and `shutdown` at the end.
    """

    selection_changed = Signal()
    """Other pictures are selected, or another one is the current one."""
    opened = Signal(object)
    """The key of the picture that was double clicked, or on which Enter was pressed."""
    resized = Signal(int)
    """How wide a tile is wished to be."""
    look_wanted = Signal(object)
    """The key of the picture to be seen large."""

    def __init__(
        self,
        theme: Theme,
        *,
        name: str,
        style: TileStyle = TileStyle.TILE,
        tile_width: int = 158,
        picture_ratio: float = 1.0,
        most_columns: int = 0,
    ) -> None:
        super().__init__(
            TileLayout(
                least_width=tile_width, picture_ratio=picture_ratio, most_columns=most_columns
            )
        )
        self._thumbnails = ThumbnailCache(self)
        self._list = PictureListModel(self)
        self._painter = PictureTileDelegate(theme, self._thumbnails, style, self)
        self.setObjectName(name)
        self.setProperty("grid", True)
        self.setModel(self._list)
        self.setItemDelegate(self._painter)
        self._make_room_for_words()
        self._thumbnails.changed.connect(self.viewport().update)
        self.activated.connect(self._open)
        theme.changed.connect(self._make_room_for_words)

    @property
    def pictures(self) -> Pictures:
        return self._list.pictures

    @property
    def current(self) -> Picture | None:
        """The picture that the cursor is on."""
        index = self.currentIndex()
        return self.pictures[index.row()] if index.isValid() else None

    @property
    def selected_count(self) -> int:
        return sum(len(rows) for rows in self._selected_rows())

    @property
    def selected_keys(self) -> tuple[int, ...]:
        """Keys of all selected pictures, in the order in which they stand."""
        return tuple(self.pictures.key_at(row) for rows in self._selected_rows() for row in rows)

    def show_pictures(self, pictures: Pictures) -> None:
        """Show other pictures; the cursor goes to the first one."""
        self._list.show_pictures(pictures)
        self.updateGeometries()
        self.verticalScrollBar().setValue(0)
        self.go_to_row(0)

    def change_pictures(self, pictures: Pictures) -> None:
        """Show the same pictures in the same order, looking differently."""
        self._list.change_pictures(pictures)

    def rearrange_pictures(self, pictures: Pictures) -> None:
        """Show others in another order; what is selected and still there stays so, and the view."""
        keys, current, top = self.selected_keys, self.current, self.verticalScrollBar().value()
        self._list.show_pictures(pictures)
        self.updateGeometries()
        self.select_keys(keys, current.key if current else None)
        self.verticalScrollBar().setValue(top)

    def select_keys(self, keys: Iterable[int], current: int | None = None) -> None:
        """Select those of these pictures that are there; without any, the first picture."""
        places = (self.pictures.row_of(key) for key in keys)
        rows = sorted({row for row in places if row is not None})
        row = self.pictures.row_of(current) if current is not None else None
        if not rows:
            self.go_to_row(row or 0)
            return
        flags = QItemSelectionModel.SelectionFlag
        self.select_rows(rows)
        cursor = self._list.index(rows[0] if row is None else row)
        self.selectionModel().setCurrentIndex(cursor, flags.NoUpdate)

    def go_to_row(self, row: int) -> None:
        """Put the cursor on a picture and select it alone."""
        if 0 <= row < len(self.pictures):
            # Said in full: the view's own way toggles while Ctrl is held, as in Ctrl+Z.
            alone = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(self._list.index(row), alone)

    def go_to_key(self, key: int) -> None:
        """Put the cursor on a picture if it is there."""
        row = self.pictures.row_of(key)
        if row is not None:
            self.go_to_row(row)

    def set_tile_width(self, width: int) -> None:
        """Make all tiles about this wide."""
        self._lay_out(least_width=min(max(width, SMALLEST_TILE), LARGEST_TILE))
        self.resized.emit(self.tiles.least_width)

    def show_instead(self, stand_ins: Mapping[int, QPixmap]) -> None:
        """Draw these in place of the pictures with these keys; none to end it."""
        self._painter.stand_ins = dict(stand_ins)
        self.viewport().update()

    def look_in(self, project: Path | None) -> None:
        """Make thumbnails of what the project's training has kept, where it has."""
        self._thumbnails.look_in(project)

    def shutdown(self) -> None:
        self._thumbnails.shutdown()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        current = self.current
        match event.key():
            case Qt.Key.Key_Space if current is not None:
                self.look_wanted.emit(current.key)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.set_tile_width(round(self.tiles.least_width * _SIZE_STEP))
            case Qt.Key.Key_Minus:
                self.set_tile_width(round(self.tiles.least_width / _SIZE_STEP))
            case _:
                super().keyPressEvent(event)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.selection_changed.emit()

    def currentChanged(self, current: _AnyIndex, previous: _AnyIndex) -> None:
        super().currentChanged(current, previous)
        self.selection_changed.emit()

    def _selected_rows(self) -> list[range]:
        selection = self.selectionModel().selection()
        parts = (selection.at(at) for at in range(selection.count()))
        return sorted((range(p.top(), p.bottom() + 1) for p in parts), key=lambda rows: rows.start)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self.pictures[index.row()].key)

    @Slot()
    def _make_room_for_words(self) -> None:
        self._lay_out(text_height=self._painter.text_height())

    def _lay_out(self, **changes: int) -> None:
        self.set_tiles(replace(self.tiles, **changes))
