"""The runs of a project for the Runs page, looked at in the background."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.errors import PetStudioError
from petstudio.bridge.run_row import RunFigures, ShelfSeen
from petstudio.bridge.task import BackgroundCall

logger = logging.getLogger(__name__)


class RunShelf(QObject):
    """Holds what was seen last."""

    changed = Signal()
    """`seen` is another one now, or was looked at again."""
    failed = Signal(object)
    """The PetStudioError because of which nothing could be read."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.seen = ShelfSeen()
        self._project: Path | None = None
        self._look = BackgroundCall(self)
        self._look.done.connect(self._take)
        self._look.failed.connect(self._take_failure)

    def look(self, project: Path | None) -> None:
        """Read the runs of this project, or forget them."""
        if project != self._project:
            self.seen = ShelfSeen(project=project)
        self._project = project
        if project is None:
            self._look.cancel()
            self._take(ShelfSeen())
            return
        known = {row.folder.path: row.figures for row in self.seen.rows}
        self._look.start(lambda _control: _look_at(project, known))

    def shutdown(self) -> None:
        self._look.shutdown()

    @Slot(object)
    def _take(self, seen: ShelfSeen) -> None:
        self.seen = seen
        self.changed.emit()

    @Slot(object)
    def _take_failure(self, error: PetStudioError) -> None:
        logger.info("The runs cannot be read: %s", error)
        self.failed.emit(error)


# Runs in the background, and brings the database along.
def _look_at(project: Path, known: Mapping[Path, RunFigures]) -> ShelfSeen:
    from petstudio.bridge.run_shelf_look import look_at_shelf

    return look_at_shelf(project, known)
