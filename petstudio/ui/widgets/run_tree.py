"""The runs of a project as a tree: each below the one that it started from."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QSizePolicy

from petstudio.bridge.run_view import RunEnd, RunView, tree_of
from petstudio.ui.theme import Theme

_EMPTY: Final = "Runs appear here; each below the one that it started from."
_INDENT: Final = "    "
_ELBOW: Final = "↳ "
_STAR: Final = "★ "
_ROWS: Final = 5
_BRANCH_TIP: Final = "Enter or a double click starts the next run from its last stage."


class RunTree(QListWidget):
    """One line a run; the best has a star, the others say what they lack."""

    branch_wanted = Signal(object)
    """The RunView that the next run is to start from."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._runs: tuple[RunView, ...] = ()
        self.setObjectName("training.runs")
        self.setAccessibleName("Runs of this project")
        self.setToolTip(_BRANCH_TIP)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.itemActivated.connect(self._on_activated)
        theme.changed.connect(self._fill)
        self.show_runs(())

    def show_runs(self, runs: tuple[RunView, ...]) -> None:
        self._runs = runs
        self._fill()

    def lines(self) -> list[str]:
        """What stands in the list, without indents."""
        return [self.item(row).text().strip() for row in range(self.count())]

    def sizeHint(self) -> QSize:
        rows = min(_ROWS, max(1, self.count()))
        return QSize(200, rows * (self.fontMetrics().height() + 8) + 4)

    @Slot()
    def _fill(self) -> None:
        self.clear()
        lines = tree_of(self._runs)
        for line in lines:
            sign = _STAR if line.is_star else _ELBOW if line.depth else ""
            item = QListWidgetItem(f"{_INDENT * line.depth}{sign}{line.text}")
            item.setData(Qt.ItemDataRole.UserRole, line.run.number)
            item.setToolTip(line.text)
            if line.run.end not in (RunEnd.DONE, RunEnd.GOING):
                item.setForeground(self._theme.color("text3"))
            self.addItem(item)
        if not lines:
            item = QListWidgetItem(_EMPTY)
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.addItem(item)
        self.updateGeometry()
        self.scrollToBottom()

    @Slot(QListWidgetItem)
    def _on_activated(self, item: QListWidgetItem) -> None:
        number = item.data(Qt.ItemDataRole.UserRole)
        run = next((run for run in self._runs if run.number == number), None)
        if run is not None and run.checkpoints:
            self.branch_wanted.emit(run)
