"""Fixes that wait on the Evaluate page, as the Label page marks them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.errors import PetStudioError
from petstudio.bridge.task import BackgroundCall


class PendingMarks(QObject):
    """Only reads; looked at whenever the page is shown."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.labels: Mapping[int, str] = {}
        """The label that waits for a picture, by its id; empty where it is to be left out."""
        self._call = BackgroundCall(self)
        self._call.done.connect(self._take)
        self._call.failed.connect(self._on_unreadable)

    def look(self, project: Path | None) -> None:
        """Read what waits in this project."""
        if project is None:
            self._call.cancel()
            self._take({})
        else:
            self._call.start(lambda _control: _load(project))

    def shutdown(self) -> None:
        self._call.shutdown()

    @Slot(object)
    def _take(self, labels: Mapping[int, str]) -> None:
        if labels != self.labels:
            self.labels = labels
            self.changed.emit()

    @Slot(object)
    def _on_unreadable(self, _error: PetStudioError) -> None:
        self._take({})  # the Evaluate page tells of it


def _load(project: Path) -> Mapping[int, str]:
    from petstudio.project.pending_fixes import FixKind, load_tray

    return {
        fix.image: fix.to
        for fix in load_tray(project).fixes
        if fix.kind is not FixKind.LABEL_IS_RIGHT
    }
