"""Doing a run again: in the Train page, as a command, as a script."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.bridge.run_commands import train_script
from petstudio.bridge.run_row import RunRow
from petstudio.bridge.task import BackgroundCall
from petstudio.config.recipe import Recipe
from petstudio.config.recipe_file import load_recipe


class AgainPart(QObject):
    """Reads the recipe of a run in the background."""

    recipe_read = Signal(object)
    """The Recipe that `read_recipe` asked for."""
    script_written = Signal(str)
    """The script that `write_script` asked for."""
    failed = Signal(object)
    """The PetStudioError because of which a recipe cannot be read."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._call = BackgroundCall(self)
        self._call.done.connect(self._tell)
        self._call.failed.connect(self.failed)

    def read_recipe(self, row: RunRow) -> None:
        path = row.folder.recipe_path
        self._call.start(lambda _control: load_recipe(path))

    def write_script(self, project: Path, row: RunRow) -> None:
        path = row.folder.recipe_path
        self._call.start(lambda _control: train_script(project, row, load_recipe(path)))

    def shutdown(self) -> bool:
        return self._call.shutdown()

    @Slot(object)
    def _tell(self, answer: Recipe | str) -> None:
        if isinstance(answer, Recipe):
            self.recipe_read.emit(answer)
        else:
            self.script_written.emit(answer)
