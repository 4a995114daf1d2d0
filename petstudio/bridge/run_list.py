"""The runs of a project, looked at in the background whenever they may have changed."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.errors import PetStudioError
from petstudio.bridge.run_view import RunsSeen, RunView
from petstudio.bridge.task import BackgroundCall

logger = logging.getLogger(__name__)


class RunList(QObject):
    """Holds what was seen last; a project that cannot be read has no runs."""

    changed = Signal()
    """`runs` are other ones now, or were looked at again."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seen = RunsSeen()
        self._call = BackgroundCall(self)
        self._call.done.connect(self._take)
        self._call.failed.connect(self._take_failure)

    @property
    def runs(self) -> tuple[RunView, ...]:
        """Oldest first."""
        return self._seen.runs

    @property
    def classes(self) -> int:
        """How many classes the project has; 0 while that is not known."""
        return self._seen.classes

    @property
    def pictures(self) -> int:
        """How many pictures it trains on; 0 while that is not known."""
        return self._seen.pictures

    def look(self, project: Path | None) -> None:
        """Read the runs of this project, or forget them."""
        if project is None:
            self._call.cancel()
            self._take(RunsSeen())
        else:
            self._call.start(lambda _control: _read(project))

    def run(self, number: int) -> RunView | None:
        return next((run for run in self.runs if run.number == number), None)

    def shutdown(self) -> bool:
        return self._call.shutdown()

    @Slot(object)
    def _take(self, seen: RunsSeen) -> None:
        self._seen = seen
        self.changed.emit()

    @Slot(object)
    def _take_failure(self, error: PetStudioError) -> None:
        logger.info("The runs cannot be listed: %s", error)
        self._take(RunsSeen())


def _read(project: Path) -> RunsSeen:
    from petstudio.bridge.run_look import look_at_runs
    from petstudio.project.project import Project
    from petstudio.project.records import Access

    with Project.open(project, Access.READ) as opened:
        return look_at_runs(opened)
