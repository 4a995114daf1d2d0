"""Equal pictures across the split, looked for in the background."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.errors import PetStudioError
from petstudio.bridge.task import BackgroundCall
from petstudio.jobs.split_twins import SplitTwins, find_split_twins

logger = logging.getLogger(__name__)


class TwinsFeed(QObject):
    """Holds what was found last; None while that is not known."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.found: SplitTwins | None = None
        self.problem = ""
        self._call = BackgroundCall(self)
        self._call.done.connect(self._take)
        self._call.failed.connect(self._on_failed)

    def look(self, project: Path | None) -> None:
        """Look in this project, or forget what was found."""
        if project is None:
            self._call.cancel()
            self._take(None)
        else:
            self._call.start(lambda control: find_split_twins(project, control))

    def shutdown(self) -> None:
        self._call.shutdown()

    @Slot(object)
    def _take(self, found: SplitTwins | None) -> None:
        self.found, self.problem = found, ""
        self.changed.emit()

    @Slot(object)
    def _on_failed(self, error: PetStudioError) -> None:
        logger.info("Equal pictures were not looked for: %s", error)
        self.found, self.problem = None, str(error)
        self.changed.emit()
