"""Which project the window shows; opening, editing, undoing happen in the background, in order."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.errors import PetStudioError
from petstudio.bridge.collector import set_data_aside
from petstudio.bridge.freed_memory import giving_back_memory
from petstudio.bridge.project_view import ProjectView
from petstudio.bridge.task import BackgroundCall, unexpected

if TYPE_CHECKING:
    from petstudio.project.project import Project

Change: TypeAlias = "Callable[[Project], object]"

_LOOK_MS: Final = 10_000
_EDIT_MS: Final = 40_000  # longer than edits wait until another lets the project go

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Edit:
    path: Path
    change: Change


@dataclass(frozen=True, kw_only=True)
class _Outcome:
    """What became of edits that were made together."""

    view: ProjectView
    failures: tuple[PetStudioError, ...]


class Session(QObject):
    """Holds a view of the project, never the project itself: a job may want to write to it.

    Edits are never dropped: they wait for one another, and those that wait are done together.
    Looks are: only the newest one counts, and it comes after all edits.
    """

    opening = Signal()
    """The user wants a project as it is stored; `changed` or `open_failed` follows."""
    changed = Signal(object)
    """The new ProjectView, or None."""
    failed = Signal(object)
    """The PetStudioError of an edit; the other edits were made."""
    open_failed = Signal(object)
    """The PetStudioError; the project shown so far stays."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view: ProjectView | None = None
        self._wanted: Path | None = None
        self._looking: Path | None = None
        self._waiting: deque[_Edit] = deque()
        self._working: tuple[_Edit, ...] = ()
        self._call = BackgroundCall(self)
        self._call.done.connect(self._take)
        self._call.failed.connect(self._on_failed)
        self.edits_asked = 0
        """How many edits were asked for so far."""
        self.edits_done = 0
        """How many of them are over; `changed` and `failed` come when it has grown."""

    @property
    def view(self) -> ProjectView | None:
        return self._view

    @property
    def path(self) -> Path | None:
        return self._view.path if self._view else None

    def open(self, path: Path) -> None:
        """Show another project, or the same one from the start."""
        self.opening.emit()
        self._look_at(path)

    @Slot()
    def look_again(self) -> None:
        """Show the project as it is now, unless another one is being opened."""
        is_opening = self._wanted is not None or self._looking not in (None, self.path)
        if self._view is not None and not is_opening:
            self._look_at(self._view.path)

    def close(self) -> None:
        self._wanted = self._looking = None
        self._show(None)

    def locate(self, root: Path, name: str = "") -> None:
        """Say where the pictures of the project are, or those of an added folder."""
        self.apply(lambda project: project.folders.locate(root, name))

    def apply(self, edit: Change) -> None:
        """Change the project in the background; `changed` or `failed` follows."""
        if self._view is None:
            return
        self._waiting.append(_Edit(path=self._view.path, change=edit))
        self.edits_asked += 1
        self._go_on()

    @Slot()
    def undo(self) -> None:
        """Take back the newest edit, if there is one."""
        if self._view is not None and (self._view.undo or self._has_edits):
            self.apply(lambda project: project.undo())

    @Slot()
    def redo(self) -> None:
        """Do again what was undone last, if there is anything."""
        if self._view is not None and (self._view.redo or self._has_edits):
            self.apply(lambda project: project.redo())

    def shutdown(self) -> bool:
        """Wait for the edits, also for those that have not begun; False if they take too long."""
        has_ended = self._call.shutdown(_EDIT_MS if self._has_edits else _LOOK_MS)
        while self._waiting and has_ended:
            self._tell(_failures_of(self._next_batch()))
        return has_ended

    @property
    def _has_edits(self) -> bool:
        return bool(self._waiting or self._working)

    def _look_at(self, path: Path) -> None:
        self._wanted = path
        self._go_on()

    def _go_on(self) -> None:
        """Begin with what waits; one thing at a time has the project open."""
        if self._working:
            return
        if self._waiting and not self._call.is_busy:
            batch = self._working = self._next_batch()
            before = self._known_of(batch[0].path)
            self._call.start(lambda _control: _change(batch, before))
        elif self._wanted is not None:
            path = self._looking = self._wanted
            self._wanted = None
            before = self._known_of(path)
            self._call.start(lambda _control: _look_at(path, before))

    def _known_of(self, path: Path) -> ProjectView | None:
        return self._view if path == self.path else None

    def _next_batch(self) -> tuple[_Edit, ...]:
        batch = [self._waiting.popleft()]
        while self._waiting and self._waiting[0].path == batch[0].path:
            batch.append(self._waiting.popleft())
        return tuple(batch)

    @Slot(object)
    def _take(self, result: ProjectView | _Outcome) -> None:
        if isinstance(result, _Outcome):
            self._end_batch()
            if result.view.path == self.path:
                self._show(result.view)
            self._tell(result.failures)
        elif result.path == self._looking:
            self._show(result)
        self._go_on()

    @Slot(object)
    def _on_failed(self, error: PetStudioError) -> None:
        if self._working:
            self._end_batch()
            self._tell((error,))
        else:
            self._looking = None
            self.open_failed.emit(error)
        self._go_on()

    def _end_batch(self) -> None:
        self.edits_done += len(self._working)
        self._working = ()

    def _tell(self, failures: Sequence[PetStudioError]) -> None:
        for error in failures:
            self.failed.emit(error)

    def _show(self, view: ProjectView | None) -> None:
        self._view = view
        self.changed.emit(view)


# Both run in the background, and the first of them brings the database along.
def _look_at(path: Path, before: ProjectView | None) -> ProjectView:
    from petstudio.bridge.project_look import look_at

    with giving_back_memory():
        view = look_at(path, before)
    if before is None:
        set_data_aside()
    return view


def _failures_of(batch: Sequence[_Edit]) -> tuple[PetStudioError, ...]:
    try:
        return _change(batch, None).failures
    except PetStudioError as error:
        return (error,)


def _change(batch: Sequence[_Edit], before: ProjectView | None) -> _Outcome:
    from petstudio.bridge.project_look import view_of
    from petstudio.jobs.patience import open_patiently

    failures: list[PetStudioError] = []
    known = before.known if before is not None else None
    with giving_back_memory(), open_patiently(batch[0].path, known) as project:
        for edit in batch:
            try:
                edit.change(project)
            except PetStudioError as error:
                failures.append(error)
            except Exception as error:  # the thread boundary: the other edits are to be made
                logger.exception("An edit failed unexpectedly")
                failures.append(unexpected(error))
        return _Outcome(view=view_of(project), failures=tuple(failures))
