"""The chosen epoch: how good it was, what is kept of it, and what can be done from there."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.bridge.checkpoint_naming import Naming, name_problem
from petstudio.bridge.epoch_checkpoint import EpochView, epoch_view
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.run_view import RunView
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.chip import Chip
from petstudio.ui.widgets.name_question import NameQuestion
from petstudio.ui.widgets.text import Text

_EVALUATE: Final = tr("Evaluate")
_EVALUATE_TIP: Final = tr("Look at what the finished model of this run takes for what")
_BRANCH: Final = tr("Branch")
_BRANCH_TIP: Final = tr("Let the next run start from this epoch")
_NAME: Final = tr("Name…")
_NAME_TIP: Final = tr("Give its checkpoint a name, under which it is kept and can be started from")
_QUESTION: Final = tr("Name the checkpoint")
_ABOUT_NAME: Final = tr("A checkpoint with a name is kept, and stands under “Starts from”.")
_STAR: Final = 16


class EpochPanel(QWidget):
    """Hidden while no epoch is chosen."""

    evaluate_wanted = Signal(object)
    """The number of the run whose model is to be looked at."""
    branch_wanted = Signal(str)
    """The `start.checkpoint` of a run that begins there."""
    name_wanted = Signal(object)
    """The Naming that the user wants."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._run: LiveRun | None = None
        self._index: int | None = None
        self._runs: tuple[RunView, ...] = ()
        self._view: EpochView | None = None
        self._star = QLabel()
        self._title = Text(kind="section", wraps=True)
        self._mark = Chip(theme)
        self._result = Text(kind="small", tone="text2", wraps=True)
        self._evaluate = Button(theme, _EVALUATE, icon="target", small=True)
        self._branch = Button(theme, _BRANCH, icon="git-branch", small=True)
        self._name = Button(theme, _NAME, icon="bookmark-simple", small=True)
        self._build()
        self._evaluate.clicked.connect(self._on_evaluate)
        self._branch.clicked.connect(self._on_branch)
        self._name.clicked.connect(self._ask_name)
        theme.changed.connect(self._draw_star)
        self._draw_star()
        self.hide()

    def show_epoch(self, run: LiveRun | None, index: int | None) -> None:
        """Show an epoch by its index in `run.epochs`, or none."""
        self._run, self._index = run, index
        self.refresh()

    def show_runs(self, runs: tuple[RunView, ...]) -> None:
        """Take over which checkpoints there are."""
        self._runs = runs
        self.refresh()

    def refresh(self) -> None:
        """Take over whether the run has ended, and which epoch is the best by now."""
        run, index = self._run, self._index
        if run is None or index is None or index >= len(run.epochs):
            self._view = None
            self.hide()
            return
        view = epoch_view(run, index, self._runs)
        if view != self._view:
            self._view = view
            self._draw(view)
        self.show()

    def _draw(self, view: EpochView) -> None:
        self._star.setVisible(view.is_best)
        self._title.setText(view.title)
        self._mark.show_state(view.mark)
        self._mark.setVisible(bool(view.mark))
        self._result.setText(view.result)
        self._evaluate.setEnabled(not view.why_no_evaluation)
        self._evaluate.setToolTip(view.why_no_evaluation or _EVALUATE_TIP)
        self._branch.setEnabled(not view.why_no_start)
        self._branch.setToolTip(view.why_no_start or _BRANCH_TIP)
        self._name.setEnabled(not view.why_no_name)
        self._name.setToolTip(view.why_no_name or _NAME_TIP)

    def _build(self) -> None:
        self.setObjectName("training.epoch")
        self.setAccessibleName(tr("The chosen epoch"))
        self._title.setObjectName("training.epoch.title")
        self._result.setObjectName("training.epoch.result")
        self._mark.setObjectName("training.epoch.mark")
        self._evaluate.setObjectName("training.epoch.evaluate")
        self._branch.setObjectName("training.epoch.branch")
        self._name.setObjectName("training.epoch.name")
        self._star.setAccessibleName(tr("best"))
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._star)
        head.addWidget(self._title, 1)
        head.addWidget(self._mark)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._evaluate)
        buttons.addWidget(self._branch)
        buttons.addWidget(self._name)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self._result)
        layout.addLayout(buttons)

    @Slot()
    def _draw_star(self) -> None:
        size = QSize(_STAR, _STAR)
        self._star.setPixmap(self._theme.icon("star-fill", "warn_fill").pixmap(size))

    @Slot()
    def _on_evaluate(self) -> None:
        if self._run is not None and self._run.started is not None:
            self.evaluate_wanted.emit(self._run.started.run)

    @Slot()
    def _on_branch(self) -> None:
        if self._view is not None and self._view.start:
            self.branch_wanted.emit(self._view.start)

    @Slot()
    def _ask_name(self) -> None:
        run, view = self._run, self._view
        if view is None or view.named is None or run is None or run.started is None:
            return
        # Of now, as the page may show another epoch by the time of the answer.
        kept = Naming(run=run.started.run, file=view.named.file, former=view.named.name, name="")
        question = NameQuestion(
            self._theme, _QUESTION, _ABOUT_NAME, self.window(), problem_of=name_problem
        )
        question.named.connect(lambda name: self.name_wanted.emit(replace(kept, name=name)))
        question.setWindowModality(Qt.WindowModality.WindowModal)
        question.open()
