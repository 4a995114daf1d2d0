"""Looks into a folder again and again, in the background, and tells what has come."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from petstudio.api.errors import PetStudioError
from petstudio.bridge.task import BackgroundCall
from petstudio.jobs.new_files import NewFiles

INTERVAL_MS: Final = 1500
_REST_PER_LOOK: Final = 20  # so that a folder of a million files keeps the machine at 5 % at most


class FolderWatcher(QObject):
    """Goes on while the folder is gone, and says so."""

    arrived = Signal(object)
    """A tuple of Paths of new, complete pictures."""
    lost = Signal(object)
    """The PetStudioError that says why the folder cannot be looked into; comes once."""
    found_again = Signal()

    def __init__(self, parent: QObject | None = None, *, interval_ms: int = INTERVAL_MS) -> None:
        super().__init__(parent)
        self._interval_ms = interval_ms
        self._files: NewFiles | None = None
        self._is_lost = False
        self._began = 0.0
        self._call = BackgroundCall(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        self._call.done.connect(self._take)
        self._call.failed.connect(self._take_failure)

    @property
    def folder(self) -> Path | None:
        """The folder that is watched, if any is."""
        return self._files.folder if self._files is not None else None

    def watch(self, folder: Path, known: Iterable[Path]) -> None:
        """Tell from now on which pictures come into the folder besides the known ones."""
        self.stop()
        self._files = NewFiles(folder, known)
        self._timer.start(0)

    def stop(self) -> None:
        self._timer.stop()
        self._call.cancel()
        self._files = None
        self._is_lost = False

    def shutdown(self) -> None:
        self.stop()
        self._call.shutdown()

    @Slot()
    def _look(self) -> None:
        files = self._files
        if files is not None:
            self._began = time.monotonic()
            self._call.start(lambda _control: files.look())

    @Slot(object)
    def _take(self, arrived: tuple[Path, ...]) -> None:
        if self._is_lost:
            self._is_lost = False
            self.found_again.emit()
        if arrived:
            self.arrived.emit(arrived)
        self._wait()

    @Slot(object)
    def _take_failure(self, error: PetStudioError) -> None:
        if not self._is_lost:
            self._is_lost = True
            self.lost.emit(error)
        self._wait()

    def _wait(self) -> None:
        if self._files is not None:
            took_ms = 1000 * (time.monotonic() - self._began)
            self._timer.start(max(self._interval_ms, round(_REST_PER_LOOK * took_ms)))
