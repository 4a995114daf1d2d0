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

    def turn_to(self, project: Path | None) -> None:
        """Forget what was read; `look` reads this project from now on."""
        self._project, self._choice = project, EvaluationChoice()
        self._call.cancel()
        self._take(Evaluation(choice=self._choice))

    def look(self) -> None:
        """Read the project, if there is one, as it is now."""
        project, choice = self._project, self._choice
        if project is not None:
            self._call.start(lambda _control: look_at_evaluation(project, choice))

    def choose(self, **changes: Any) -> None:  # fields of EvaluationChoice, checked by `replace`
        """Look at something else."""
        self._choice = replace(self._choice, **changes)
        self.look()

    def shutdown(self) -> None:
        self._call.shutdown()

    @Slot(object)
    def _take(self, seen: Evaluation) -> None:
        self.seen = seen
        self.changed.emit()
