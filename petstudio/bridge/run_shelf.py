"""The runs of a project for the Runs page: looked at and changed in the background."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.errors import PetStudioError
from petstudio.bridge.run_row import RunFigures, ShelfSeen
from petstudio.bridge.task import BackgroundCall

if TYPE_CHECKING:
    from petstudio.project.project import Project

Edit: TypeAlias = "Callable[[Project], object]"

_EDIT_MS: Final = 40_000  # longer than a change waits until another lets the project go

logger = logging.getLogger(__name__)


class RunShelf(QObject):
    """Holds what was seen last. Changes are made one after the other, in their order."""

    changed = Signal()
    """`seen` is another one now, or was looked at again."""
    failed = Signal(object)
    """The PetStudioError because of which a change was not made, or nothing could be read."""
    edited = Signal()
    """A change was made; other pages may want to look again."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.seen = ShelfSeen()
        self._project: Path | None = None
        self._edits: deque[tuple[Path, Edit]] = deque()
        self._look = BackgroundCall(self)
        self._edit = BackgroundCall(self)
        self._look.done.connect(self._take)
        self._look.failed.connect(self._take_failure)
        self._edit.done.connect(self._on_edited)
        self._edit.failed.connect(self._on_edit_failed)

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

    def change(self, edit: Edit) -> None:
        """Change something in the project; `changed` or `failed` follows."""
        if self._project is not None:
            self._edits.append((self._project, edit))
            self._begin_next()

    def shutdown(self) -> bool:
        """Make the changes that wait, too; False when one of them does not come to its end."""
        has_ended = self._edit.shutdown(_EDIT_MS)
        while self._edits and has_ended:
            try:
                _change(*self._edits.popleft())
            except PetStudioError as error:
                self.failed.emit(error)
        return self._look.shutdown() and has_ended

    def _begin_next(self) -> None:
        if self._edits and not self._edit.is_busy:
            project, edit = self._edits.popleft()
            self._edit.start(lambda _control: _change(project, edit))

    @Slot(object)
    def _on_edited(self, _result: object) -> None:
        self.edited.emit()
        self._go_on()

    @Slot(object)
    def _on_edit_failed(self, error: PetStudioError) -> None:
        self.failed.emit(error)
        self._go_on()

    def _go_on(self) -> None:
        self._begin_next()
        if not self._edit.is_busy:
            self.look(self._project)

    @Slot(object)
    def _take(self, seen: ShelfSeen) -> None:
        self.seen = seen
        self.changed.emit()

    @Slot(object)
    def _take_failure(self, error: PetStudioError) -> None:
        logger.info("The runs cannot be read: %s", error)
        self.failed.emit(error)


# Both run in the background, and bring the database along.
def _look_at(project: Path, known: Mapping[Path, RunFigures]) -> ShelfSeen:
    from petstudio.bridge.run_shelf_look import look_at_shelf

    return look_at_shelf(project, known)


def _change(project: Path, edit: Edit) -> None:
    from petstudio.jobs.patience import open_patiently

    with open_patiently(project) as opened:
        edit(opened)
