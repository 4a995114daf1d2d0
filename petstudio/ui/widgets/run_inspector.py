"""What stands beside the Train page: epochs, result, speed and log of the run."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.bridge.figures import accuracy_text, percent_text
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.run_view import RunView
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.divider import Divider
from petstudio.ui.widgets.epoch_panel import EpochPanel
from petstudio.ui.widgets.epoch_table import EpochTable
from petstudio.ui.widgets.finder_guide import FinderGuide
from petstudio.ui.widgets.log_view import LogView
from petstudio.ui.widgets.run_tree import RunTree
from petstudio.ui.widgets.speed_panel import SpeedPanel
from petstudio.ui.widgets.text import ElidedText, Text


class RunInspector(QWidget):
    """Shows a LiveRun; `refresh` takes over what is new in it."""

    epoch_picked = Signal(object)
    checkpoints_wanted = Signal()
    """An epoch of a run that is going was chosen: what is kept of it is to be looked up again."""

    def __init__(self, theme: Theme, queue: QWidget) -> None:
        super().__init__()
        self._run: LiveRun | None = None
        self._queue = queue
        self._guide = FinderGuide()
        self._pace = QWidget()
        self._best = Text(kind="small", tone="text3")
        self._result = Text(kind="strong", wraps=True)
        self._result.setObjectName("training.result")
        self._model = ElidedText(kind="small", tone="text3", in_the_middle=True)
        self.epochs = EpochTable(theme)
        self.epoch = EpochPanel(theme)
        self.speed = SpeedPanel(theme)
        self.log = LogView(theme)
        self.runs = RunTree(theme)
        self._build()
        self.epochs.epoch_picked.connect(self.epoch_picked)
        self.epochs.epoch_picked.connect(self._show_epoch)
        self.show_run(None)

    def show_run(self, run: LiveRun | None) -> None:
        self._run = run
        self.epochs.show_run(run)
        self.epoch.show_epoch(run, None)
        self.log.show_log(run.log if run is not None else None)
        self.refresh()

    def show_runs(self, runs: tuple[RunView, ...]) -> None:
        """Show the runs of the project, and what is kept of the chosen epoch."""
        self.runs.show_runs(runs)
        self.epoch.show_runs(runs)

    def show_guide(self, shown: bool) -> None:
        """Say how the finder's curve is read, in place of the speed of a run that is over."""
        self._guide.setVisible(shown)
        self._pace.setVisible(not shown)

    @Slot(object)
    def pick_epoch(self, epoch: int | None) -> None:
        """Choose an epoch without a signal."""
        self.epochs.pick_epoch(epoch)
        self._show_epoch(epoch)

    @Slot(object)
    def _show_epoch(self, epoch: int | None) -> None:
        self.epoch.show_epoch(self._run, epoch)
        if self._run is not None and self._run.finished is None:
            self.checkpoints_wanted.emit()

    def refresh(self) -> None:
        run = self._run
        self.epochs.refresh()
        self.epoch.refresh()
        self.speed.show_run(run)
        self.log.refresh()
        best = run.best if run is not None else None
        self._best.setText(
            tr("best {accuracy}", accuracy=percent_text(best.accuracy)) if best is not None else ""
        )
        self._result.setText(result_text(run))
        self._result.setVisible(bool(self._result.text()))
        model = run.model_path if run is not None else ""
        self._model.set_full_text(model)
        self._model.setVisible(bool(model))

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._guide)
        self._guide.hide()
        head = QHBoxLayout()
        head.addWidget(Text(tr("Epochs"), kind="section"))
        head.addStretch(1)
        head.addWidget(self._best)
        layout.addLayout(head)
        layout.addWidget(self.epochs, 3)
        layout.addWidget(self.epoch)
        layout.addWidget(self._result)
        layout.addWidget(self._model)
        layout.addWidget(self._pace)
        self._build_pace()
        layout.addWidget(self._queue)
        layout.addWidget(Text(tr("Runs"), kind="section"))
        layout.addWidget(self.runs)
        layout.addWidget(Divider())
        layout.addWidget(Text(tr("Log"), kind="section"))
        layout.addWidget(self.log, 2)

    def _build_pace(self) -> None:
        layout = QVBoxLayout(self._pace)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(Divider())
        layout.addWidget(Text(tr("Speed"), kind="section"))
        layout.addWidget(self.speed)
        layout.addWidget(Divider())


def result_text(run: LiveRun | None) -> str:
    """Return the result of the evaluation after the run, with its count."""
    evaluation = run.evaluation if run is not None else None
    if evaluation is None or not evaluation.images:
        return ""
    return accuracy_text(evaluation.correct, evaluation.images)
