"""What became of the files of a list when it was gone through backwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from enum import Enum
from typing import Generic, TypeVar

from petstudio.api.errors import MachineError
from petstudio.api.events import NoticeGiven, NoticeLevel
from petstudio.api.language import counted
from petstudio.jobs.file_copies import reason_of

T = TypeVar("T")


class Undone(Enum):
    """NOTHING: there was nothing to do. TAKEN: another file has its old name."""

    DONE = "done"
    NOTHING = "nothing"
    CHANGED = "changed"
    TAKEN = "taken"
    REFUSED = "refused"


class UndoTally(Generic[T]):
    """Counts, and remembers what is left to do."""

    def __init__(self) -> None:
        self.counts: Counter[Undone] = Counter()
        self.left: list[T] = []
        """Files that may be taken back another time."""
        self._reason = ""

    def add(self, file: T, undo: Callable[[], Undone]) -> None:
        """Take one file back; one that is refused does not keep the others."""
        try:
            outcome = undo()
        except OSError as error:
            self._reason, outcome = reason_of(error), Undone.REFUSED
        except MachineError as error:
            self._reason, outcome = error.what, Undone.REFUSED
        self.counts[outcome] += 1
        if outcome in (Undone.TAKEN, Undone.REFUSED):
            self.left.append(file)

    def notice(self, done: str) -> NoticeGiven:
        """Return what to say; `done` tells how many were taken back."""
        said = (done, self._changed(), self._taken(), self._refused())
        level = NoticeLevel.WARNING if self.left else NoticeLevel.INFO
        return NoticeGiven(level=level, message=" ".join(filter(None, said)))

    def _changed(self) -> str:
        if not (count := self.counts[Undone.CHANGED]):
            return ""
        return counted(
            count,
            "{count:,} was changed since, so it stays.",
            "{count:,} were changed since, so they stay.",
        )

    def _taken(self) -> str:
        if not (count := self.counts[Undone.TAKEN]):
            return ""
        return counted(
            count,
            "{count:,} stays, since another file has its old name; it can be tried again.",
            "{count:,} stay, since other files have their old names; it can be tried again.",
        )

    def _refused(self) -> str:
        if not (count := self.counts[Undone.REFUSED]):
            return ""
        return counted(
            count,
            "{count:,} was refused ({reason}); it can be tried again.",
            "{count:,} were refused ({reason}); it can be tried again.",
            reason=self._reason,
        )
