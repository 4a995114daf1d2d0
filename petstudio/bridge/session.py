"""Which project the window shows; opening, undoing and redoing happen in the background."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.bridge.project_view import ProjectView
from petstudio.bridge.task import BackgroundCall

if TYPE_CHECKING:
    from petstudio.project.project import Project


class Session(QObject):
    """Holds a view of the project, never the project itself: a job may want to write to it."""

    changed = Signal(object)
    """The new ProjectView, or None."""
    failed = Signal(object)
    """The PetStudioError; the project shown so far stays."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view: ProjectView | None = None
        self._call = BackgroundCall(self)
        self._call.done.connect(self._show)
        self._call.failed.connect(self.failed)

    @property
    def view(self) -> ProjectView | None:
        return self._view

    @property
    def path(self) -> Path | None:
        return self._view.path if self._view else None

    def open(self, path: Path) -> None:
        """Show another project, or the same one as it is now."""
        self._call.start(lambda _control: _look_at(path))

    def close(self) -> None:
        self._call.cancel()
        self._show(None)

    def locate(self, root: Path) -> None:
        """Say where the pictures of the project are."""
        self.apply(lambda project: project.set_data_root(root))

    def apply(self, edit: Callable[[Project], object]) -> None:
        """Change the project in the background; `changed` or `failed` follows."""
        if self._view is None:
            return
        path = self._view.path
        self._call.start(lambda _control: _change(path, edit))

    def undo(self) -> None:
        """Take back the newest edit, if there is one."""
        if self._view is not None and self._view.undo:
            self.apply(lambda project: project.undo())

    def redo(self) -> None:
        """Do again what was undone last, if there is anything."""
        if self._view is not None and self._view.redo:
            self.apply(lambda project: project.redo())

    def shutdown(self) -> bool:
        return self._call.shutdown()

    @Slot(object)
    def _show(self, view: ProjectView | None) -> None:
        self._view = view
        self.changed.emit(view)


# Both run in the background, and the first of them brings the database along.
def _look_at(path: Path) -> ProjectView:
    from petstudio.bridge.project_look import look_at

    return look_at(path)


def _change(path: Path, edit: Callable[[Project], object]) -> ProjectView:
    from petstudio.bridge.project_look import view_of
    from petstudio.project.project import Project

    with Project.open(path) as project:
        edit(project)
        return view_of(project)
