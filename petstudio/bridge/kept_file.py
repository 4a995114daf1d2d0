"""A small file of a project, read and written in the background."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.errors import PetStudioError
from petstudio.bridge.task import BackgroundCall

T = TypeVar("T")


class KeptFile(QObject, Generic[T]):
    """What its owner holds is on the disk soon after, and at the end at the latest."""

    read = Signal(object)
    """What is in the file; what was to be kept before that is to be joined with it, or is lost."""
    failed = Signal(object)
    """The PetStudioError because of which the file cannot be read or written."""

    def __init__(
        self,
        load: Callable[[Path], T],
        save: Callable[[Path, T], None],
        nothing: T,
        parent: QObject | None = None,
    ) -> None:
        """`load` and `save` get the project; they run in the background."""
        super().__init__(parent)
        self.is_reading = False
        """True as long as it is not known what is in the file."""
        self._load = load
        self._save = save
        self._nothing = self._wanted = self._kept = nothing
        self._project: Path | None = None
        self._reading = BackgroundCall(self)
        self._writing = BackgroundCall(self)
        self._reading.done.connect(self._on_read)
        self._reading.failed.connect(self._on_unreadable)
        self._writing.failed.connect(self.failed)

    def look(self, project: Path | None) -> bool:
        """Turn to another project, or to none; False where it is the same one."""
        if project == self._project:
            return False
        self._flush()
        self._reading.cancel()
        self._project, self.is_reading = project, project is not None
        self._wanted = self._kept = self._nothing
        if project is not None:
            self._reading.start(lambda _control: self._load(project))
        return True

    def keep(self, value: T) -> None:
        """Write this in place of what was there, but nothing while the file is still read."""
        self._wanted = value
        project = self._project
        if project is not None and not self.is_reading:
            self._writing.start(lambda _control: self._store(project, value))

    def shutdown(self) -> None:
        self._reading.shutdown()
        self._flush()

    def _store(self, project: Path, value: T) -> None:
        self._save(project, value)
        self._kept = value

    def _flush(self) -> None:
        """Write what a newer change or a full disk has not let through; the window waits for it."""
        self._writing.shutdown()
        if self._project is None or self.is_reading or self._wanted == self._kept:
            return
        try:
            self._store(self._project, self._wanted)
        except PetStudioError as error:
            self.failed.emit(error)

    @Slot(object)
    def _on_read(self, value: T) -> None:
        self.is_reading = False
        self._wanted = self._kept = value
        self.read.emit(value)

    @Slot(object)
    def _on_unreadable(self, error: PetStudioError) -> None:
        self.is_reading = False
        if self._wanted != self._kept:
            self.keep(self._wanted)
        self.failed.emit(error)
