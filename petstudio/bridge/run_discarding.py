"""Throwing a run away, and putting it back, in the background."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.bridge.run_feed import RunFeed
from petstudio.bridge.task import BackgroundCall

if TYPE_CHECKING:
    from petstudio.project.records import TrashedRun


class RunDiscarding(QObject):
    """A run that is going is stopped first, and thrown away once it has ended."""

    discarded = Signal(object, object)
    """The Path of the project and the TrashedRun."""
    restored = Signal(object)
    """The number of the run that was put back."""
    failed = Signal(object)
    """The PetStudioError because of which a run stays where it is."""

    def __init__(self, feed: RunFeed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._due: tuple[Path, int] | None = None
        self._discarding = BackgroundCall(self)
        self._restoring = BackgroundCall(self)
        self._discarding.done.connect(self._on_discarded)
        self._discarding.failed.connect(self.failed)
        self._restoring.done.connect(self.restored)
        self._restoring.failed.connect(self.failed)
        feed.state_changed.connect(self._on_state_changed)

    @property
    def is_due(self) -> bool:
        """Whether the run that is going will be thrown away at its end."""
        return self._due is not None

    def discard(self, project: Path, number: int) -> None:
        """Throw a run away; `discarded` or `failed` follows."""
        if self._feed.is_going and self._feed.number == number:
            self._due = project, number
            self._feed.stop()
        else:
            self._discarding.start(lambda _control: _discard(project, number))

    @Slot(object, object)
    def put_back(self, project: Path, number: int) -> None:
        """Take a run out of the trash; `restored` or `failed` follows."""
        self._restoring.start(lambda _control: _put_back(project, number))

    def shutdown(self) -> None:
        self._discarding.shutdown()
        self._restoring.shutdown()

    @Slot()
    def _on_state_changed(self) -> None:
        due = self._due
        if due is not None and not self._feed.is_going:
            self._due = None
            self.discard(*due)

    @Slot(object)
    def _on_discarded(self, found: tuple[Path, TrashedRun]) -> None:
        self.discarded.emit(*found)


# Both run in the background, and bring the database along.
def _discard(project: Path, number: int) -> tuple[Path, TrashedRun]:
    from petstudio.jobs.patience import open_patiently

    with open_patiently(project) as opened:
        return project, opened.trash_run(number)


def _put_back(project: Path, number: int) -> int:
    from petstudio.jobs.patience import open_patiently

    with open_patiently(project) as opened:
        return opened.restore_run(number).number
