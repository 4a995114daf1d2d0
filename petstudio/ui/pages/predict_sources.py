"""Which pictures the Predict page predicts: asked for, dropped, or watched for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from petstudio.api.errors import PetStudioError
from petstudio.bridge.folder_watcher import INTERVAL_MS, FolderWatcher
from petstudio.bridge.task import BackgroundCall
from petstudio.jobs.picture_sources import (
    PictureSource,
    gather,
    validation_pictures,
    watched_folder,
)
from petstudio.ui.pages import predict_words as words
from petstudio.ui.widgets.path_question import ask_files, ask_folder

VALIDATION_COUNT: Final = 20


class SourcesPart(QObject):
    """Looks for pictures in the background."""

    gathered = Signal(object)
    """The PictureSource that is to be predicted."""
    more_arrived = Signal(object)
    """A tuple of Paths that came into the watched folder."""
    failed = Signal(object)
    """The PetStudioError because of which there are no pictures."""
    lost = Signal(object)
    """The PetStudioError that says that the watched folder is gone."""
    found_again = Signal()
    watching_changed = Signal(bool)

    def __init__(self, page: QWidget, *, interval_ms: int = INTERVAL_MS) -> None:
        super().__init__(page)
        self._page = page
        self._wants_watch = False
        self.source: PictureSource | None = None
        self._call = BackgroundCall(self)
        self._watcher = FolderWatcher(self, interval_ms=interval_ms)
        self._call.done.connect(self._take)
        self._call.failed.connect(self._on_failed)
        self._watcher.arrived.connect(self._take_more)
        self._watcher.lost.connect(self.lost)
        self._watcher.found_again.connect(self.found_again)

    @property
    def is_busy(self) -> bool:
        """Whether it looks for pictures."""
        return self._call.is_busy

    @property
    def is_watching(self) -> bool:
        return self._watcher.folder is not None

    def take(self, paths: Sequence[Path]) -> None:
        """Predict these files and folders."""
        chosen = tuple(paths)
        self.unwatch()
        self._call.start(lambda _control: gather(chosen))

    def take_validation(self, project: Path) -> None:
        """Predict some of a project's validation pictures."""
        self.unwatch()
        self._call.start(lambda _control: validation_pictures(project, VALIDATION_COUNT))

    @Slot()
    def ask_for_files(self) -> None:
        ask_files(self._page, words.CHOOSE_FILES_TITLE, "", self.take)

    @Slot()
    def ask_for_folder(self) -> None:
        ask_folder(self._page, words.CHOOSE_FOLDER_TITLE, "", self._take_folder)

    @Slot()
    def toggle_watching(self) -> None:
        """Watch the folder that is predicted, else one that the user chooses; or no more."""
        source = self.source
        if self.is_watching:
            self.unwatch()
        elif source is not None and source.folder is not None:
            self._watch(source)
        else:
            ask_folder(self._page, words.WATCH_TITLE, "", self.watch)

    def watch(self, folder: Path) -> None:
        """Predict what is in a folder, and then what comes into it."""
        self.unwatch()
        self._wants_watch = True
        self._call.start(lambda _control: watched_folder(folder))

    def unwatch(self) -> None:
        self._wants_watch = False
        if self.is_watching:
            self._watcher.stop()
            self.watching_changed.emit(False)

    def forget(self) -> None:
        """Nothing is to be predicted any more."""
        self.unwatch()
        self._call.cancel()
        self.source = None

    def shutdown(self) -> None:
        self._watcher.shutdown()
        self._call.shutdown()

    def _take_folder(self, folder: Path) -> None:
        self.take((folder,))

    def _watch(self, source: PictureSource) -> None:
        assert source.folder is not None
        self._watcher.watch(source.folder, source.files)
        self.watching_changed.emit(True)

    @Slot(object)
    def _take(self, source: PictureSource) -> None:
        self.source = source
        if self._wants_watch and source.folder is not None:
            self._watch(source)
        self.gathered.emit(source)

    @Slot(object)
    def _take_more(self, files: tuple[Path, ...]) -> None:
        if self.source is not None:
            self.source = replace(self.source, files=self.source.files + files)
        self.more_arrived.emit(files)

    @Slot(object)
    def _on_failed(self, error: PetStudioError) -> None:
        self._wants_watch = False
        self.failed.emit(error)
