"""What lies in the trash, and the way back out of it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from petstudio.api.language import tr
from petstudio.bridge.figures import size_text
from petstudio.project.records import TrashedRun
from petstudio.project.trash import KEPT_FOR
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.text import Text, plain_tip

_TITLE: Final = tr("Trash")
_TEXT: Final = tr(
    "Runs stay here for {days} days. Put back, a run is as it was.", days=KEPT_FOR.days
)
_EMPTY: Final = tr("The trash is empty.")
_SIZE: Final = (560, 380)
_AROUND: Final = 12  # pixels beside a line's letters


class TrashDialog(QDialog):
    """Shows what it is told, also when that changes while it is open."""

    back_wanted = Signal(int)
    """The number of the run that is to come back."""
    empty_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.list = QListWidget()
        self._back = Button(
            theme, tr("Put back"), icon="arrow-counter-clockwise", name="trash.back"
        )
        self._empty = Button(
            theme, tr("Empty trash…"), kind="danger", icon="trash", name="trash.empty"
        )
        self._close = Button(theme, tr("Close"), kind="primary", name="trash.close")
        self.setObjectName("trash")
        self.setWindowTitle(_TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self._build()
        self.list.itemActivated.connect(self._put_back)
        self.list.currentRowChanged.connect(self._show_ready)
        self._back.clicked.connect(self._put_back)
        self._empty.clicked.connect(self.empty_wanted)
        self._close.clicked.connect(self.accept)

    def show_runs(self, runs: tuple[TrashedRun, ...]) -> None:
        """Show what lies in the trash, thrown away last first."""
        self.list.clear()
        for run in sorted(runs, key=lambda run: run.when, reverse=True):
            item = _item(run)
            item.setSizeHint(QSize(0, self.list.fontMetrics().height() + _AROUND))
            self.list.addItem(item)
        if not runs:
            self.list.addItem(_EMPTY)
            self.list.item(0).setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.setCurrentRow(0)
        self._empty.setEnabled(bool(runs))
        self._show_ready()

    def lines(self) -> list[str]:
        return [self.list.item(row).text() for row in range(self.list.count())]

    def _build(self) -> None:
        self.list.setObjectName("trash.list")
        self.list.setAccessibleName(tr("Runs in the trash"))
        # A long name is cut in its middle, so that room and day stay in sight.
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._close.setDefault(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._empty)
        buttons.addStretch(1)
        buttons.addWidget(self._back)
        buttons.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(Text(_TITLE, kind="dialog"))
        layout.addWidget(Text(_TEXT, tone="text2", wraps=True))
        layout.addWidget(self.list, 1)
        layout.addLayout(buttons)

    def _chosen(self) -> int | None:
        item = self.list.currentItem()
        number = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        return int(number) if number is not None else None

    @Slot()
    def _show_ready(self) -> None:
        self._back.setEnabled(self._chosen() is not None)

    @Slot()
    def _put_back(self) -> None:
        number = self._chosen()
        if number is not None:
            self.back_wanted.emit(number)


def _item(run: TrashedRun) -> QListWidgetItem:
    end = (run.when + KEPT_FOR).astimezone()
    item = QListWidgetItem(
        tr(
            "{number}  {name}, {size}, until {end:%Y-%m-%d}",
            number=run.number,
            name=run.name,
            size=size_text(run.bytes),
            end=end,
        )
    )
    item.setData(Qt.ItemDataRole.UserRole, run.number)
    item.setToolTip(plain_tip(run.name))
    return item
