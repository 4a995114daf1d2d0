"""What the Evaluate page does beside showing: evaluate, apply the fixes, note in the model."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.errors import PetStudioError
from petstudio.api.events import Event, Outcome, ProgressMade, RunFinished
from petstudio.bridge.evaluation_view import EvaluationChoice
from petstudio.bridge.fix_tray import FixTray
from petstudio.bridge.runner import JobRunner
from petstudio.bridge.session import Session
from petstudio.bridge.side_job import SideJob
from petstudio.bridge.task import BackgroundCall
from petstudio.jobs.engine_job import evaluation_job
from petstudio.jobs.job import Job
from petstudio.jobs.model_notes import note_in_model
from petstudio.plugin_host.host import PluginHost
from petstudio.project.project import Project
from petstudio.ui.pages.evaluate_tab import ModelNotes
from petstudio.ui.pages.evaluate_words import EVALUATING, evaluating

MakeEvaluation: TypeAlias = Callable[[PluginHost, Path, EvaluationChoice], Job]


def evaluation_of(host: PluginHost, project: Path, choice: EvaluationChoice) -> Job:
    """Return the job that evaluates what is chosen."""
    return evaluation_job(host, project, run=choice.run, split=choice.split, views=choice.views)


class ActsPart(QObject):
    """One of each at a time; every one ends with a signal."""

    changed = Signal()
    """Something has begun, got on, or ended."""
    applied = Signal(object)
    """How many pictures were changed."""
    retrain_wanted = Signal()
    """The fixes are applied, and training shall follow."""
    noted = Signal()
    failed = Signal(object)
    """The PetStudioError because of which something was not done."""

    def __init__(
        self,
        host: PluginHost,
        runner: JobRunner,
        session: Session,
        tray: FixTray,
        make_evaluation: MakeEvaluation,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._host = host
        self._session = session
        self._tray = tray
        self._make_evaluation = make_evaluation
        self._retrains = self._is_done = False
        self._edit = self._count = 0
        self.is_applying = False
        self.progress = ""
        """How far the evaluation is; empty while there is none."""
        self._evaluation = SideJob(runner, self)
        self._noting = BackgroundCall(self)
        self._connect(runner)

    def evaluate(self, project: Path, choice: EvaluationChoice) -> None:
        """Predict the pictures of a split anew."""
        try:
            self._evaluation.start(
                self._make_evaluation(self._host, project, choice), title=EVALUATING
            )
        except PetStudioError as error:
            self.failed.emit(error)
            return
        self.progress = EVALUATING
        self.changed.emit()

    def apply(self, *, retrains: bool = False) -> None:
        """Apply all fixes of the tray as one step of the project's history."""
        labels, excluded = self._tray.labels, self._tray.excluded
        self._count = len(self._tray.fixes) if labels or excluded else 0
        self._tray.settle()
        self._retrains = retrains
        self._is_done = not self._count
        self.is_applying = True
        if not self._is_done:
            self._session.apply(lambda project: self._apply(project, labels, excluded))
        self._edit = self._session.edits_asked
        self.changed.emit()
        self._end_apply()

    def note(self, project: Path, run: int, notes: ModelNotes) -> None:
        """Store something in the run's model."""
        self._noting.start(
            lambda _control: note_in_model(
                project, run, temperature=notes.temperature, reject_below=notes.reject_below
            )
        )

    def shutdown(self) -> None:
        self._noting.shutdown()

    def _connect(self, runner: JobRunner) -> None:
        runner.events_arrived.connect(self._take_events)
        self._evaluation.ended.connect(self._on_evaluated)
        self._session.changed.connect(self._end_apply)
        self._session.failed.connect(self._on_session_failed)
        self._noting.done.connect(self._on_noted)
        self._noting.failed.connect(self.failed)

    def _apply(
        self, project: Project, labels: Mapping[int, str], excluded: Collection[int]
    ) -> None:
        """Runs in the background."""
        project.apply_fixes(labels, excluded)
        self._is_done = True

    @Slot()
    def _end_apply(self) -> None:
        """Go on once the edit is over, for better or for worse."""
        if not self.is_applying or self._session.edits_done < self._edit:
            return
        self.is_applying = False
        self.changed.emit()
        if self._is_done and self._count:
            self.applied.emit(self._count)
        if self._is_done and self._retrains:
            self.retrain_wanted.emit()

    @Slot(object)
    def _take_events(self, events: tuple[Event, ...]) -> None:
        if not self._evaluation.is_running:
            return
        for event in events:
            match event:
                case ProgressMade(done=done, total=total):
                    self.progress = evaluating(done, total)
                case _:
                    pass
        self.changed.emit()

    @Slot(object)
    def _on_evaluated(self, finished: RunFinished) -> None:
        self.progress = ""
        if finished.outcome is Outcome.FAILED:
            self.failed.emit(PetStudioError(finished.message))
        self.changed.emit()

    @Slot(object)
    def _on_session_failed(self, error: PetStudioError) -> None:
        # `changed` comes before it if some other edit was made together with this one.
        is_over = 0 < self._edit <= self._session.edits_done
        if is_over and not self._is_done:
            self._edit = 0
            self._end_apply()
            self.failed.emit(error)

    @Slot(object)
    def _on_noted(self, _info: object) -> None:
        self.noted.emit()
