"""The runs of a project as a tree: each below the one that it started from."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QSizePolicy

from petstudio.api.language import tr
from petstudio.bridge.run_view import RunEnd, RunView, tree_of
from petstudio.ui.theme import Theme

_EMPTY: Final = tr("Runs appear here, each below its origin.")
_INDENT: Final = "    "
_ELBOW: Final = "↳ "
_STAR: Final = "★ "
_ROWS: Final = 5
_AROUND: Final = 8  # pixels beside a line's letters
_BRANCH_TIP: Final = tr("Enter or a double click starts the next run from its last stage.")


class RunTree(QListWidget):
    """One line a run; the best has a star, the others say what they lack."""

    branch_wanted = Signal(object)
    """The RunView that the next run is to start from."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._runs: tuple[RunView, ...] = ()
        self.setObjectName("training.runs")
        self.setAccessibleName(tr("Runs of this project"))
        self.setToolTip(_BRANCH_TIP)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
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
        return QSize(200, rows * (self.fontMetrics().height() + _AROUND))

    def minimumSizeHint(self) -> QSize:
        # Else the frame asks for room for scroll bars, which one line does not need.
        return QSize(0, self.sizeHint().height())

    @Slot()
    def _fill(self) -> None:
        self.clear()
        lines = tree_of(self._runs)
        # Not as wide as its text: a long line is cut with dots, and its tool tip has all of it.
        one_line = QSize(0, self.fontMetrics().height() + _AROUND)
        for line in lines:
            sign = _STAR if line.is_star else _ELBOW if line.depth else ""
            item = QListWidgetItem(f"{_INDENT * line.depth}{sign}{line.text}")
            item.setData(Qt.ItemDataRole.UserRole, line.run.number)
            item.setToolTip(line.text)
            item.setSizeHint(one_line)
            if line.run.end not in (RunEnd.DONE, RunEnd.GOING):
                item.setForeground(self._theme.color("text3"))
            self.addItem(item)
        if not lines:
            item = QListWidgetItem(_EMPTY)
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            item.setForeground(self._theme.color("text3"))
            self.addItem(item)
        self.updateGeometry()
        self.scrollToBottom()

    @Slot(QListWidgetItem)
    def _on_activated(self, item: QListWidgetItem) -> None:
        number = item.data(Qt.ItemDataRole.UserRole)
        run = next((run for run in self._runs if run.number == number), None)
        if run is not None and run.checkpoints:
            self.branch_wanted.emit(run)
