"""The evaluation that is looked at, read in the background whenever it may have changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.bridge.evaluation_look import look_at_evaluation
from petstudio.bridge.evaluation_view import Evaluation, EvaluationChoice
from petstudio.bridge.task import BackgroundCall


class EvaluationFeed(QObject):
    """Holds what was read last; a choice made meanwhile is read next."""

    changed = Signal()
    failed = Signal(object)
    """The PetStudioError because of which nothing can be read."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project: Path | None = None
        self._choice = EvaluationChoice()
        self._call = BackgroundCall(self)
        self._call.done.connect(self._take)
        self._call.failed.connect(self.failed)
        self.seen = Evaluation(choice=self._choice)

    @property
    def is_busy(self) -> bool:
        return self._call.is_busy

    @property
    def choice(self) -> EvaluationChoice:
        """What was asked for last."""
        return self._choice

    def look(self, project: Path | None) -> None:
        """Read this project, or the same one again; None forgets it."""
        if project != self._project:
            self._project, self._choice = project, EvaluationChoice()
        if project is None:
            self._call.cancel()
            self._take(Evaluation(choice=self._choice))
        else:
            choice = self._choice
            self._call.start(lambda _control: look_at_evaluation(project, choice))

    def choose(self, **changes: Any) -> None:  # fields of EvaluationChoice, checked by `replace`
        """Look at something else."""
        self._choice = replace(self._choice, **changes)
        if self._project is not None:
            self.look(self._project)

    def shutdown(self) -> None:
        self._call.shutdown()

    @Slot(object)
    def _take(self, seen: Evaluation) -> None:
        self.seen = seen
        self.changed.emit()
