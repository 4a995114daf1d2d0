"""The keys that act on pictures; letters count only while a grid of them has the focus."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPixmap

from petstudio.bridge.fixing import Fixing
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.class_picker import ClassPicker
from petstudio.ui.widgets.heat_key import HeatKey
from petstudio.ui.widgets.picture_grid import PictureGrid
from petstudio.ui.widgets.quick_look import QuickLook

_PLAIN: Final = Qt.KeyboardModifier.NoModifier
_DIGITS: Final = range(Qt.Key.Key_0, Qt.Key.Key_9 + 1)
_PICKER_KEYS: Final = (Qt.Key.Key_QuoteLeft, Qt.Key.Key_AsciiTilde, Qt.Key.Key_Dead_Grave)


class PictureKeys(QObject):
    """Stands between a grid and its keys."""

    heat_wanted = Signal(object, bool)
    """The PictureGrid whose heat maps shall be seen, and whether those of the true classes."""
    heat_over = Signal()

    def __init__(self, theme: Theme, grid: PictureGrid, fixing: Fixing) -> None:
        super().__init__(grid)
        self._theme = theme
        self._look: QuickLook | None = None
        self.grid = grid
        self._fixing = fixing
        self._picker: ClassPicker | None = None
        self.heat = HeatKey(self)
        self.heat.watch(grid)
        self.heat.held.connect(self._hold_heat)
        self.heat.released.connect(self._release_heat)
        grid.installEventFilter(self)
        grid.look_wanted.connect(self._open_look)
        grid.opened.connect(self._open_look)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._press(event)
        return super().eventFilter(watched, event)

    @Slot()
    def exclude(self) -> None:
        self._fixing.exclude(self.grid.selected_keys)

    @Slot()
    def confirm(self) -> None:
        self._fixing.confirm(self.grid.selected_keys)

    @Slot()
    def repeat(self) -> None:
        self._fixing.repeat(self.grid.selected_keys)

    @Slot()
    def pick_class(self) -> None:
        """Ask for the class."""
        if not self.grid.selected_count:
            return
        if self._picker is None:
            self._picker = ClassPicker(self.grid)
            self._picker.picked.connect(self._relabel)
        place = self.grid.viewport().mapToGlobal(QPoint(8, 8))
        self._picker.open(self._fixing.keys, place)

    def show_heat(self, maps: Mapping[int, QPixmap]) -> None:
        """Show these while the key is held."""
        self.grid.show_instead(maps if self.heat.is_held else {})

    @Slot(object)
    def _open_look(self, _key: int) -> None:
        self._look = QuickLook(self._theme, self.grid)
        self._look.stepped.connect(self._step)
        self._step(0)
        self._look.open()

    @Slot(int)
    def _step(self, step: int) -> None:
        self.grid.go_to_row(self.grid.currentIndex().row() + step)
        current = self.grid.current
        if self._look is not None and current is not None:
            words = (current.title, current.subtitle, current.mark_text)
            self._look.show_picture(current.path, ", ".join(filter(None, words)))

    @Slot(str)
    def _relabel(self, label: str) -> None:
        self._fixing.relabel(self.grid.selected_keys, label)

    @Slot(bool)
    def _hold_heat(self, is_actual: bool) -> None:
        self.heat_wanted.emit(self.grid, is_actual)

    @Slot()
    def _release_heat(self) -> None:
        self.show_heat({})
        self.heat_over.emit()

    def _press(self, event: QKeyEvent) -> bool:
        """Do what a key means; False for one that means nothing here."""
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers != _PLAIN or (event.isAutoRepeat() and key != Qt.Key.Key_R):
            return False
        if key in _DIGITS:
            self._fixing.relabel_by_key(self.grid.selected_keys, str(key - Qt.Key.Key_0))
            return True
        acts = {Qt.Key.Key_X: self.exclude, Qt.Key.Key_K: self.confirm, Qt.Key.Key_R: self.repeat}
        act = self.pick_class if key in _PICKER_KEYS else acts.get(Qt.Key(key))
        if act is not None:
            act()
        return act is not None
