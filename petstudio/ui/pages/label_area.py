"""The pictures of the Label page in their two modes, and the bar below them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from petstudio.bridge.label_board import LabelBoard
from petstudio.bridge.picture_list import Pictures
from petstudio.ui.pages import label_words as words
from petstudio.ui.pages.label_keys import LabelAction, LabelKeys
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.empty_state import EmptyState
from petstudio.ui.widgets.heat_key import HeatKey
from petstudio.ui.widgets.label_bar import GRID, SINGLE, LabelBar
from petstudio.ui.widgets.picture_grid import PictureGrid
from petstudio.ui.widgets.quick_look import QuickLook
from petstudio.ui.widgets.single_picture import SinglePicture

_TILE_WIDTH: Final = 158
_PICTURE_RATIO: Final = 1.1


class PictureArea(QWidget):
    """The grid's cursor and selection hold in both modes.

    Keys that move are followed here; those that say something about pictures are passed on.
    """

    acted = Signal(object)
    """A LabelAction for the selected pictures."""
    class_given = Signal(str)
    """The class for the selected pictures."""
    moved = Signal()
    """Other pictures are selected or in sight."""
    empty_wanted = Signal()
    """The button of the note that stands in place of pictures was pressed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._board: LabelBoard | None = None
        self._look: QuickLook | None = None
        self._keys = LabelKeys(self)
        self.heat_key = HeatKey(self)
        self.grid = PictureGrid(
            theme, name="label.grid", tile_width=_TILE_WIDTH, picture_ratio=_PICTURE_RATIO
        )
        self._single = SinglePicture(theme)
        self._empty = EmptyState(theme, icon="tag", name="label.empty", kind="secondary")
        self._stack = QStackedWidget()
        self._bar = LabelBar(theme, _TILE_WIDTH)
        self._build()
        self._connect()

    @property
    def selected_keys(self) -> tuple[int, ...]:
        return self.grid.selected_keys

    @property
    def current_key(self) -> int | None:
        """The picture that the cursor is on."""
        row = self._row
        return self.grid.pictures.key_at(row) if 0 <= row < len(self.grid.pictures) else None

    @property
    def keys_in_sight(self) -> tuple[int, ...]:
        if self._is_single:
            return self.selected_keys[:1]
        return tuple(self.grid.pictures.key_at(row) for row in self.grid.visible_rows())

    @property
    def shown_count(self) -> int:
        return len(self.grid.pictures)

    def look_in(self, project: Path | None) -> None:
        """Show pictures of another project."""
        self.grid.look_in(project)

    def show_pictures(self, pictures: Pictures) -> None:
        """Show others, or the same in another order; what is selected stays so."""
        self.grid.rearrange_pictures(pictures)

    def show_board(self, board: LabelBoard | None, last_label: str) -> None:
        """Let what is shown follow the labels."""
        self._board = board
        self._bar.setVisible(board is not None)
        if board is not None:
            keys = self._keys.codes = board.keys
            self._single.show_classes([name for name, _ in board.classes], keys.by_class)
            self._bar.show_last_label(last_label)
        self.grid.change_pictures(self.grid.pictures)
        self._show_selection()

    def show_heat(self, maps: Mapping[int, QPixmap]) -> None:
        """Show these in place of the pictures with these keys; none to end it."""
        self.grid.show_instead(maps)
        self._single.show_instead(maps)

    def show_empty(self, headline: str, text: str, button: str) -> None:
        """Show a note in place of pictures; without a headline show the pictures."""
        if headline:
            self._empty.say(headline, text, button)
            self._stack.setCurrentWidget(self._empty)
        elif self._stack.currentWidget() is self._empty:
            self._show_mode(self._bar.modes.key)

    def advance(self) -> None:
        """Go on after a label, where pictures are looked at one by one."""
        if self._is_single and self._single.advances:
            self._step(1)

    def open_single(self) -> None:
        """Show the current picture alone."""
        self._turn_to(SINGLE)

    def shutdown(self) -> None:
        self.grid.shutdown()
        self._single.shutdown()

    @property
    def _row(self) -> int:
        return self.grid.currentIndex().row()

    @property
    def _is_single(self) -> bool:
        return self._stack.currentWidget() is self._single

    def _build(self) -> None:
        self.grid.setAccessibleName(words.PICTURES)
        for widget in (self.grid, self._single, self._empty):
            self._stack.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._bar)

    def _connect(self) -> None:
        self.heat_key.watch(self.grid, self._single.canvas)
        self._keys.watch(self.grid, self._single.canvas)  # sees keys first: a code may have an H
        self._keys.pressed.connect(self._act)
        self._keys.class_typed.connect(self.class_given)
        self._keys.typing.connect(self._bar.show_typed)
        self.grid.selection_changed.connect(self._show_selection)
        self.grid.look_wanted.connect(self._open_look)
        self.grid.opened.connect(self.open_single)
        self.grid.verticalScrollBar().valueChanged.connect(self.moved)
        self.grid.verticalScrollBar().rangeChanged.connect(self.moved)
        self.grid.resized.connect(self._bar.show_size)
        self._single.class_given.connect(self.class_given)
        self._single.row_wanted.connect(self.grid.go_to_row)
        self._single.canvas.stepped.connect(self._step)
        self._bar.size_chosen.connect(self.grid.set_tile_width)
        self._bar.mode_chosen.connect(self._turn_to)
        self._empty.wanted.connect(self.empty_wanted)

    @Slot()
    def _show_selection(self) -> None:
        self._bar.show_selected(self.grid.selected_count)
        if self.current_key is not None:
            if self._is_single:
                self._single.show_row(self.grid.pictures, self._row)
            if self._look is not None:
                self._show_look(self._look)
        self.moved.emit()

    @Slot(str)
    def _turn_to(self, mode: str) -> None:
        """Do what the user asks for, whose keys are meant for the pictures from now on."""
        self._show_mode(mode)
        if self.shown_count:
            pictures = self._single.canvas if mode == SINGLE else self.grid
            pictures.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_mode(self, mode: str) -> None:
        self._bar.show_mode(mode)
        if not self.shown_count:
            return
        self._stack.setCurrentWidget(self._single if mode == SINGLE else self.grid)
        if mode == SINGLE:
            self.grid.go_to_row(max(0, self._row))
        self._show_selection()

    @Slot(object)
    def _act(self, action: LabelAction) -> None:
        match action:
            case LabelAction.BACK:
                self._step(-1)
            case LabelAction.FORWARD:
                self._step(1)
            case LabelAction.NEXT_OPEN:
                self._go_to_next_open()
            case LabelAction.MODE:
                self._turn_to(GRID if self._is_single else SINGLE)
            case _:
                self.acted.emit(action)

    @Slot(int)
    def _step(self, by: int) -> None:
        self.grid.go_to_row(self._row + by)

    def _go_to_next_open(self) -> None:
        """Go to the next undecided picture; after the last one, to the first."""
        if self._board is None:
            return
        count, pictures = self.shown_count, self.grid.pictures
        for step in range(1, count + 1):
            row = (self._row + step) % count
            if self._board.record(pictures.key_at(row)).is_undecided:
                self.grid.go_to_row(row)
                return

    @Slot()
    def _open_look(self) -> None:
        look = self._look = QuickLook(self._theme, self)
        look.stepped.connect(self._step)
        look.finished.connect(self._forget_look)
        self._show_look(look)
        look.open()

    def _show_look(self, look: QuickLook) -> None:
        picture = self.grid.pictures[self._row]
        look.show_picture(picture.path, f"{picture.mark_text or picture.title} {picture.note}")

    @Slot()
    def _forget_look(self) -> None:
        self._look = None
