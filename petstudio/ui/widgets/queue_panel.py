"""The recipes that wait behind the run: a short list, moved and removed by buttons and keys."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from petstudio.api.language import tr
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.text import Text, plain_tip

_TITLE: Final = tr("Queue")
_SPOKEN: Final = tr("Recipes that wait, the next one first")
_NEXT: Final = tr("starts after this run")
_WAITS: Final = tr("waits")
_START: Final = tr("Start")
_START_TIP: Final = tr("Train with these recipes one after the other")
_UP_TIP: Final = tr("Earlier (Alt+Up)")
_DOWN_TIP: Final = tr("Later (Alt+Down)")
_REMOVE_TIP: Final = tr("Take it out of the queue (Delete)")
_ROWS: Final = 3
_AROUND: Final = 8  # pixels beside a line's letters


class QueuePanel(QWidget):
    """Hidden while nothing waits."""

    move_wanted = Signal(int, int)
    """The place of a recipe, and the one it is to have."""
    remove_wanted = Signal(int)
    go_on_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._state = Text(kind="small", tone="text3")
        self._start = Button(theme, _START, kind="link", small=True, name="training.queue.start")
        self._up = _tool(theme, "caret-up", _UP_TIP)
        self._down = _tool(theme, "caret-down", _DOWN_TIP)
        self._remove = _tool(theme, "x", _REMOVE_TIP)
        self._list = QListWidget()
        self._build()
        self._list.currentRowChanged.connect(self._show_tools)
        self._start.clicked.connect(self.go_on_wanted)
        self._up.clicked.connect(self._move_up)
        self._down.clicked.connect(self._move_down)
        self._remove.clicked.connect(self._remove_chosen)
        self.hide()

    def show_queue(self, lines: tuple[str, ...], *, starts_itself: bool, can_start: bool) -> None:
        """Show what waits; `can_start` offers to start it now."""
        self._state.setText(_NEXT if starts_itself else _WAITS)
        self._state.setVisible(not can_start)
        self._start.setVisible(can_start)
        if lines != self.lines():
            self._fill(lines)
        self.setVisible(bool(lines))

    def lines(self) -> tuple[str, ...]:
        """What stands in the list, without numbers."""
        rows = (self._list.item(row) for row in range(self._list.count()))
        return tuple(row.data(Qt.ItemDataRole.UserRole) for row in rows)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._do_key(event) or super().eventFilter(watched, event)
        return super().eventFilter(watched, event)

    def _do_key(self, event: QKeyEvent) -> bool:
        has_alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if event.key() == Qt.Key.Key_Delete:
            self._remove_chosen()
        elif has_alt and event.key() == Qt.Key.Key_Up:
            self._move_up()
        elif has_alt and event.key() == Qt.Key.Key_Down:
            self._move_down()
        else:
            return False
        return True

    def _build(self) -> None:
        self._list.setObjectName("training.queue")
        self._list.setAccessibleName(_SPOKEN)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.installEventFilter(self)
        self._start.setToolTip(_START_TIP)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(Text(_TITLE, kind="section"))
        head.addSpacing(4)
        head.addWidget(self._state)
        head.addStretch(1)
        for button in (self._start, self._up, self._down, self._remove):
            head.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._list)

    def _fill(self, lines: tuple[str, ...]) -> None:
        row = max(0, min(self._list.currentRow(), len(lines) - 1))
        self._list.clear()
        # Not as wide as its text: a long line is cut with dots, and its tool tip has all of it.
        height = self._list.fontMetrics().height() + _AROUND
        for number, line in enumerate(lines, start=1):
            item = QListWidgetItem(f"{number}  {line}")
            item.setData(Qt.ItemDataRole.UserRole, line)
            item.setToolTip(plain_tip(line))
            item.setSizeHint(QSize(0, height))
            self._list.addItem(item)
        self._list.setFixedHeight(min(_ROWS, max(1, len(lines))) * height)
        self._list.setCurrentRow(row)
        self._show_tools()

    @Slot()
    def _show_tools(self) -> None:
        row, last = self._list.currentRow(), self._list.count() - 1
        self._up.setEnabled(row > 0)
        self._down.setEnabled(0 <= row < last)
        self._remove.setEnabled(row >= 0)

    @Slot()
    def _move_up(self) -> None:
        self._move(-1)

    @Slot()
    def _move_down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        row = self._list.currentRow()
        if row >= 0 and 0 <= row + by < self._list.count():
            # Chosen first, so that the recipe stays chosen in its new place.
            self._list.setCurrentRow(row + by)
            self.move_wanted.emit(row, row + by)

    @Slot()
    def _remove_chosen(self) -> None:
        if self._list.currentRow() >= 0:
            self.remove_wanted.emit(self._list.currentRow())


def _tool(theme: Theme, icon: str, tip: str) -> Button:
    button = Button(theme, kind="ghost", icon=icon, small=True, name=f"training.queue.{icon}")
    button.setAccessibleName(tip)
    button.setToolTip(tip)
    return button
